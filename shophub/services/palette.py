"""What somebody of the staff may jump to, by a few letters."""

import re

from shophub.db import AsyncSession
from shophub.domain.admin_sections import CUSTOMERS_PATH, ORDERS_PATH, PRODUCTS_PATH, leads_to
from shophub.domain.order_numbers import order_number
from shophub.domain.statuses import OrderStatus, Role
from shophub.lib.money import format_money
from shophub.repositories import palette
from shophub.schemas.admin_shell import PaletteGroup, PaletteHit, PaletteOut
from shophub.services.search_text import clean_query, words_of
from shophub.services.views.orders import STATUS

MIN_LETTERS = 2
# As customers write it, as the staff say it, or the beginning of either. Nobody has more digits than this.
_NUMBER = re.compile(r"(?:#|SH[- ]?)?([1-9]\d{0,8})", re.ASCII | re.IGNORECASE)


async def find(session: AsyncSession, role: Role | None, typed: str) -> PaletteOut:
    """Return orders, products and customers for what was typed, of the kinds that the role may use.

    A kind whose pages there are not is not looked for, so that nothing leads nowhere. At most one statement for each.
    """
    q = clean_query(typed)
    groups: list[PaletteGroup] = []
    number = _NUMBER.fullmatch(q)
    if number and leads_to(role, ORDERS_PATH):
        groups.append(PaletteGroup("Orders", "receipt", await _orders(session, int(number[1]))))
    if len(q) >= MIN_LETTERS and leads_to(role, PRODUCTS_PATH):
        groups.append(PaletteGroup("Products", "box", await _products(session, q)))
    if len(q) >= MIN_LETTERS and not number and leads_to(role, CUSTOMERS_PATH):
        groups.append(PaletteGroup("Customers", "users", await _customers(session, q)))
    return PaletteOut(q=q, groups=tuple(group for group in groups if group.hits))


async def _orders(session: AsyncSession, beginning: int) -> tuple[PaletteHit, ...]:
    return tuple(
        PaletteHit(
            f"Order {order_number(one.number)}",
            f"{format_money(one.total_minor, one.currency)} · {STATUS[OrderStatus(one.status)][0]} · {one.email}",
            f"{ORDERS_PATH}/{order_number(one.number)}",
        )
        for one in await palette.find_orders(session, beginning)
    )


async def _products(session: AsyncSession, q: str) -> tuple[PaletteHit, ...]:
    found = await palette.find_products(session, q, words_of(q))
    return tuple(PaletteHit(one.name, one.status.capitalize(), f"{PRODUCTS_PATH}/{one.id}") for one in found)


async def _customers(session: AsyncSession, q: str) -> tuple[PaletteHit, ...]:
    found = await palette.find_customers(session, q)
    return tuple(PaletteHit(one.full_name or one.email, one.email, f"{CUSTOMERS_PATH}/{one.id}") for one in found)
