"""A shop in which every text that somebody could have written holds markup."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import CheckoutStatus, OrderStatus, RefundStatus, Role
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id, new_token, token_hash
from shophub.models.accounts import EmailToken, Invite
from shophub.models.catalog import Variant
from shophub.models.community import Review, StockAlert
from shophub.models.operations import Digest, InformationText
from shophub.models.orders import Order, OrderNote, Shipment
from shophub.repositories import abandoned_carts
from shophub.services.emails.outbox import EmailKind
from tests.factories import (
    make_address,
    make_cart,
    make_category,
    make_coupon,
    make_image,
    make_order,
    make_product,
    make_user,
    variants_of,
)
from tests.jobs.test_order_letters import failed_checkout, refund

EVIL = "\"><img src=x onerror=hacked=1>'<script>hacked=1</script>{{7*7}}"
# What people write, by table; a mapping or list holds texts at any depth. Countries and the like keep their own words.
WRITTEN: dict[str, tuple[str, ...]] = {
    "addresses": ("label", "full_name", "address", "address2", "city", "state", "phone"),
    "alerts": ("message",),
    "categories": ("name", "description", "image_alt"),
    "checkout_revisions": ("lines", "shipping_address", "note"),
    "coupons": ("description",),
    "digests": ("items",),
    "images": ("alt",),
    "information_texts": ("body",),
    "long_jobs": ("title", "samples"),
    "order_events": ("note",),
    "order_lines": ("name", "options"),
    "order_notes": ("body",),
    "orders": ("shipping_address", "note", "review_reason"),
    "product_imports": ("file_name", "header", "samples"),
    "product_options": ("name", "values"),
    "products": ("name", "description", "brand", "tags"),
    "refunds": ("reason", "failure_reason"),
    "reviews": ("author_name", "comment", "hidden_reason"),
    "saved_views": ("name",),
    "searches": ("query",),
    "sessions": ("user_agent",),
    "shipments": ("carrier", "tracking_number"),
    "store_settings": ("store_name", "store_phone", "store_address", "maintenance_message", "synonyms", "pages"),
    "users": ("full_name",),
    "variants": ("option_values",),
}
# Which hold texts of the shop's own, checked forms of others (slugs, e-mail addresses), or what nobody is shown.
OWN = {
    "addresses": {"type", "zip_code", "country"},
    "alerts": {"kind", "subject"},
    "audit_log": {"action", "target_type", "target_id", "before", "after", "network_address", "previous_hash", "hash"},
    "carts": {"guest_token_hash", "reminded_of"},
    "categories": {"slug", "image_public_id", "image_colour"},
    "checkout_revisions": {"currency", "quote", "coupon_code", "email"},
    "checkouts": {"guest_token_hash", "email", "email_key", "status", "currency", "stripe_payment_intent_id",
                  "stripe_client_secret", "network_address"},
    "coupon_redemptions": {"code", "email_key", "state"},
    "coupons": {"code", "discount_type"},
    "digests": {"kind"},
    "disputes": {"stripe_dispute_id", "currency", "status", "reason"},
    "email_tokens": {"purpose", "token_hash", "new_email", "former_email"},
    "idempotency_keys": {"scope", "key", "request_hash", "answer"},
    "images": {"public_id", "colour"},
    "information_texts": {"page"},
    "invariant_checks": {"name", "sample"},
    "invites": {"email", "role", "token_hash"},
    "listing_counts": {"facet", "value"},
    "long_job_parts": {"role"},
    "long_jobs": {"kind", "permission", "network_address", "result_name", "parameters", "state", "counts", "error"},
    "loose_pictures": {"public_id"},
    "marks": {"name"},
    "order_events": {"type", "data"},
    "order_lines": {"sku", "image_public_id"},
    "orders": {"email", "email_key", "status", "payment_status", "currency", "coupon_code"},
    "payments": {"stripe_payment_intent_id", "stripe_charge_id", "currency"},
    "product_imports": {"delimiter", "mapping"},
    "product_views": {"guest_token_hash"},
    "products": {"slug", "status"},
    "provider_events": {"provider", "event_id", "type", "object_id", "status", "message", "payload"},
    "recovery_codes": {"code_hash"},
    "refunds": {"currency", "status", "stripe_refund_id", "source"},
    "reservations": {"state"},
    "saved_views": {"table_name", "parameters"},
    "sales_coupons": {"currency", "code"},
    "sales_days": {"currency", "status"},
    "sales_products": {"currency"},
    "search_words": {"word"},
    "second_factors": {"secret_encrypted"},
    "sessions": {"network_address"},
    "shipments": {"tracking_url"},
    "slug_redirects": {"slug"},
    "category_slug_redirects": {"slug"},
    "stock_alerts": {"email", "email_key"},
    "stock_ledger": {"reason", "reference"},
    "store_settings": {"store_email", "logo_public_id", "currency", "ship_to_countries"},
    "users": {"email", "password_hash", "role"},
    "variants": {"sku"},
    "visits": {"visitor_hash"},
    "guest_wishes": {"guest_token_hash"},
    "wishlists": {"share_token"},
}  # fmt: skip
KEPT_KEYS = {"country", "sku", "slug", "colour", "public_id", "image_public_id", "image_colour", "variant_id",
             "product_id", "zip_code", "phone"}  # fmt: skip


def poisoned(value: Any, evil: str = EVIL) -> Any:
    """Return a value with every text in it turned evil, names of fields apart."""
    if isinstance(value, str):
        return f"{value} {evil}" if value else evil
    if isinstance(value, Mapping):
        return {key: inner if key in KEPT_KEYS else poisoned(inner, evil) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [poisoned(inner, evil) for inner in value]
    return value


async def poison(session: AsyncSession, evil: str = EVIL) -> None:
    """Turn what people wrote evil, in every row there is; the guards of what never changes look away."""
    await session.execute(text("SET LOCAL session_replication_role = replica"))
    for table, columns in WRITTEN.items():
        kinds = {
            name: kind
            for name, kind in await session.execute(
                text("SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = :table"),
                {"table": table},
            )
        }
        for column in columns:
            rows = (await session.execute(text(f"SELECT ctid::text, {column} FROM {table}"))).all()
            as_json = kinds[column] in {"json", "jsonb"}
            cast = f"CAST(:value AS {'text[]' if kinds[column] == '_text' else kinds[column].lstrip('_')})"
            for place, value in rows:
                new = poisoned(value, evil)
                await session.execute(
                    text(f"UPDATE {table} SET {column} = {cast} WHERE ctid = CAST(:place AS tid)"),
                    {"place": place, "value": json.dumps(new) if as_json else new},
                )


Letters = dict[EmailKind, tuple[UUID, UUID | None]]


@dataclass(frozen=True)
class World:
    """What there is in the poisoned shop."""

    slug: str
    category: str
    order: str
    order_id: UUID
    customer_id: UUID
    staff_id: UUID
    letters: Letters


async def make_world(evil: str = EVIL) -> World:
    """Fill a shop with one of everything that shows a text, and poison it; with nothing to poison it with, leave it."""
    now = utc_now()
    async with transaction() as session:
        customer = await make_user(session, email="customer@shop.example")
        staff = await make_user(session, email="staff@shop.example", role=Role.SUPER_ADMIN)
        category = await make_category(session, name="Lamps", slug="lamps")
        product = await make_product(session, name="Lamp", slug="lamp", category=category, options={"Size": ["S", "M"]},
                                     brand="Nordlys", tags=["light"], stock=3)  # fmt: skip
        variants = await variants_of(session, product)
        await make_image(session, product, public_id="tests/lamp", alt="A lamp")
        await make_product(session, name="Mug", slug="mug", category=category)
        await make_address(session, customer, is_default=True)
        await make_coupon(session, code="EVIL10")
        await make_cart(session, user=customer, lines=[(variants[0], 1)])
        session.add(InformationText(page="terms", body="Pay first."))
        session.add(Review(product_id=product.id, user_id=customer.id, author_name="Ada S.", rating=4, comment="Good"))
        order = await make_order(session, user=customer, variants=[variants[1]], status=OrderStatus.DELIVERED)
        order.note = "Ring twice"
        session.add(order)
        letters = await _about_accounts(session, customer.id, now)
        letters |= await _about_orders(session, order, staff.id, now)
        letters |= await _about_goods(session, variants[0], staff.id, now)
        letters |= {kind: (order.id, None) for kind in EmailKind if kind not in letters}
        world = World("lamp", "lamps", f"SH-{order.number}", order.id, customer.id, staff.id, letters)
    if evil:
        async with transaction() as session:
            await poison(session, evil)
    async with transaction() as session:
        claimed = await abandoned_carts.claim(session, since=now - timedelta(days=1), until=now, limit=9)
        assert claimed == [letters[EmailKind.ABANDONED_CART][0]]
    return world


async def _about_accounts(session: AsyncSession, user_id: UUID, now: datetime) -> Letters:
    later = now + timedelta(hours=1)

    def token(purpose: str, **values: object) -> EmailToken:
        return EmailToken(
            user_id=user_id, purpose=purpose, token_hash=token_hash(new_token()), expires_at=later, **values
        )  # fmt: skip

    tokens = {
        EmailKind.VERIFY_EMAIL: token("verify_email"),
        EmailKind.RESET_PASSWORD: token("reset_password"),
        EmailKind.CHANGE_EMAIL: token("change_email", new_email="new@shop.example"),
        EmailKind.EMAIL_CHANGED: token(
            "change_email", new_email="customer@shop.example", former_email="old@shop.example", used_at=now
        ),
        EmailKind.INVITE: Invite(
            email="new@shop.example", role="ADMIN", token_hash=token_hash(new_token()), expires_at=later
        ),
    }  # fmt: skip
    session.add_all(tokens.values())
    gone = await make_user(session, email="gone@shop.example", is_active=False)
    told = (EmailKind.PASSWORD_CHANGED, EmailKind.SECOND_FACTOR_CHANGED, EmailKind.REACTIVATED)
    return {
        **{kind: (row.id, None) for kind, row in tokens.items()},
        **{kind: (new_id(), user_id) for kind in told},
        EmailKind.DEACTIVATED: (new_id(), gone.id),
    }


async def _about_orders(session: AsyncSession, order: Order, staff_id: UUID, now: datetime) -> Letters:
    parcel = {"carrier": "Parcelway", "tracking_number": "PW1", "shipped_at": now, "delivered_at": now}
    session.add(Shipment(order_id=order.id, **parcel))
    session.add(OrderNote(order_id=order.id, author_id=staff_id, body="A note"))
    refunded = await refund(session, order, 500, status=RefundStatus.SUCCEEDED)
    refunded.reason = "Scratched"
    session.add(refunded)
    checkout_id = await failed_checkout(session, "fails@shop.example", CheckoutStatus.OPEN)
    return {EmailKind.ORDER_REFUNDED: (refunded.id, None), EmailKind.PAYMENT_FAILED: (checkout_id, None)}


async def _about_goods(session: AsyncSession, variant: Variant, staff_id: UUID, now: datetime) -> Letters:
    leaver = await make_user(session, email="leaver@shop.example")
    leaver.accepts_marketing = True
    cart = await make_cart(session, user=leaver, lines=[(variant, 1)])
    email = "asks@shop.example"
    alert = StockAlert(variant_id=variant.id, email=email, email_key=email, notified_at=now)
    low = {"name": "Lamp", "slug": "lamp", "sku": "LAMP-S", "options": {"Size": "S"}, "stock": 3}
    digest = Digest(kind="low_stock", items=[low])
    session.add_all([leaver, alert, digest])
    await session.flush()
    aged = text("UPDATE cart_lines SET created_at = :at, updated_at = :at")
    await session.execute(aged, {"at": now - timedelta(hours=5)})
    return {
        EmailKind.LOW_STOCK: (digest.id, staff_id),
        EmailKind.BACK_IN_STOCK: (alert.id, None),
        EmailKind.ABANDONED_CART: (cart.id, None),
    }
