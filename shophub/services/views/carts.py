"""How a cart is shown: texts from rows and a quote."""

from collections.abc import Sequence
from functools import lru_cache

from shophub.domain.pricing import PriceLine, Quote
from shophub.domain.reasons import Reason, ReasonCode
from shophub.integrations.cloudinary import image_srcset, image_url
from shophub.lib.money import format_money
from shophub.repositories.carts import MAX_QUANTITY, LineRow
from shophub.schemas.carts import CartLineView, CartView
from shophub.schemas.catalog import ImageView
from shophub.schemas.checkouts import QuoteView
from shophub.services.views.quotes import coupon_effect, quote_view

THUMBNAIL_WIDTHS = (160, 320)


@lru_cache(maxsize=4096)
def thumbnail(public_id: str | None, alt: str, colour: str) -> ImageView:
    """Return the small picture of a line."""
    if public_id is None:
        return ImageView(alt=alt, width=160, height=200, colour=colour)
    return ImageView(
        url=image_url(public_id, width=160, height=200),
        srcset=image_srcset(public_id, THUMBNAIL_WIDTHS),
        alt=alt,
        width=160,
        height=200,
        colour=colour,
    )


def price_lines(rows: Sequence[LineRow]) -> list[PriceLine]:
    """Return what the quote prices: the lines that are neither saved for later nor gone."""
    return [
        PriceLine(key=str(row.id), quantity=row.quantity, unit_minor=row.price_minor, category_ids=row.category_ids)
        for row in rows
        if counts(row)
    ]


def counts(row: LineRow) -> bool:
    """Return whether a line counts towards the total."""
    return not row.is_saved and row.is_on_sale and row.available > 0


def options_text(options: dict[str, str]) -> str:
    """Return the chosen options as shoppers read them: ``Colour: Sand · Size: M``."""
    return " · ".join(f"{name}: {value}" for name, value in options.items())


def line_notice(row: LineRow, currency: str) -> str:
    """Return what changed since the line was added, or nothing."""
    if not row.is_on_sale:
        return "No longer on sale."
    if row.available == 0:
        return "Sold out."
    notices = []
    if not row.is_saved and row.quantity > row.available:
        notices.append(f"Only {row.available} left. Lower the quantity to check out.")
    if row.price_minor != row.added_price_minor:
        before, after = format_money(row.added_price_minor, currency), format_money(row.price_minor, currency)
        notices.append(f"Price changed from {before} to {after}.")
    return " ".join(notices)


def line_view(row: LineRow, currency: str, reasons: Sequence[Reason] = ()) -> CartLineView:
    """Return a line as the cart shows it; ``reasons`` are those of the quote."""
    total_minor = row.quantity * row.price_minor
    return CartLineView(
        id=str(row.id),
        variant_id=str(row.variant_id),
        product_id=str(row.product_id),
        product_slug=row.slug,
        url=f"/products/{row.slug}",
        name=row.name,
        options_text=options_text(row.options),
        options=row.options,
        image=thumbnail(row.image_public_id, row.image_alt, row.image_colour),
        quantity=row.quantity,
        max_quantity=min(MAX_QUANTITY, row.available),
        available=row.available,
        price_minor=row.price_minor,
        total_minor=total_minor,
        price_text=format_money(row.price_minor, currency),
        total_text=format_money(total_minor, currency),
        notice=line_notice(row, currency),
        coupon_effect=coupon_effect(reasons, currency),
        is_available=row.is_on_sale and row.available > 0,
    )


def cart_view(cart_id: str, rows: Sequence[LineRow], quote: Quote, notices: tuple[str, ...] = ()) -> CartView:
    """Return the whole cart. It can be checked out when every line that is not saved can be had as it stands."""
    active = [row for row in rows if not row.is_saved]
    currency = quote.currency
    goes_through = bool(active) and all(row.is_on_sale and row.quantity <= row.available for row in active)
    missing = quote.free_shipping_missing_minor
    reached = quote.subtotal_minor - quote.discount_minor
    reasons = {line.key: line.reasons for line in quote.lines}
    sums = cart_quote_view(quote)
    return CartView(
        id=cart_id,
        lines=tuple(line_view(row, currency, reasons.get(str(row.id), ())) for row in active),
        saved=tuple(line_view(row, currency) for row in rows if row.is_saved),
        count=sum(row.quantity for row in active),
        currency=currency,
        coupon_code=sums.coupon_code,
        coupon_text=_coupon_text(quote),
        subtotal_minor=quote.subtotal_minor,
        discount_minor=quote.discount_minor,
        shipping_minor=quote.shipping_minor,
        tax_minor=quote.tax_minor,
        total_minor=quote.total_minor,
        subtotal_text=sums.subtotal_text,
        discount_text=sums.discount_text,
        shipping_text=sums.shipping_text if quote.lines else "",
        shipping_reason=sums.shipping_reason,
        tax_text=sums.tax_text,
        tax_label=sums.tax_label,
        total_text=sums.total_text,
        free_shipping_text="" if missing is None else f"{format_money(missing, currency)} to go for free delivery",
        free_shipping_percent=100 if missing is None else reached * 100 // (reached + missing),
        notices=notices,
        can_check_out=goes_through,
    )


def cart_quote_view(quote: Quote) -> QuoteView:
    """Return the sums of a quote, ready to print."""
    return quote_view(
        quote,
        quote.currency,
        quote.coupon_code,
        tax_rate_ppm=quote.tax_rate_ppm,
        shipping_reasons=quote.shipping_reasons,
    )


def _coupon_text(quote: Quote) -> str:
    if quote.discount_minor:
        return f"You save {format_money(quote.discount_minor, quote.currency)}"
    frees_delivery = any(reason.code is ReasonCode.SHIPPING_FREE_COUPON for reason in quote.shipping_reasons)
    return "Free delivery" if frees_delivery else ""
