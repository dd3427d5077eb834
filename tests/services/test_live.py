"""Who is woken for which change, and how often."""

import asyncio

import psycopg
import pytest

from shophub.services.live import CHANNEL, MAX_HEARD, Notice, Watchers, follow, parse_notice

PRICE = Notice("variant", "v1", "p1")


def test_parts_of_a_page_watch_side_by_side() -> None:
    watchers = Watchers()
    watchers.watch("tab", "ProductState", "product:p1")
    watchers.watch("tab", "CartState", "variant:v1", "variant:v2")
    watchers.watch("other", "CartState", "variant:v2")

    assert watchers.of(PRICE) == {"tab"}
    watchers.watch("tab", "ProductState", "product:p2")
    assert watchers.of(PRICE) == {"tab"}  # the cart still wants to know
    watchers.watch("tab", "CartState")
    assert watchers.of(PRICE) == set()
    assert sorted(watchers.everything()) == [("product:p2", "tab"), ("variant:v2", "other")]
    watchers.forget("tab")
    watchers.forget("other")
    assert watchers.everything() == []


def test_topic_that_two_parts_watch_stays_until_both_have_left() -> None:
    watchers = Watchers()
    watchers.watch("tab", "SuccessState", "checkout:c1")
    watchers.watch("tab", "CheckoutState", "checkout:c1")

    watchers.watch("tab", "CheckoutState")
    assert watchers.of(Notice("checkout", "c1")) == {"tab"}
    watchers.watch("tab", "SuccessState", "checkout:c2")
    assert watchers.of(Notice("checkout", "c1")) == set()


@pytest.mark.parametrize("payload", ["", "nonsense", "[]", "{}", '{"kind": "order"}', "null"])
def test_what_is_not_a_notice_of_ours_is_passed_over(payload: str) -> None:
    assert parse_notice(payload) is None


async def test_slow_tab_hears_a_burst_once_and_holds_up_no_notice(database: str) -> None:
    watchers = Watchers()
    watchers.watch("slow", "CartState", "variant:v1")
    watchers.watch("slow", "OrderState", "order:o1")
    woken: list[Notice] = []
    go_on, all_heard = asyncio.Event(), asyncio.Event()

    async def wake(tab: str, notice: Notice) -> None:
        woken.append(notice)
        if len(woken) == 3:
            all_heard.set()
        await go_on.wait()

    following = asyncio.create_task(follow(watchers, wake))
    try:
        async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
            variant, order = '{"kind": "variant", "id": "v1"}', '{"kind": "order", "id": "o1"}'
            while not woken:  # until the listener is there
                await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, variant))
                await asyncio.sleep(0.05)
            for _ in range(100):
                await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, variant))
            await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, order))
            await asyncio.sleep(0.3)
            go_on.set()
            await asyncio.wait_for(all_heard.wait(), 10)
            await asyncio.sleep(0.2)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    # The one that it was busy with, and each of those that came meanwhile once.
    assert len(woken) == 3
    assert set(woken[1:]) == {Notice("variant", "v1"), Notice("order", "o1")}


async def test_busy_tab_holds_up_no_other_and_everything_is_heard_at_once(database: str) -> None:
    watchers = Watchers()
    watchers.watch("busy", "CartState", "variant:v1", "order:o1")
    watchers.watch("other", "OrderState", "order:o1")
    woken: list[tuple[str, str]] = []
    heard: list[tuple[str, str]] = []
    other_is_told = asyncio.Event()

    async def wake(tab: str, notice: Notice) -> None:
        woken.append((tab, notice.kind))
        if tab == "busy":
            await asyncio.Event().wait()  # for ever
        other_is_told.set()

    def hear(tab: str, notice: Notice) -> None:
        heard.append((tab, notice.kind))

    following = asyncio.create_task(follow(watchers, wake, hear))
    try:
        async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
            while not any(tab == "busy" for tab, _ in woken):  # until the listener is there
                await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, '{"kind": "variant", "id": "v1"}'))
                await asyncio.sleep(0.05)
            for list_ in (woken, heard):
                list_.clear()
            other_is_told.clear()
            await connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, '{"kind": "order", "id": "o1"}'))
            await asyncio.wait_for(other_is_told.wait(), 10)
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    assert woken == [("other", "order")]
    assert {("busy", "order"), ("other", "order")} <= set(heard)


async def test_who_registers_after_reading_hears_what_came_meanwhile() -> None:
    watchers, told = Watchers(), []
    watchers.tell_by(lambda tab, notice: told.append((tab, notice)))
    watchers.hear(PRICE)  # before it was read
    began = watchers.now
    watchers.watch("tab", "CartState", "variant:v3", since=began)
    for notice in (PRICE, Notice("variant", "v3", "p3")):
        watchers.hear(notice)

    watchers.watch("tab", "CartState", "variant:v1", "variant:v2", "variant:v3", since=began)
    assert told == [("tab", PRICE)]  # of v3 it has been woken as it came

    watchers.watch("tab", "ProductState", "product:p1", since=watchers.now)
    assert len(told) == 1
    watchers.watch("other", "ProductState", "product:p3")
    assert len(told) == 1


async def test_who_was_reading_while_the_connection_was_lost_hears_of_everything() -> None:
    watchers, told = Watchers(), []
    watchers.tell_by(lambda tab, notice: told.append(notice))
    began = watchers.now
    watchers.hear(None)

    watchers.watch("tab", "OrderState", "order:o1", since=began)

    assert told == [Notice("order", "o1")]


async def test_what_is_remembered_has_a_bound() -> None:
    watchers, told = Watchers(), []
    watchers.tell_by(lambda tab, notice: told.append(notice))
    began = watchers.now
    for number in range(MAX_HEARD + 1):
        watchers.hear(Notice("order", f"o{number}"))

    assert len(watchers._heard) == MAX_HEARD
    watchers.watch("tab", "OrderState", "order:o0", since=began)
    assert told == [Notice("order", "o0")]  # forgotten: told to be sure
