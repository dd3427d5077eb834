"""Checkouts, read side: the page before payment, and where a payment stands."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain import addresses
from shophub.domain.statuses import CheckoutStatus
from shophub.errors import CheckoutNotFoundError
from shophub.lib.clock import utc_now
from shophub.lib.ids import token_hash
from shophub.lib.money import format_money
from shophub.repositories import address_book, carts, checkouts, order_placing, stores
from shophub.repositories.checkouts import CheckoutRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.schemas.checkouts import CheckoutPageView, CheckoutStatusView
from shophub.services.carts import PricedCart, price_cart
from shophub.services.drafting import agreement_of
from shophub.services.views.carts import cart_quote_view, cart_view, line_notice
from shophub.services.views.checkouts import address_view, revision_line_view, revision_quote_view
from shophub.services.views.products import delivery_text
from shophub.settings import get_settings


def owner_of(visitor: Visitor) -> CartOwner:
    """Return whose cart this visitor sees."""
    return CartOwner(user_id=visitor.user.id) if visitor.user else CartOwner(guest_token=visitor.guest_token)


def renewed_end(checkout: CheckoutRow) -> datetime:
    """Return until when activity now keeps a checkout: another lifetime, but not beyond the longest one."""
    settings = get_settings()
    return min(utc_now() + settings.checkout_lifetime, checkout.opened_at + settings.checkout_lifetime_max)


async def find_own_checkout(session: AsyncSession, visitor: Visitor, checkout_id: UUID) -> CheckoutRow:
    """Return the visitor's checkout.

    Raises:
        CheckoutNotFoundError: None with that id is theirs.
    """
    guest = token_hash(visitor.guest_token) if visitor.guest_token else None
    user_id = visitor.user.id if visitor.user else None
    checkout = await checkouts.find_own(session, checkout_id, user_id, guest)
    if checkout is None:
        raise CheckoutNotFoundError("We do not know this checkout.")
    return checkout


async def get_status(session: AsyncSession, checkout_id: UUID, visitor: Visitor) -> CheckoutStatusView:
    """Return where a checkout stands, for its owner.

    Raises:
        CheckoutNotFoundError: None with that id is theirs.
    """
    checkout = await find_own_checkout(session, visitor, checkout_id)
    revision = await checkouts.find_revision(session, checkout.id, checkout.revision)
    order = None
    if checkout.status == CheckoutStatus.COMPLETED:
        order = await order_placing.find_of_checkout(session, checkout.id)
    status = CheckoutStatusView(
        id=str(checkout.id),
        status=checkout.status,
        order_number=f"SH-{order.number}" if order else "",
        currency=checkout.currency,
        expires_at_iso=checkout.expires_at.isoformat(),
        email=checkout.email,
        is_guest=checkout.user_id is None,
    )
    if revision is None:
        return status
    total = revision.sums.total_minor
    return replace(
        status,
        amount_minor=total,
        amount_text=format_money(total, checkout.currency),
        lines=tuple(revision_line_view(line, revision.currency) for line in revision.lines),
        quote=revision_quote_view(revision),
        address=address_view(revision.shipping_address),
        delivery_text=delivery_text(utc_now(), revision.shipping_address.get("country", "")),
    )


async def get_checkout_page(session: AsyncSession, visitor: Visitor) -> CheckoutPageView:
    """Return what the checkout page shows before payment."""
    store = await stores.get_store(session)
    countries = tuple((code, addresses.country_name(code)) for code in store.ship_to_countries)
    cart = await carts.find_cart(session, owner_of(visitor))
    email = visitor.user.email if visitor.user else ""
    page = CheckoutPageView(
        email=email,
        is_signed_in=visitor.user is not None,
        guest_allowed=store.guest_checkout_enabled,
        countries=tuple(sorted(countries, key=lambda pair: (pair[0] != "US", pair[1]))),
        delivery_text=delivery_text(utc_now(), "US"),
    )
    if cart is None:
        return page
    processing = await checkouts.find_processing_of_cart(session, cart.id)
    priced = await price_cart(session, cart)
    shown = cart_view(str(cart.id), priced.lines, priced.quote)
    saved = await address_book.list_addresses(session, visitor.user.id) if visitor.user else []
    views = tuple(address_view(address) for address in saved)
    return CheckoutPageView(
        lines=shown.lines,
        quote=cart_quote_view(priced.quote),
        agreement=agreement_of(priced),
        email=page.email,
        is_signed_in=page.is_signed_in,
        guest_allowed=page.guest_allowed,
        countries=page.countries,
        address=views[0] if views else address_view({"full_name": visitor.user.full_name if visitor.user else ""}),
        saved_addresses=views,
        delivery_text=page.delivery_text,
        notices=_notices(priced),
        is_empty=not shown.lines,
        processing_id=str(processing or ""),
    )


def _notices(priced: PricedCart) -> tuple[str, ...]:
    currency = priced.quote.currency
    found = [
        f"{line.name}: {line_notice(line, currency)}"
        for line in priced.lines
        if not line.is_saved and line_notice(line, currency)
    ]
    return (*found, priced.dropped) if priced.dropped else tuple(found)
