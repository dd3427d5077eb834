"""A customer's address book."""

from dataclasses import replace
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.statuses import AddressType
from shophub.errors import AddressBookFullError, AddressNotFoundError, InvalidInputError
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id
from shophub.repositories import address_book, stores
from shophub.repositories.address_book import AddressRow
from shophub.schemas.address_book import SavedAddressForm
from shophub.schemas.checkouts import AddressForm, SavedAddressView
from shophub.services.drafting import check_address
from shophub.services.views.checkouts import country_choices, saved_address_view

MAX_ADDRESSES = 20
FULL = f"Your address book is full: it holds {MAX_ADDRESSES} addresses. Delete one that you no longer need."
GONE = "This address is not in your address book any more."
NAME_MISSING = "Enter the name on the parcel."


async def list_addresses(session: AsyncSession, user_id: UUID) -> tuple[SavedAddressView, ...]:
    """Return the account's addresses, the default one first, then the newest."""
    return tuple(saved_address_view(row) for row in await address_book.list_addresses(session, user_id))


async def list_countries(session: AsyncSession) -> tuple[tuple[str, str], ...]:
    """Return where the store ships to, as the form of an address offers it."""
    return country_choices((await stores.get_store(session)).ship_to_countries)


async def add(session: AsyncSession, user_id: UUID, form: SavedAddressForm) -> UUID:
    """Put an address into the book and return its id. The first is the default one.

    An address that is in the book already is not put in twice; it keeps its label unless another is given.

    Raises:
        AddressBookFullError: There are as many as a book holds.
        InvalidInputError: The name is missing, or ``drafting.check_address`` refuses it.
    """
    kept = await _checked(session, form)
    await address_book.lock(session, user_id)
    rows = await address_book.list_addresses(session, user_id)
    known = next((row for row in rows if row.kept == kept and form.type in (None, row.type)), None)
    if known is not None:
        if form.label and form.label != known.label:
            await address_book.update(session, user_id, known.id, {**kept, "label": form.label, "type": None})
        added = known.id
    elif len(rows) >= MAX_ADDRESSES:
        raise AddressBookFullError(FULL)
    else:
        added = new_id()
        await address_book.insert(
            session,
            user_id,
            AddressRow(
                id=added,
                type=form.type or AddressType.HOME,
                label=form.label,
                is_default=not rows,
                created_at=utc_now(),
                **kept,
            ),
        )
    if form.is_default:
        await address_book.make_default(session, user_id, added)
    return added


async def change(session: AsyncSession, user_id: UUID, address_id: UUID, form: SavedAddressForm) -> None:
    """Correct an address. Orders keep the one that they were placed with.

    Raises:
        AddressNotFoundError: None with that id is in the account's book.
        InvalidInputError: See ``add``.
    """
    kept = await _checked(session, form)
    await address_book.lock(session, user_id)
    if not await address_book.update(session, user_id, address_id, {**kept, "label": form.label, "type": form.type}):
        raise AddressNotFoundError(GONE)
    if form.is_default:
        await address_book.make_default(session, user_id, address_id)


async def make_default(session: AsyncSession, user_id: UUID, address_id: UUID) -> None:
    """Have checkouts begin with this address.

    Raises:
        AddressNotFoundError: None with that id is in the account's book.
    """
    await address_book.lock(session, user_id)
    await _get(session, user_id, address_id)
    await address_book.make_default(session, user_id, address_id)


async def remove(session: AsyncSession, user_id: UUID, address_id: UUID) -> AddressRow:
    """Take an address out of the book and return it, so that it can be put back as it was.

    Raises:
        AddressNotFoundError: None with that id is in the account's book.
    """
    await address_book.lock(session, user_id)
    row = await _get(session, user_id, address_id)
    await address_book.delete(session, user_id, address_id)
    return row


async def put_back(session: AsyncSession, user_id: UUID, row: AddressRow) -> None:
    """Undo a removal: the same entry, the default one again unless another has become it. Twice is once.

    Raises:
        AddressBookFullError: The book has been filled meanwhile.
    """
    await address_book.lock(session, user_id)
    rows = await address_book.list_addresses(session, user_id)
    if any(other.id == row.id for other in rows):
        return
    if len(rows) >= MAX_ADDRESSES:
        raise AddressBookFullError(FULL)
    is_default = row.is_default and not any(other.is_default for other in rows)
    await address_book.insert(session, user_id, replace(row, is_default=is_default))


async def _checked(session: AsyncSession, form: SavedAddressForm) -> dict[str, str]:
    if not form.full_name:
        raise InvalidInputError(NAME_MISSING, {"full_name": NAME_MISSING})
    given = AddressForm.model_construct(None, **{name: getattr(form, name) for name in AddressForm.model_fields})
    return check_address(given, await stores.get_store(session))


async def _get(session: AsyncSession, user_id: UUID, address_id: UUID) -> AddressRow:
    row = await address_book.find(session, user_id, address_id)
    if row is None:
        raise AddressNotFoundError(GONE)
    return row
