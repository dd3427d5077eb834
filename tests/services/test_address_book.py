"""The address book: how many, which is the default one, and whose it is."""

import asyncio
from uuid import UUID

import pytest

from shophub.db import transaction
from shophub.errors import AddressBookFullError, AddressNotFoundError, InvalidInputError
from shophub.lib.ids import new_id
from shophub.schemas.accounts import UserView, Visitor
from shophub.schemas.address_book import SavedAddressForm
from shophub.services import address_book, checkouts
from tests.factories import make_cart, make_order, make_product, make_user, variants_of
from tests.rows import execute, rows


@pytest.fixture(autouse=True)
async def ships_to_the_states(database: str) -> None:
    async with transaction() as session:
        await execute(session, "UPDATE store_settings SET ship_to_countries = '{US}'")


def form(label: str = "Home", *, street: str = "1 Market Street", is_default: bool = False) -> SavedAddressForm:
    return SavedAddressForm(
        label=label,
        full_name="Ada Shopper",
        address=street,
        city="San Francisco",
        zip_code="94105",
        country="US",
        is_default=is_default,
    )


async def somebody() -> UUID:
    async with transaction() as session:
        return (await make_user(session)).id


async def add(user_id: UUID, given: SavedAddressForm) -> UUID:
    async with transaction() as session:
        return await address_book.add(session, user_id, given)


async def book_of(user_id: UUID) -> list[tuple[str, bool]]:
    async with transaction() as session:
        return [(view.title, view.is_default) for view in await address_book.list_addresses(session, user_id)]


async def test_first_address_is_the_default_one_and_another_can_take_its_place() -> None:
    user_id = await somebody()
    await add(user_id, form("Home"))
    office = await add(user_id, form("Office", street="2 Market Street"))
    await add(user_id, form("", street="3 Market Street"))
    assert await book_of(user_id) == [("Home", True), ("San Francisco", False), ("Office", False)]

    async with transaction() as session:
        await address_book.make_default(session, user_id, office)

    assert await book_of(user_id) == [("Office", True), ("San Francisco", False), ("Home", False)]


async def test_same_address_is_kept_once_and_takes_the_new_label() -> None:
    user_id = await somebody()
    first = await add(user_id, form("Home"))

    assert await add(user_id, form("")) == first
    assert await add(user_id, form("Flat", is_default=True)) == first

    assert await book_of(user_id) == [("Flat", True)]


async def test_book_is_full_at_twenty_also_when_many_are_added_at_once() -> None:
    user_id = await somebody()
    for number in range(address_book.MAX_ADDRESSES - 1):
        await add(user_id, form(street=f"{number} Market Street"))

    results = await asyncio.gather(
        *(add(user_id, form(street=f"{number} Mission Street")) for number in range(4)), return_exceptions=True
    )

    assert sorted(type(result).__name__ for result in results) == ["AddressBookFullError"] * 3 + ["UUID"]
    assert await rows("SELECT count(*), count(*) FILTER (WHERE is_default) FROM addresses") == [(20, 1)]


async def test_two_defaults_at_once_leave_one() -> None:
    user_id = await somebody()
    ids = [await add(user_id, form(street=f"{number} Market Street")) for number in range(4)]

    async def choose(address_id: UUID) -> None:
        async with transaction() as session:
            await address_book.make_default(session, user_id, address_id)

    await asyncio.gather(*map(choose, ids))

    assert await rows("SELECT count(*) FROM addresses WHERE is_default") == [(1,)]


async def test_removed_address_comes_back_as_it_was() -> None:
    user_id = await somebody()
    home = await add(user_id, form("Home"))
    await add(user_id, form("Office", street="2 Market Street"))
    before = await rows("SELECT to_jsonb(a) - 'updated_at' FROM addresses a WHERE id = :id", id=home)
    async with transaction() as session:
        removed = await address_book.remove(session, user_id, home)
    assert await book_of(user_id) == [("Office", False)]

    for _ in range(2):
        async with transaction() as session:
            await address_book.put_back(session, user_id, removed)

    assert await rows("SELECT to_jsonb(a) - 'updated_at' FROM addresses a WHERE id = :id", id=home) == before
    assert await book_of(user_id) == [("Home", True), ("Office", False)]


async def test_removed_default_does_not_take_the_place_of_a_new_one() -> None:
    user_id = await somebody()
    home = await add(user_id, form("Home"))
    async with transaction() as session:
        removed = await address_book.remove(session, user_id, home)
    await add(user_id, form("Office", street="2 Market Street"))

    async with transaction() as session:
        await address_book.put_back(session, user_id, removed)

    assert await book_of(user_id) == [("Office", True), ("Home", False)]


async def test_somebody_elses_address_is_not_found_and_stays() -> None:
    owner, other = await somebody(), await somebody()
    theirs = await add(owner, form())
    before = await rows("SELECT * FROM addresses")

    for address_id in (theirs, new_id()):
        for act in (
            lambda session, wanted: address_book.change(session, other, wanted, form("Mine now")),
            lambda session, wanted: address_book.make_default(session, other, wanted),
            lambda session, wanted: address_book.remove(session, other, wanted),
        ):
            with pytest.raises(AddressNotFoundError):
                async with transaction() as session:
                    await act(session, address_id)

    assert await rows("SELECT * FROM addresses") == before


async def test_what_is_no_address_here_is_refused_and_nothing_is_kept() -> None:
    user_id = await somebody()
    wrong = {
        "full_name": form().model_copy(update={"full_name": ""}),
        "zip_code": form().model_copy(update={"zip_code": "9410"}),
        "country": form().model_copy(update={"country": "AQ"}),
    }

    for name, given in wrong.items():
        with pytest.raises(InvalidInputError) as caught:
            await add(user_id, given)
        assert list(caught.value.fields) == [name]

    assert await rows("SELECT count(*) FROM addresses") == [(0,)]


async def test_full_book_takes_nothing_back_but_changes_what_it_holds() -> None:
    user_id = await somebody()
    first = await add(user_id, form())
    async with transaction() as session:
        removed = await address_book.remove(session, user_id, first)
    ids = [await add(user_id, form(street=f"{number} Market Street")) for number in range(2, 22)]

    with pytest.raises(AddressBookFullError):
        async with transaction() as session:
            await address_book.put_back(session, user_id, removed)

    async with transaction() as session:
        await address_book.change(session, user_id, ids[0], form("Office", street="99 Market Street"))
    kept = await rows("SELECT address, full_name FROM addresses WHERE id = :id", id=ids[0])
    assert [tuple(row) for row in kept] == [("99 Market Street", "Ada Shopper")]


async def test_checkout_of_somebody_without_a_book_begins_with_where_the_last_order_went() -> None:
    async with transaction() as session:
        user = await make_user(session)
        await make_order(session, user=user)
        variants = await variants_of(session, await make_product(session))
        await make_cart(session, user=user, lines=[(variants[0], 1)])
        visitor = Visitor(user=UserView(user.id, user.email, user.full_name, user.role, is_email_verified=True))
    async with transaction() as session:
        page = await checkouts.get_checkout_page(session, visitor)
    assert (page.saved_addresses, page.address.address) == ((), "1 Market Street")

    await add(user.id, form(street="2 Market Street"))

    async with transaction() as session:
        page = await checkouts.get_checkout_page(session, visitor)
    assert [entry.address.address for entry in page.saved_addresses] == ["2 Market Street"]
    assert (page.address.address, page.address.full_name) == ("", "Ada Shopper")
