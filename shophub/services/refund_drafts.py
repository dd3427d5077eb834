"""A refund that is being put together in a dialog: what it would come to, before anybody presses the button."""

from collections.abc import Mapping
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.order_numbers import parse_order_number
from shophub.errors import InvalidInputError, OrderNotFoundError, ShopHubError
from shophub.lib.money import decimal_string, format_money, parse_amount
from shophub.repositories import orders
from shophub.schemas.staff_orders import OrderDesk, RefundChoice, RefundDraft
from shophub.services.refunds import RefundRequest, quote_refund


def new_draft(desk: OrderDesk) -> RefundDraft:
    """Return a draft in which nothing is chosen."""
    return RefundDraft(choices=tuple(RefundChoice(line) for line in desk.refundable))


def request_of(units: Mapping[str, int], beside: str, currency: str) -> RefundRequest:
    """Return what a dialog asks for: units by SKU and an amount beside them as it was typed.

    Raises:
        InvalidInputError: Nothing is chosen, or the amount is none.
    """
    lines = {sku: count for sku, count in units.items() if count}
    beside_minor = parse_amount(beside.strip(), currency) if beside.strip() else 0
    if lines:
        return RefundRequest(lines=lines, beside_minor=beside_minor)
    if beside_minor:
        return RefundRequest(amount_minor=beside_minor)
    raise InvalidInputError("Choose items, or type an amount.")


async def requote(
    session: AsyncSession, number: str, desk: OrderDesk, units: Mapping[str, int], beside: str
) -> RefundDraft:
    """Return the draft with these choices and what they come to now, or why they cannot be had.

    Raises:
        OrderNotFoundError: No such order.
    """
    kept = {line.sku: min(max(units.get(line.sku, 0), 0), line.left) for line in desk.refundable}
    draft = RefundDraft(
        choices=tuple(RefundChoice(line, kept[line.sku]) for line in desk.refundable),
        beside=beside,
        has_units=any(kept.values()),
    )
    if not draft.has_units and not beside.strip():
        return draft
    order_id = await _order_id(session, number)
    try:
        quote = await quote_refund(session, order_id, request_of(kept, beside, desk.currency))
    except OrderNotFoundError:
        raise
    except ShopHubError as error:
        return RefundDraft(draft.choices, beside, draft.has_units, problem=error.message)
    return RefundDraft(
        draft.choices,
        beside,
        draft.has_units,
        amount_minor=quote.amount_minor,
        amount_text=format_money(quote.amount_minor, quote.currency),
    )


async def everything(session: AsyncSession, number: str, desk: OrderDesk) -> RefundDraft:
    """Return the draft with all that is left chosen: every unit, and beside them what was paid for delivery.

    Raises:
        OrderNotFoundError: No such order.
    """
    units = {line.sku: line.left for line in desk.refundable}
    order_id = await _order_id(session, number)
    goods = await requote(session, number, desk, units, "")
    try:
        whole = await quote_refund(session, order_id, RefundRequest())
    except ShopHubError as error:
        return RefundDraft(goods.choices, "", goods.has_units, problem=error.message)
    beside_minor = whole.amount_minor - goods.amount_minor
    if goods.problem or beside_minor <= 0:
        return goods
    return await requote(session, number, desk, units, decimal_string(beside_minor, desk.currency))


async def _order_id(session: AsyncSession, number: str) -> UUID:
    order = await orders.find_visible(session, parse_order_number(number), user_id=None, may_see_all=True)
    if order is None:
        raise OrderNotFoundError("We could not find that order.")
    return order.id
