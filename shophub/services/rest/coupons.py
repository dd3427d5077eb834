"""Coupons for the staff's programs: the services behind the pages, with shapes of the API's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from pydantic.alias_generators import to_camel

from shophub.db import AsyncSession
from shophub.domain.statuses import DiscountType
from shophub.errors import InvalidInputError
from shophub.lib.pagination import PageRequest
from shophub.repositories import coupon_terms
from shophub.schemas.api.base import PageOut
from shophub.schemas.api.coupons import CouponIn, CouponOut, CouponPatch
from shophub.schemas.coupons import CouponView, parse_coupon
from shophub.services import coupons, stores
from shophub.services.audit import Actor


async def list_coupons(session: AsyncSession, q: str, is_active: bool | None, page: PageRequest) -> PageOut[CouponOut]:
    """Return a page of coupons, the newest first. Three statements."""
    currency = (await stores.get_store(session)).currency
    total = await coupon_terms.count(session, q, is_active)
    found = await coupon_terms.list_page(session, q, is_active, limit=page.page_size, offset=page.offset)
    return PageOut(
        items=[_out(one, currency) for one in found],
        total=min(total, coupon_terms.COUNT_LIMIT),
        total_is_exact=total <= coupon_terms.COUNT_LIMIT,
        page=page.page,
        page_size=page.page_size,
    )


async def get_coupon(session: AsyncSession, coupon_id: UUID) -> CouponOut:
    """Return a coupon.

    Raises:
        UnknownCouponError: No coupon has that id.
    """
    store = await stores.get_store(session)
    return _out(await coupons.get_coupon(session, coupon_id), store.currency)


async def create_coupon(session: AsyncSession, form: CouponIn, actor: Actor) -> CouponOut:
    """Store a new coupon; see ``coupons.create_coupon``. The currency of its amounts cannot change meanwhile."""
    currency = await stores.hold_currency(session)
    with _fields_as_sent():
        return _out(await coupons.create_coupon(session, parse_coupon(form.sent()), actor=actor), currency)


async def change_coupon(session: AsyncSession, coupon_id: UUID, patch: CouponPatch, actor: Actor) -> CouponOut:
    """Change what a program named; see ``coupons.update_coupon``.

    Raises:
        InvalidInputError: Nothing was named.
    """
    sent = patch.sent()
    if not sent:
        raise InvalidInputError("Name at least one field to change.")
    currency = await stores.hold_currency(session)
    with _fields_as_sent():
        return _out(await coupons.update_coupon(session, coupon_id, sent, actor=actor), currency)


@contextmanager
def _fields_as_sent() -> Iterator[None]:
    """Name the fields of a refusal as programs write them."""
    try:
        yield
    except InvalidInputError as error:
        raise InvalidInputError(error.message, {to_camel(name): said for name, said in error.fields.items()}) from error


def _out(coupon: CouponView, currency: str) -> CouponOut:
    return CouponOut(
        id=UUID(coupon.id),
        code=coupon.code,
        description=coupon.description or None,
        discount_type=coupon.discount_type,
        discount_value=_value(coupon),
        minimum_amount=coupon.minimum_subtotal_minor,
        max_amount=coupon.maximum_discount_minor,
        max_uses=coupon.max_uses,
        max_uses_per_customer=coupon.max_uses_per_customer,
        used_count=coupon.used,
        held_count=coupon.held,
        applicable_categories=list(coupon.categories),
        first_order_only=coupon.first_order_only,
        start_date=coupon.starts_at,
        end_date=coupon.ends_at,
        is_active=coupon.is_active,
        currency=currency,
    )


def _value(coupon: CouponView) -> int | float:
    if coupon.discount_type is DiscountType.PERCENTAGE and coupon.percent_bp is not None and coupon.percent_bp % 100:
        return coupon.percent_bp / 100
    return int(coupon.discount_value)
