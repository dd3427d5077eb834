"""From a cart to a revision: what the shopper is about to pay for, checked against what they have seen."""

from uuid import UUID

from shophub.domain import addresses
from shophub.domain.currencies import charge_step, chargeable
from shophub.domain.revisions import Revision, RevisionLine, sums_of
from shophub.domain.stripe_minimums import minimum_charge_minor
from shophub.errors import (
    AmountNotChargeableError,
    AmountTooSmallError,
    CheckoutChangedError,
    CurrencyNotChargeableError,
    EmptyCartError,
    GuestCheckoutDisabledError,
    InvalidInputError,
)
from shophub.lib.ids import token_hash
from shophub.lib.money import format_money
from shophub.lib.plain_text import plain_text
from shophub.repositories.stores import StoreRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.checkouts import AddressForm
from shophub.services.carts import PricedCart
from shophub.services.views.carts import line_notice

NOTE_MAX = 500


def check_contact(visitor: Visitor, email: str, store: StoreRow) -> str:
    """Return the address that the order goes by: the account's, or what the guest gave.

    Raises:
        GuestCheckoutDisabledError: The store asks shoppers to sign in.
        InvalidInputError: A guest without a usable address.
    """
    if visitor.user is not None:
        return visitor.user.email
    if not store.guest_checkout_enabled:
        raise GuestCheckoutDisabledError("Please sign in to check out.")
    if not email:
        raise InvalidInputError("Enter your e-mail address.", {"email": "Enter your e-mail address."})
    return email


def check_address(address: AddressForm, store: StoreRow) -> dict[str, str]:
    """Return the address as it is kept.

    Raises:
        InvalidInputError: A country that the store does not ship to, or a postal code that is not of its country.
    """
    country = address.country.upper()
    if country not in store.ship_to_countries:
        name = addresses.country_name(country)
        raise InvalidInputError(f"We do not ship to {name}.", {"country": f"We do not ship to {name}."})
    problem = addresses.postal_code_problem(country, address.zip_code)
    if problem is not None:
        raise InvalidInputError(problem, {"zip_code": problem})
    kept = address.model_dump()
    kept["country"] = country
    return {name: str(value) for name, value in kept.items()}


def draft_revision(
    priced: PricedCart,
    *,
    checkout_id: UUID,
    number: int,
    email: str,
    address: dict[str, str],
    note: str,
    accepted_total_minor: int | None,
    agreement: str | None = None,
) -> Revision:
    """Freeze what was just priced, if it is still what the shopper has seen.

    Args:
        accepted_total_minor: The total that the shopper agreed to; None where they agreed to any.
        agreement: ``agreement_of`` what the shopper was shown; None where they were shown a total only.

    Raises:
        EmptyCartError: Nothing in it.
        CheckoutChangedError: Price, stock or coupon are not what the shopper saw; each change in a sentence.
        AmountTooSmallError, AmountNotChargeableError: Above zero, but not what Stripe takes.
        CurrencyNotChargeableError: The store's currency is none that Stripe takes, or one that it counts otherwise.
    """
    active = [line for line in priced.lines if not line.is_saved]
    if not active:
        raise EmptyCartError("Your cart is empty.")
    _check_unchanged(priced, accepted_total_minor, agreement)
    _check_chargeable(priced.quote.total_minor, priced.quote.currency)
    return Revision(
        checkout_id=checkout_id,
        number=number,
        currency=priced.quote.currency,
        lines=_lines(priced),
        sums=sums_of(priced.quote),
        shipping_address=address,
        coupon_id=UUID(priced.coupon.id) if priced.coupon else None,
        coupon_code=priced.coupon.code if priced.coupon else None,
        email=email,
        note=plain_text(note)[:NOTE_MAX].strip(),
    )


def _check_chargeable(total_minor: int, currency: str) -> None:
    if not chargeable(currency):
        raise CurrencyNotChargeableError(f"We cannot take payments in {currency} yet. Please write to us.")
    minimum, step = minimum_charge_minor(currency), charge_step(currency)
    if 0 < total_minor < minimum:
        shown = format_money(minimum, currency)
        raise AmountTooSmallError(f"The smallest amount that can be paid by card is {shown}. Please add something.")
    if total_minor % step:
        total, least = format_money(total_minor, currency), format_money(step, currency)
        raise AmountNotChargeableError(
            f"Cards can only be charged multiples of {least}, and this comes to {total}. Please write to us."
        )


def agreement_of(priced: PricedCart) -> str:
    """Return what stands for everything that a shopper agrees to: items, quantities, prices, coupon, total.

    Two prices that change against each other leave the total as it was; this differs all the same.
    """
    lines = sorted((str(one.variant_id), one.quantity, one.price_minor) for one in priced.lines if not one.is_saved)
    agreed = (lines, priced.coupon.code if priced.coupon else None, priced.quote.total_minor, priced.quote.currency)
    return token_hash(repr(agreed))


def _check_unchanged(priced: PricedCart, accepted_total_minor: int | None, agreement: str | None) -> None:
    currency = priced.quote.currency
    active = [line for line in priced.lines if not line.is_saved]
    gone = [line for line in active if not line.is_on_sale or line.quantity > line.available]
    changes = [f"{line.name}: {line_notice(line, currency)}" for line in gone]
    if priced.dropped:
        changes.append(priced.dropped)
    total_differs = accepted_total_minor is not None and accepted_total_minor != priced.quote.total_minor
    if total_differs or (agreement is not None and agreement != agreement_of(priced)):
        changes += [
            f"{line.name}: {line_notice(line, currency)}"
            for line in active
            if line.is_on_sale and line.price_minor != line.added_price_minor
        ]
        changes.append(_total_sentence(priced, accepted_total_minor))
    if changes:
        raise CheckoutChangedError(
            "Something changed while you were checking out.",
            tuple(dict.fromkeys(changes)),
            drops_coupon=bool(priced.dropped),
            short=tuple(line.variant_id for line in gone if line.is_on_sale),
        )


def _total_sentence(priced: PricedCart, accepted_total_minor: int | None) -> str:
    after = format_money(priced.quote.total_minor, priced.quote.currency)
    if accepted_total_minor is None or accepted_total_minor == priced.quote.total_minor:
        return f"Your cart is not what it was. The total is {after}."
    return f"The total is now {after} instead of {format_money(accepted_total_minor, priced.quote.currency)}."


def _lines(priced: PricedCart) -> tuple[RevisionLine, ...]:
    quoted = {line.key: line for line in priced.quote.lines}
    return tuple(
        RevisionLine(
            variant_id=row.variant_id,
            product_id=row.product_id,
            slug=row.slug,
            name=row.name,
            sku=row.sku,
            options=row.options,
            image_public_id=row.image_public_id,
            image_alt=row.image_alt,
            image_colour=row.image_colour,
            quantity=row.quantity,
            price_minor=row.price_minor,
            discount_minor=quoted[str(row.id)].discount_minor,
            tax_minor=quoted[str(row.id)].tax_minor,
            total_minor=quoted[str(row.id)].total_minor,
            reasons=quoted[str(row.id)].reasons,
        )
        for row in priced.lines
        if str(row.id) in quoted
    )
