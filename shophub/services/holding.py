"""Setting aside what a checkout is about to sell: goods first, then a coupon's use. The caller owns the transaction."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.domain.hoarding import allowed_units
from shophub.domain.revisions import Revision
from shophub.errors import CheckoutChangedError, CouponExhaustedError, HoardingError
from shophub.repositories import coupons, inventory
from shophub.repositories.carts import MAX_QUANTITY
from shophub.repositories.checkouts import CheckoutRow


async def hold(session: AsyncSession, checkout: CheckoutRow, revision: Revision) -> None:
    """Hold what the new revision needs, on top of what the standing one still needs until Stripe has agreed.

    Raises:
        CheckoutChangedError: Something is short; ``short`` names the variant.
        HoardingError: Guests of this network address would hold more of a variant than is allowed; or an account would,
            in its checkouts of given goods, hold more than a cart can.
        CouponExhaustedError: The coupon's last use went to somebody else.
    """
    held = await inventory.list_held(session, checkout.id)
    wanted = {
        variant_id: max(held.get(variant_id, 0), revision.quantities.get(variant_id, 0))
        for variant_id in set(held) | set(revision.quantities)
    }
    short = await inventory.hold_exactly(session, checkout.id, wanted, checkout.expires_at)
    if short is not None:
        name = next(line.name for line in revision.lines if line.variant_id == short)
        raise CheckoutChangedError(
            "Something changed while you were checking out.",
            (f"{name}: somebody else has just bought the last one.",),
            short=(short,),
        )
    if checkout.user_id is None:
        grown = {variant_id for variant_id, units in wanted.items() if units > held.get(variant_id, 0)}
        await _check_hoarding(session, checkout, grown)
    elif checkout.cart_id is None:
        await _check_account(session, checkout)
    if revision.coupon_id is not None:
        await _hold_coupon(session, checkout, revision)


async def _check_hoarding(session: AsyncSession, checkout: CheckoutRow, grown: set[UUID]) -> None:
    """Refuse more than is allowed. What was held before is kept, though there may be less in stock by now."""
    if not grown:
        return
    # The rows of the variants are locked by the hold just made: nobody else's is counted too late.
    for held in await inventory.list_held_at_address(session, checkout.id):
        allowed = allowed_units(held.stock)
        if held.variant_id in grown and held.quantity > allowed:
            raise HoardingError(
                f"We set aside at most {allowed} of {held.name} for guests at one place. Sign in to order more.",
                variant_id=str(held.variant_id),
                allowed=allowed,
            )


async def _check_account(session: AsyncSession, checkout: CheckoutRow) -> None:
    """Refuse what one cart could not hold: its one checkout bounds an account, of given goods each kind has one."""
    for held in await inventory.list_held_without_cart(session, checkout.id):
        if held.quantity > MAX_QUANTITY:
            raise HoardingError(
                f"We set aside at most {MAX_QUANTITY} of {held.name} for one account. Pay for what is set aside first.",
                variant_id=str(held.variant_id),
                allowed=MAX_QUANTITY,
            )


async def _hold_coupon(session: AsyncSession, checkout: CheckoutRow, revision: Revision) -> None:
    coupon_id, customer_key = revision.coupon_id, email_key(revision.email)
    if coupon_id is None or await coupons.holds_use(session, checkout.id, coupon_id, customer_key):
        return
    await coupons.release_use(session, checkout.id, only=coupon_id)  # held under another address before
    terms = await coupons.find_terms_by_id(session, coupon_id)
    if terms is None or not await coupons.hold_use(
        session,
        terms,
        checkout_id=checkout.id,
        user_id=checkout.user_id,
        email_key=customer_key,
        discount_minor=revision.sums.discount_minor,
    ):
        raise CouponExhaustedError(f"The code {revision.coupon_code} has been used up. Remove it to go on.")
