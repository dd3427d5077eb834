"""Coupons: the admin's side. What shoppers do with them is in ``services/carts.py``."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import CouponCodeTakenError, InvalidInputError, UnknownCouponError
from shophub.repositories import coupon_terms
from shophub.schemas.coupons import CouponForm, CouponView, parse_coupon
from shophub.services import audit
from shophub.services.audit import Actor, Value

Plain = str | int | bool | None


async def get_coupon(session: AsyncSession, coupon_id: UUID) -> CouponView:
    """Return a coupon with its terms and counters.

    Raises:
        UnknownCouponError: No coupon has that id.
    """
    return await _get(session, coupon_id)


async def create_coupon(session: AsyncSession, form: CouponForm, *, actor: Actor) -> CouponView:
    """Store a new coupon. Of two with one code at the same moment, one is made.

    Raises:
        CouponCodeTakenError: Another coupon has the code.
        InvalidInputError: A category that does not exist.
    """
    categories = await _category_ids(session, form)
    coupon_id = await coupon_terms.insert(session, form, categories)
    if coupon_id is None:
        raise _taken(form.code)
    made = await _get(session, coupon_id)
    await _record(session, actor, "coupon.create", made.id, None, made)
    return made


async def create_many(session: AsyncSession, form: CouponForm, codes: Sequence[str], *, actor: Actor) -> list[str]:
    """Store a coupon per code, all with the terms of ``form``; returns the codes that were made. Logged as one step.

    Raises:
        CouponCodeTakenError: None of the codes was free.
        InvalidInputError: A category that does not exist.
    """
    categories = await _category_ids(session, form)
    made = await coupon_terms.insert_many(session, form, codes, categories)
    if not made:
        raise _taken(form.code)
    terms: dict[str, Value] = {
        "count": len(made),
        "prefix": form.code,
        "discount_type": form.discount_type.value,
        "discount_value": form.discount_value,
    }
    await audit.record(session, actor, "coupon.generate", target="coupon", after=terms)
    return made


async def update_coupon(
    session: AsyncSession, coupon_id: UUID, changes: Mapping[str, Any], *, actor: Actor
) -> CouponView:
    """Change what ``changes`` names, as in ``CouponForm``; the rest stays, also under another admin's edit.

    Uses that are held or counted stay. A limit below them is allowed: then no further use is given out, and checkouts
    that hold one can finish. Carts see the new terms at their next recalculation.

    Raises:
        UnknownCouponError: No coupon has that id.
        CouponCodeTakenError: Another coupon has the new code.
        InvalidInputError: Terms that cannot be, with a sentence for each field; nothing has changed.
    """
    standing = await _get(session, coupon_id, lock=True)
    form = parse_coupon({**_as_sent(standing, changes), **changes})
    categories = await _category_ids(session, form)
    if not await coupon_terms.update(session, coupon_id, form, categories):
        raise _taken(form.code)
    changed = await _get(session, coupon_id)
    await _record(session, actor, "coupon.update", changed.id, standing, changed)
    return changed


async def set_coupon_active(session: AsyncSession, coupon_id: UUID, is_active: bool, *, actor: Actor) -> CouponView:
    """Switch a coupon on or off. Off, it leaves each cart with a message; checkouts that hold a use can finish.

    Raises:
        UnknownCouponError: No coupon has that id.
    """
    if not await coupon_terms.set_active(session, coupon_id, is_active):
        raise _unknown()
    coupon = await _get(session, coupon_id)
    action = "coupon.switch_on" if is_active else "coupon.switch_off"
    await audit.record(session, actor, action, target="coupon", target_id=coupon.id, after={"code": coupon.code})
    return coupon


async def delete_coupon(session: AsyncSession, coupon_id: UUID, *, actor: Actor) -> None:
    """Delete a coupon. Its uses stay on record with its code, and checkouts that hold one can finish at their price.

    Raises:
        UnknownCouponError: No coupon has that id.
    """
    coupon = await coupon_terms.find(session, coupon_id)
    if coupon is None or not await coupon_terms.delete(session, coupon_id):
        raise _unknown()
    await _record(session, actor, "coupon.delete", coupon.id, coupon, None)


async def _record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    coupon_id: str,
    before: CouponView | None,
    after: CouponView | None,
) -> None:
    """Note in the audit log which terms there were and are: after a change only those that differ."""
    old, new = _audited(before), _audited(after)
    if before is not None and after is not None:
        same = {name for name in old if old[name] == new[name]}
        old, new = ({name: terms[name] for name in terms if name not in same} for terms in (old, new))
    await audit.record(
        session,
        actor,
        action,
        target="coupon",
        target_id=coupon_id,
        before=old if before else None,
        after=new if after else None,
    )


def _audited(coupon: CouponView | None) -> dict[str, Value]:
    if coupon is None:
        return {}
    return {
        name: list(value) if isinstance(value, list | tuple) else value if isinstance(value, Plain) else str(value)
        for name, value in _terms(coupon).items()
    }


async def _get(session: AsyncSession, coupon_id: UUID, *, lock: bool = False) -> CouponView:
    coupon = await coupon_terms.find(session, coupon_id, lock=lock)
    if coupon is None:
        raise _unknown()
    return coupon


def _unknown() -> UnknownCouponError:
    return UnknownCouponError("This coupon does not exist (any more).")


def _taken(code: str) -> CouponCodeTakenError:
    return CouponCodeTakenError(f"There is a coupon with the code {code} already.")


async def _category_ids(session: AsyncSession, form: CouponForm) -> dict[str, UUID]:
    found = await coupon_terms.find_category_ids(session, form.applicable_categories)
    unknown = [slug for slug in form.applicable_categories if slug not in found]
    if unknown:
        names = ", ".join(f"“{slug}”" for slug in unknown)
        sentence = f"There is no category {names}." if len(unknown) == 1 else f"There are no categories {names}."
        raise InvalidInputError(sentence, {"applicable_categories": sentence})
    return found


def _as_sent(coupon: CouponView, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return a coupon's terms as a form, without what ``changes`` names in either spelling.

    A value means something else under another type, so it goes with the type that it belonged to.
    """
    terms = _terms(coupon)
    if {"discount_type", "discountType"} & changes.keys():
        del terms["discount_value"]
    aliases = {name: CouponForm.model_fields[name].alias for name in terms}
    return {name: value for name, value in terms.items() if aliases[name] not in changes}


def _terms(coupon: CouponView) -> dict[str, Any]:
    """Return a coupon's terms as a form names them."""
    return {
        "code": coupon.code,
        "description": coupon.description,
        "discount_type": coupon.discount_type.value,
        "discount_value": coupon.discount_value,
        "minimum_amount": coupon.minimum_subtotal_minor,
        "max_amount": coupon.maximum_discount_minor,
        "max_uses": coupon.max_uses,
        "max_uses_per_customer": coupon.max_uses_per_customer,
        "applicable_categories": coupon.categories,
        "first_order_only": coupon.first_order_only,
        "start_date": coupon.starts_at,
        "end_date": coupon.ends_at,
        "is_active": coupon.is_active,
    }
