"""Tabs that are woken by one notice read the same thing once, and never what is no longer so."""

import asyncio

import pytest

from shophub.errors import NotFoundError
from shophub.services.live import SharedReads


class Shelf:
    """Something slow to read."""

    def __init__(self) -> None:
        self.price = 1
        self.reads = 0
        self.begun = asyncio.Event()

    async def read(self) -> int:
        self.reads += 1
        price = self.price
        self.begun.set()
        await asyncio.sleep(0.01)
        return price


async def test_those_who_ask_for_the_same_share_one_read() -> None:
    reads, shelf = SharedReads(), Shelf()

    found = await asyncio.gather(*(reads.read("price", shelf.read) for _ in range(50)))
    later = await reads.read("price", shelf.read)

    assert {*found, later} == {1}
    assert shelf.reads == 1


async def test_those_who_ask_for_something_else_read_themselves() -> None:
    reads, shelf = SharedReads(), Shelf()

    await asyncio.gather(*(reads.read(("price", size), shelf.read) for size in "SML"))

    assert shelf.reads == 3


async def test_what_was_begun_before_a_change_is_not_shared_after_it() -> None:
    reads, shelf = SharedReads(), Shelf()
    early = asyncio.create_task(reads.read("price", shelf.read))
    await shelf.begun.wait()

    shelf.price = 2
    reads.forget()

    assert await reads.read("price", shelf.read) == 2
    assert await early == 1


async def test_what_is_gone_is_gone_for_all_who_asked() -> None:
    reads = SharedReads()

    async def fail() -> int:
        raise NotFoundError("No longer here.")

    found = await asyncio.gather(*(reads.read("price", fail) for _ in range(3)), return_exceptions=True)

    assert [str(error) for error in found] == ["No longer here."] * 3
    reads.forget()
    with pytest.raises(NotFoundError):
        await reads.read("price", fail)


async def test_one_who_leaves_takes_nothing_from_the_others() -> None:
    reads, shelf = SharedReads(), Shelf()
    leaving = asyncio.create_task(reads.read("price", shelf.read))
    staying = asyncio.create_task(reads.read("price", shelf.read))
    await asyncio.sleep(0)

    leaving.cancel()

    assert await staying == 1
