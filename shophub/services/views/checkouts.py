"""How a checkout is shown."""

from collections.abc import Sequence

from shophub.domain import addresses
from shophub.domain.revisions import Revision, RevisionLine
from shophub.lib.clock import utc_now
from shophub.lib.money import format_money
from shophub.repositories.address_book import AddressRow
from shophub.repositories.checkouts import CheckoutRow
from shophub.schemas.carts import CartLineView
from shophub.schemas.checkouts import AddressView, PaymentView, QuoteView, SavedAddressView
from shophub.services.views.carts import options_text, thumbnail
from shophub.services.views.quotes import coupon_effect, quote_view
from shophub.settings import Settings


def payment_view(checkout: CheckoutRow, revision: Revision, settings: Settings) -> PaymentView:
    """Return what the Payment Element needs."""
    return PaymentView(
        checkout_id=str(checkout.id),
        client_secret=checkout.stripe_client_secret or "",
        publishable_key=settings.stripe_publishable_key,
        script_url=settings.stripe_js_url,
        amount_minor=revision.sums.total_minor,
        amount_text=format_money(revision.sums.total_minor, revision.currency),
        currency=revision.currency,
        expires_at_iso=checkout.expires_at.isoformat(),
        held_seconds=max(0, int((checkout.expires_at - utc_now()).total_seconds())),
    )


def country_choices(codes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return countries with their names, as a form offers them: the United States, then by name."""
    pairs = ((code, addresses.country_name(code)) for code in codes)
    return tuple(sorted(pairs, key=lambda pair: (pair[0] != "US", pair[1])))


def revision_quote_view(revision: Revision) -> QuoteView:
    """Return the sums of a revision, ready to print."""
    sums = revision.sums
    return quote_view(
        sums,
        revision.currency,
        revision.coupon_code,
        tax_rate_ppm=sums.tax_rate_ppm,
        shipping_reasons=sums.shipping_reasons,
    )


def revision_line_view(line: RevisionLine, currency: str) -> CartLineView:
    """Return a line of a revision as the summary shows it."""
    total_minor = line.quantity * line.price_minor
    return CartLineView(
        id=str(line.variant_id),
        variant_id=str(line.variant_id),
        product_id=str(line.product_id),
        product_slug=line.slug,
        url=f"/products/{line.slug}",
        name=line.name,
        options_text=options_text(line.options),
        image=thumbnail(line.image_public_id, line.image_alt, line.image_colour),
        quantity=line.quantity,
        price_minor=line.price_minor,
        total_minor=total_minor,
        price_text=format_money(line.price_minor, currency),
        total_text=format_money(total_minor, currency),
        coupon_effect=coupon_effect(line.reasons, currency),
    )


def address_view(kept: dict[str, str]) -> AddressView:
    """Return a kept address, also line by line as on a parcel."""
    name = addresses.country_name(kept.get("country", ""))
    place = ", ".join(part for part in (kept.get("city", ""), kept.get("state", "")) if part)
    lines = (
        kept.get("full_name", ""),
        kept.get("address", ""),
        kept.get("address2", ""),
        f"{place} {kept.get('zip_code', '')}".strip(),
        name,
    )
    return AddressView(
        full_name=kept.get("full_name", ""),
        address=kept.get("address", ""),
        address2=kept.get("address2", ""),
        city=kept.get("city", ""),
        state=kept.get("state", ""),
        zip_code=kept.get("zip_code", ""),
        country=kept.get("country", ""),
        country_name=name,
        phone=kept.get("phone", ""),
        lines=tuple(line for line in lines if line),
    )


def saved_address_view(row: AddressRow) -> SavedAddressView:
    """Return an entry of an address book as its page and the checkout show it."""
    view = address_view(row.kept)
    return SavedAddressView(
        id=str(row.id),
        label=row.label,
        title=row.label or row.city,
        is_default=row.is_default,
        address=view,
        text=", ".join(view.lines[:-1]),
    )
