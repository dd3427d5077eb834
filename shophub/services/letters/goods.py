"""Letters about goods: to the staff what runs low, to shoppers what can be had again or still lies in their cart."""

from urllib.parse import urlencode
from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import NotFoundError
from shophub.lib.money import format_money
from shophub.repositories import abandoned_carts, carts, low_stock, stock_alerts
from shophub.repositories.stock_alerts import AlertRow
from shophub.schemas.stores import StoreView
from shophub.services import subscriptions
from shophub.services.emails.rendering import absolute, render_email
from shophub.services.letters.parts import Letter, first_name, lines_of
from shophub.services.subscriptions import Subscription
from shophub.services.views.carts import counts, line_view, options_text, thumbnail
from shophub.services.views.orders import DEFAULT_COLOUR

LISTED = 50


async def low_stock_digest(
    session: AsyncSession, store: StoreView, digest_id: UUID, recipient_id: UUID | None
) -> Letter | None:
    """Tell somebody of the staff what runs low; needless for one who does not work here any more."""
    items = await low_stock.find_digest(session, digest_id)
    if items is None or recipient_id is None:
        raise NotFoundError("There is no such digest.")
    staff = await low_stock.list_staff(session, recipient_id)
    if not staff:
        return None
    count = len(items)
    email = render_email(
        "low_stock",
        subject=f"Low stock: {items[0]['name']}" if count == 1 else f"Low stock: {count} items",
        store=store,
        preview=", ".join(item["name"] for item in items[:3]),
        threshold=store.low_stock_threshold,
        items=[
            {
                "name": item["name"],
                "details": " · ".join(part for part in (options_text(item["options"]), item["sku"]) if part),
                "left_text": f"{item['stock']} left" if item["stock"] else "Sold out",
                "url": absolute(f"/products/{item['slug']}"),
            }
            for item in items[:LISTED]
        ],
        more=max(0, count - LISTED),
    )
    return Letter(staff[0].email, email)


async def back_in_stock(session: AsyncSession, store: StoreView, alert_id: UUID) -> Letter | None:
    """Say that something can be had again; needless where it has left the shop or its reader wants no such word."""
    alert = await stock_alerts.find(session, alert_id)
    if alert is None:
        raise NotFoundError("There is no such alert.")
    if not alert.is_wanted:
        return None
    image = thumbnail(alert.image_public_id, alert.image_alt, alert.image_colour or DEFAULT_COLOUR)
    unsubscribe_url = subscriptions.link(Subscription.STOCK, alert_id)
    email = render_email(
        "back_in_stock",
        subject=f"Back in stock: {alert.name}",
        store=store,
        preview="It was sold out, and can be had again.",
        name=alert.name,
        options_text=options_text(alert.options),
        price_text=format_money(alert.price_minor, store.currency),
        image_url=absolute(image.url) if image.url else "",
        image_colour=image.colour,
        url=absolute(_variant_path(alert)),
        is_wish=alert.is_wish,
        unsubscribe_url=unsubscribe_url,
    )
    return Letter(alert.email, email, subscriptions.headers(unsubscribe_url))


def _variant_path(alert: AlertRow) -> str:
    query = urlencode({name.lower(): value for name, value in alert.options.items()})
    return f"/products/{alert.slug}" + (f"?{query}" if query else "")


async def abandoned_cart(session: AsyncSession, store: StoreView, cart_id: UUID) -> Letter | None:
    """Remind of a cart; needless once it was bought, changed, or nothing in it can be had."""
    cart = await abandoned_carts.find(session, cart_id)
    if cart is None:
        return None
    rows = [row for row in await carts.list_lines(session, cart_id) if counts(row)]
    if not rows:
        return None
    unsubscribe_url = subscriptions.link(Subscription.CARTS, cart.user_id)
    email = render_email(
        "abandoned_cart",
        subject=f"You left something in your cart at {store.name}",
        store=store,
        preview="It is still there.",
        first_name=first_name(cart.full_name),
        lines=lines_of(line_view(row, store.currency) for row in rows),
        url=absolute("/cart"),
        unsubscribe_url=unsubscribe_url,
    )
    return Letter(cart.email, email, subscriptions.headers(unsubscribe_url), edition=cart.content)
