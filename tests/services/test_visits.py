"""Visits: what is one, how far it came, and that neither crowds nor scripts nor lost databases spoil the counts."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import Role
from shophub.domain.visits import PAUSE, Step, is_persons, is_shop_page
from shophub.repositories import upkeep
from shophub.repositories.visits import Funnel, list_by_day
from shophub.schemas.accounts import UserView, Visitor
from shophub.services import visits
from shophub.services.visits import MAX_OF_HOUSEHOLD, VisitBook
from tests.factories import make_order

NOON = datetime(2026, 2, 28, 12, tzinfo=UTC)
ADA, BEN = "ada-has-this-cookie-in-her-browser", "ben-has-this-cookie-in-his-browser"
HERE = "192.0.2.7"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


async def written(session: AsyncSession, *books: VisitBook) -> dict[date, Funnel]:
    """Write what the books hold, and return the counts of all days."""
    for book in books:
        await visits.write(session, book.take())
    return dict(await list_by_day(session, date(2026, 1, 1), date(2026, 12, 31)))


def after(minutes: float) -> datetime:
    """Return a moment of the day."""
    return NOON + timedelta(minutes=minutes)


async def test_pages_without_a_pause_are_one_visit_and_a_pause_begins_another(session: AsyncSession) -> None:
    book = VisitBook()
    book.begin(ADA, HERE, NOON)
    book.reach(ADA, Step.PRODUCT, after(5))
    await written(session, book)
    book.begin(ADA, HERE, after(34))
    await written(session, book)
    book.begin(BEN, HERE, after(34))
    book.reach(BEN, Step.CHECKOUT, after(35))
    book.begin(ADA, HERE, after(34) + PAUSE + timedelta(seconds=1))

    assert await written(session, book) == {NOON.date(): Funnel(3, 2, 1, 1, 0)}


async def test_two_processes_go_on_with_the_same_visit(session: AsyncSession) -> None:
    one, other = VisitBook(), VisitBook()
    one.begin(ADA, HERE, NOON)
    other.begin(ADA, HERE, after(20))
    other.reach(ADA, Step.CART, after(21))
    one.begin(ADA, HERE, after(50))

    assert await written(session, one, other) == {NOON.date(): Funnel(1, 1, 1, 0, 0)}


async def test_visit_over_midnight_belongs_to_the_day_on_which_it_began(session: AsyncSession) -> None:
    book, late = VisitBook(), datetime(2026, 2, 28, 23, 50, tzinfo=UTC)
    book.begin(ADA, HERE, late)
    await written(session, book)
    book.begin(ADA, HERE, late + timedelta(minutes=20))
    book.reach(ADA, Step.PRODUCT, late + timedelta(minutes=21))
    book.begin(BEN, HERE, late + timedelta(minutes=21))

    assert await written(session, book) == {date(2026, 2, 28): Funnel(1, 1), date(2026, 3, 1): Funnel(1)}


async def test_hash_of_a_browser_leads_neither_to_its_cookie_nor_to_another_day() -> None:
    today, tomorrow = visits.hash_of(ADA, date(2026, 2, 28)), visits.hash_of(ADA, date(2026, 3, 1))

    assert today != tomorrow
    assert len(today) == 32
    assert today == visits.hash_of(ADA, date(2026, 2, 28))


async def test_order_counts_for_its_visit_and_the_checkout_is_forgotten(session: AsyncSession) -> None:
    order = await make_order(session)
    book = VisitBook()
    book.begin(ADA, HERE, NOON)
    book.reach(ADA, Step.CHECKOUT, after(1), order.checkout_id)
    book.begin(BEN, HERE, NOON)
    book.reach(BEN, Step.CHECKOUT, after(1), UUID(int=5))

    assert await written(session, book) == {NOON.date(): Funnel(2, 2, 2, 2, 1)}
    kept = await session.execute(text("SELECT checkout_id FROM visits ORDER BY checkout_id"))
    assert [row.checkout_id for row in kept] == [UUID(int=5), None]


async def test_checkout_under_way_counts_once_it_has_become_an_order(session: AsyncSession) -> None:
    order = await make_order(session)
    await session.execute(text("UPDATE checkouts SET status = 'processing' WHERE id = :id"), {"id": order.checkout_id})
    book = VisitBook()
    book.begin(ADA, HERE, NOON)
    book.reach(ADA, Step.CHECKOUT, after(1), order.checkout_id)
    assert (await written(session, book))[NOON.date()].ordered == 0

    await session.execute(text("UPDATE checkouts SET status = 'completed' WHERE id = :id"), {"id": order.checkout_id})
    await visits.settle(session)

    assert (await written(session))[NOON.date()] == Funnel(1, 1, 1, 1, 1)


async def test_old_visits_go_and_their_counts_stay(session: AsyncSession) -> None:
    book = VisitBook()
    book.begin(ADA, HERE, NOON)
    before = await written(session, book)

    assert (await upkeep.delete_expired(session, NOON + timedelta(days=31)))["visits"] == 1
    assert await written(session) == before == {NOON.date(): Funnel(1)}


async def test_steps_of_a_browser_that_opened_no_page_are_not_counted(session: AsyncSession) -> None:
    book = VisitBook()
    book.reach(ADA, Step.CHECKOUT, NOON)

    assert await written(session, book) == {}


async def test_one_network_address_begins_so_many_visits_and_no_more(session: AsyncSession) -> None:
    book = VisitBook()
    for number in range(MAX_OF_HOUSEHOLD + 50):
        book.begin(f"a-cookie-that-a-script-made-up-{number}", HERE, NOON)
    book.begin(BEN, "198.51.100.4", NOON)

    assert await written(session, book) == {NOON.date(): Funnel(MAX_OF_HOUSEHOLD + 1)}


@pytest.mark.parametrize(
    ("visitor", "path", "agent", "count"),
    [
        (Visitor(guest_token=ADA), "/", CHROME, 1),
        (Visitor(guest_token=ADA), "/", CHROME.replace("Chrome/", "HeadlessChrome/"), 0),
        (Visitor(), "/", CHROME, 0),
        (Visitor(guest_token=ADA), "/admin/accept-invite", CHROME, 0),
        (Visitor(UserView(UUID(int=1), "a@x.example", "Ann Ott", Role.ADMIN, True), guest_token=ADA), "/", CHROME, 0),
        (Visitor(UserView(UUID(int=1), "a@x.example", "Ann", Role.CUSTOMER, True), guest_token=ADA), "/", CHROME, 1),
    ],
    ids=["guest", "program", "no-cookie", "back-office", "staff", "customer"],
)
def test_only_shoppers_on_pages_of_the_shop_count(visitor: Visitor, path: str, agent: str, count: int) -> None:
    visits.book.take()
    visits.book = VisitBook()

    visits.begin(visitor, path=path, user_agent=agent, network_address=HERE)

    assert len(visits.book.take()) == count


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (CHROME, True),
        ("Mozilla/5.0 (Linux; Android 13; CUBOT P80) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36", True),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", False),
        (
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/116.0 Safari/537.36",
            False,
        ),
        ("curl/8.5.0", False),
        ("", False),
    ],
    ids=["chrome", "cubot", "google", "bing", "curl", "nothing"],
)
def test_programs_are_known_by_what_they_call_themselves(agent: str, expected: bool) -> None:
    assert is_persons(agent) is expected


def test_pages_of_the_back_office_are_none_of_the_shops() -> None:
    assert [is_shop_page(path) for path in ("/", "/administer", "/admin", "/admin/orders", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_what_could_not_be_written_is_written_the_next_time() -> None:
    book = VisitBook()
    book.begin(ADA, HERE, NOON)
    book.reach(ADA, Step.CART, after(1))
    taken = book.take()
    book.begin(ADA, HERE, after(5))

    book.put_back(taken)

    ((token, seen),) = book.take()
    assert (token, seen.began_at, seen.last_at, seen.step) == (ADA, NOON, after(5), Step.CART)
    assert book.take() == []


async def test_many_threads_and_processes_at_once_lose_nothing_and_count_nothing_twice(database: str) -> None:
    books = [VisitBook(), VisitBook(), VisitBook()]
    tokens = [f"one-of-many-browsers-{number:03}" for number in range(150)]

    def browse(place: int) -> None:
        book = books[place % 3]
        for number, token in enumerate(tokens):
            book.begin(token, f"192.0.2.{number}", NOON + timedelta(seconds=place))
            if number % 2:
                book.reach(token, Step.PRODUCT, NOON + timedelta(seconds=place))
            if number % 10 == 9:
                book.reach(token, Step.CHECKOUT, NOON + timedelta(seconds=place))

    async def keep_flushing(done: asyncio.Event) -> None:
        while not done.is_set():
            await asyncio.gather(*(visits.flush(book, NOON) for book in books))

    done = asyncio.Event()
    flushing = asyncio.create_task(keep_flushing(done))
    with ThreadPoolExecutor(12) as threads:
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(threads, browse, place) for place in range(12)))
    done.set()
    await flushing
    await asyncio.gather(*(visits.flush(book, NOON) for book in books))

    async with transaction() as session:
        assert await written(session) == {NOON.date(): Funnel(150, 75, 15, 15, 0)}
