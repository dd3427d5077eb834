"""Checkouts, read side: the page before payment, and where a payment stands."""

from dataclasses import replace
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.statuses import CheckoutStatus
from shophub.errors import CheckoutExpiredError, CheckoutNotFoundError
from shophub.lib.clock import utc_now
from shophub.lib.ids import token_hash
from shophub.lib.money import format_money
from shophub.repositories import address_book, carts, checkouts, order_placing, orders, stores
from shophub.repositories.checkouts import CheckoutRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.schemas.checkouts import AddressView, CheckoutPageView, CheckoutStatusView
from shophub.services.carts import PricedCart, price_cart
from shophub.services.drafting import agreement_of
from shophub.services.views.carts import cart_quote_view, cart_view, line_notice
from shophub.services.views.checkouts import (
    address_view,
    country_choices,
    revision_line_view,
    revision_quote_view,
    saved_address_view,
)
from shophub.services.views.products import delivery_text
from shophub.settings import get_settings


def owner_of(visitor: Visitor) -> CartOwner:
    """Return whose cart this visitor sees."""
    return CartOwner(user_id=visitor.user.id) if visitor.user else CartOwner(guest_token=visitor.guest_token)


def renewed_end(checkout: CheckoutRow) -> datetime:
    """Return until when activity now keeps a checkout: another lifetime, but not beyond the longest one."""
    settings = get_settings()
    return min(utc_now() + settings.checkout_lifetime, checkout.opened_at + settings.checkout_lifetime_max)


async def find_own_checkout(
    session: AsyncSession, visitor: Visitor, checkout_id: UUID, client_secret: str = ""
) -> CheckoutRow:
    """Return the visitor's checkout, or that of the client secret: Stripe lets who has it pay, so it is theirs.

    Raises:
        CheckoutNotFoundError: None with that id is theirs.
    """
    guest = token_hash(visitor.guest_token) if visitor.guest_token else None
    user_id = visitor.user.id if visitor.user else None
    checkout = await checkouts.find_own(session, checkout_id, user_id, guest)
    if checkout is None and client_secret:
        checkout = await checkouts.find(session, checkout_id)
        kept = checkout.stripe_client_secret if checkout else None
        if kept is None or not compare_digest(kept.encode(), client_secret.encode()):
            checkout = None
    if checkout is None:
        raise CheckoutNotFoundError("We do not know this checkout.")
    return checkout


async def renew(session: AsyncSession, visitor: Visitor, checkout_id: UUID) -> datetime:
    """Hold the goods of a checkout that somebody is still busy with for longer, and return until when.

    Raises:
        CheckoutNotFoundError: None with that id is the visitor's.
        CheckoutExpiredError: Its time is over already.
    """
    await find_own_checkout(session, visitor, checkout_id)
    checkout = await checkouts.find_for_update(session, checkout_id)
    if checkout is None or not checkout.is_live or checkout.expires_at <= utc_now():
        raise CheckoutExpiredError("We could hold your items no longer.")
    until = max(renewed_end(checkout), checkout.expires_at)
    await checkouts.extend(session, checkout.id, until)
    return until


async def get_status(
    session: AsyncSession, checkout_id: UUID, visitor: Visitor, client_secret: str = ""
) -> CheckoutStatusView:
    """Return where a checkout stands, for its owner; programs may own it by its client secret.

    Raises:
        CheckoutNotFoundError: None with that id is theirs.
    """
    checkout = await find_own_checkout(session, visitor, checkout_id, client_secret)
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
    countries = country_choices(store.ship_to_countries)
    cart = await carts.find_cart(session, owner_of(visitor))
    email = visitor.user.email if visitor.user else ""
    page = CheckoutPageView(
        email=email,
        is_signed_in=visitor.user is not None,
        guest_allowed=store.guest_checkout_enabled,
        countries=countries,
        delivery_text=delivery_text(utc_now(), "US"),
    )
    if cart is None:
        return page
    processing = await checkouts.find_processing_of_cart(session, cart.id)
    priced = await price_cart(session, cart)
    shown = cart_view(str(cart.id), priced.lines, priced.quote)
    saved = await address_book.list_addresses(session, visitor.user.id) if visitor.user else []
    return CheckoutPageView(
        lines=shown.lines,
        quote=cart_quote_view(priced.quote),
        agreement=agreement_of(priced),
        email=page.email,
        is_signed_in=page.is_signed_in,
        guest_allowed=page.guest_allowed,
        countries=page.countries,
        address=await _first_address(session, visitor, has_saved=bool(saved)),
        saved_addresses=tuple(saved_address_view(row) for row in saved),
        delivery_text=page.delivery_text,
        notices=_notices(priced),
        is_empty=not shown.lines,
        processing_id=str(processing or ""),
    )


async def _first_address(session: AsyncSession, visitor: Visitor, *, has_saved: bool) -> AddressView:
    """Return what the form of a new address begins with: the name, or where the last order went to."""
    if visitor.user is None:
        return AddressView()
    last = None if has_saved else await orders.find_last_address(session, visitor.user.id)
    return address_view(last or {"full_name": visitor.user.full_name})


def _notices(priced: PricedCart) -> tuple[str, ...]:
    currency = priced.quote.currency
    found = [
        f"{line.name}: {line_notice(line, currency)}"
        for line in priced.lines
        if not line.is_saved and line_notice(line, currency)
    ]
    return (*found, priced.dropped) if priced.dropped else tuple(found)
