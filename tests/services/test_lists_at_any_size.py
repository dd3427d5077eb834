"""Every list of the back office: as many statements for sixty rows as for one."""

import importlib
import pkgutil

from benchmarks import big_shop
from benchmarks.back_office import LISTS
from shophub import schemas, services
from shophub.db import AsyncSession
from shophub.lib.tables import PAGE_SIZE, TableSpec, parse_table
from shophub.services.invariants import find_violations
from tests.statements import counted_statements

# Tabs and rows, the views that somebody keeps, and what one or two filters offer.
MOST = 6


async def statements_of_lists(session: AsyncSession, rows: int) -> dict[str, tuple[int, str]]:
    """Return how many statements each list takes in a shop of that size, and how many rows it says that it shows."""
    taken = {}
    async with session.begin_nested() as shop:
        await big_shop.write(session, dict.fromkeys(big_shop.SIZES, rows))
        assert await find_violations(session) == ()
        for spec, lister, _ in LISTS:
            with counted_statements(session) as statements:
                page = await lister(session, parse_table(spec, []), None)
            taken[spec.name] = (len(statements), page.table.shown_text)
        await shop.rollback()
    return taken


async def test_lists_take_as_many_statements_for_sixty_rows_as_for_one(session: AsyncSession) -> None:
    one = await statements_of_lists(session, 1)
    sixty = await statements_of_lists(session, 60)

    assert {name: count for name, (count, _) in sixty.items()} == {name: count for name, (count, _) in one.items()}
    assert max(count for count, _ in sixty.values()) <= MOST
    assert all(shown.startswith(f"{PAGE_SIZE} of ") for name, (_, shown) in sixty.items() if name != "reviews"), sixty


def test_no_list_of_the_back_office_is_left_out() -> None:
    specs = set()
    for package in (schemas, services):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            specs |= {
                one.name for one in vars(importlib.import_module(found.name)).values() if isinstance(one, TableSpec)
            }

    assert specs == {spec.name for spec, _, _ in LISTS}
