"""Everything that the shop keeps about one customer, as a document for that customer."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession

# One statement, so that the document shows one moment. Amounts are minor units of the currency beside them.
_EXPORT = text("""
SELECT jsonb_build_object(
  'account', jsonb_build_object(
    'id', u.id, 'email', u.email, 'fullName', u.full_name, 'role', u.role,
    'emailVerifiedAt', u.email_verified_at, 'acceptsMarketing', u.accepts_marketing,
    'acceptsStockMails', u.accepts_stock_mails, 'lastSignInAt', u.last_sign_in_at, 'createdAt', u.created_at,
    'twoFactorSince', (SELECT f.confirmed_at FROM second_factors f WHERE f.user_id = u.id)),
  'addresses', (SELECT coalesce(jsonb_agg(jsonb_build_object(
    'type', a.type, 'label', a.label, 'fullName', a.full_name, 'address', a.address, 'address2', a.address2,
    'city', a.city, 'state', a.state, 'zipCode', a.zip_code, 'country', a.country, 'phone', a.phone,
    'isDefault', a.is_default, 'createdAt', a.created_at) ORDER BY a.created_at), '[]')
    FROM addresses a WHERE a.user_id = u.id),
  'orders', (SELECT coalesce(jsonb_agg(jsonb_build_object(
    'number', 'SH-' || o.number, 'status', o.status, 'paymentStatus', o.payment_status, 'placedAt', o.placed_at,
    'email', o.email, 'currency', o.currency, 'subtotal', o.subtotal_minor, 'discount', o.discount_minor,
    'couponCode', o.coupon_code, 'shipping', o.shipping_minor, 'tax', o.tax_minor, 'total', o.total_minor,
    'refunded', o.refunded_minor, 'shippingAddress', o.shipping_address, 'note', o.note,
    'items', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'name', l.name, 'sku', l.sku, 'options', l.options, 'quantity', l.quantity, 'price', l.price_minor,
      'discount', l.discount_minor, 'tax', l.tax_minor, 'total', l.total_minor) ORDER BY l.position), '[]')
      FROM order_lines l WHERE l.order_id = o.id),
    'events', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'type', e.type, 'at', e.created_at, 'note', e.note) ORDER BY e.created_at, e.id), '[]')
      FROM order_events e WHERE e.order_id = o.id AND e.is_public),
    'shipments', (SELECT coalesce(jsonb_agg(jsonb_build_object(
      'carrier', s.carrier, 'trackingNumber', s.tracking_number, 'shippedAt', s.shipped_at,
      'deliveredAt', s.delivered_at) ORDER BY s.shipped_at), '[]')
      FROM shipments s WHERE s.order_id = o.id)) ORDER BY o.placed_at), '[]')
    FROM orders o WHERE o.user_id = u.id),
  'reviews', (SELECT coalesce(jsonb_agg(jsonb_build_object(
    'product', p.name, 'rating', r.rating, 'comment', r.comment, 'author', r.author_name,
    'createdAt', r.created_at) ORDER BY r.created_at), '[]')
    FROM reviews r JOIN products p ON p.id = r.product_id WHERE r.user_id = u.id),
  'wishlist', (SELECT coalesce(jsonb_agg(jsonb_build_object(
    'product', p.name, 'addedAt', i.created_at) ORDER BY i.created_at), '[]')
    FROM wishlists w JOIN wishlist_items i ON i.wishlist_id = w.id JOIN products p ON p.id = i.product_id
    WHERE w.user_id = u.id),
  'viewedProducts', (SELECT coalesce(jsonb_agg(jsonb_build_object(
    'product', p.name, 'viewedAt', w.viewed_at) ORDER BY w.viewed_at), '[]')
    FROM product_views w JOIN products p ON p.id = w.product_id WHERE w.user_id = u.id),
  'cart', (SELECT coalesce(jsonb_agg(jsonb_build_object(
    'product', p.name, 'sku', v.sku, 'quantity', l.quantity, 'savedForLater', l.is_saved,
    'addedAt', l.created_at) ORDER BY l.created_at), '[]')
    FROM carts c JOIN cart_lines l ON l.cart_id = c.id JOIN variants v ON v.id = l.variant_id
    JOIN products p ON p.id = v.product_id WHERE c.user_id = u.id),
  'stockAlerts', (SELECT coalesce(jsonb_agg(jsonb_build_object(
    'product', p.name, 'sku', v.sku, 'email', s.email, 'createdAt', s.created_at, 'notifiedAt', s.notified_at)
    ORDER BY s.created_at), '[]')
    FROM stock_alerts s JOIN variants v ON v.id = s.variant_id JOIN products p ON p.id = v.product_id
    WHERE s.user_id = u.id),
  'sessions', (SELECT coalesce(jsonb_agg(jsonb_build_object(
    'userAgent', s.user_agent, 'networkAddress', s.network_address, 'createdAt', s.created_at,
    'lastSeenAt', s.last_seen_at, 'endedAt', s.revoked_at) ORDER BY s.created_at), '[]')
    FROM sessions s WHERE s.user_id = u.id)
) FROM users u WHERE u.id = :user_id
""")


async def export(session: AsyncSession, user_id: UUID) -> dict[str, Any]:
    """Return all of one account's own data; nothing of anybody else, no hash and no secret."""
    return dict((await session.execute(_EXPORT, {"user_id": user_id})).scalar_one())
