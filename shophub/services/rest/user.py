"""An account's own profile and addresses, as programs see and change them."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import AddressNotFoundError
from shophub.lib.pagination import PageRequest
from shophub.repositories import address_book as repository
from shophub.repositories.address_book import AddressRow
from shophub.schemas.account_area import ProfileForm
from shophub.schemas.address_book import SavedAddressForm
from shophub.schemas.api.base import PageOut
from shophub.schemas.api.user import AddressBody, AddressOut, ProfileBody, ProfileOut
from shophub.services import accounts, address_book, profiles


async def get_profile(session: AsyncSession, user_id: UUID) -> ProfileOut:
    """Return the account as its owner sees it."""
    account = await accounts.get_account(session, user_id)
    profile = await profiles.get_profile(session, user_id)
    return ProfileOut(
        **account.model_dump(),
        accepts_marketing=profile.accepts_marketing,
        accepts_stock_mails=profile.accepts_stock_mails,
        pending_email=profile.pending_email or None,
    )


async def change_profile(session: AsyncSession, user_id: UUID, body: ProfileBody) -> ProfileOut:
    """Give the account another name, and note which e-mails its owner wants."""
    await profiles.rename(session, user_id, ProfileForm(full_name=body.full_name))
    await profiles.set_wishes(session, user_id, marketing=body.accepts_marketing, stock_mails=body.accepts_stock_mails)
    return await get_profile(session, user_id)


async def list_addresses(session: AsyncSession, user_id: UUID, request: PageRequest) -> PageOut[AddressOut]:
    """Return a page of the address book, the default address first, then the newest."""
    rows = await repository.list_addresses(session, user_id)  # a book holds no more than a few
    shown = rows[request.offset : request.offset + request.page_size]
    return PageOut(
        items=[_address(row) for row in shown], total=len(rows), page=request.page, page_size=request.page_size
    )


async def add_address(session: AsyncSession, user_id: UUID, body: AddressBody) -> AddressOut:
    """Put an address into the book; one of the same type that is in it already is not put in twice.

    Raises:
        AddressBookFullError, InvalidInputError: See ``address_book.add``.
    """
    return await _get(session, user_id, await address_book.add(session, user_id, _form(body)))


async def change_address(session: AsyncSession, user_id: UUID, address_id: UUID, body: AddressBody) -> AddressOut:
    """Put another address in the place of one. Orders keep the one that they were placed with.

    Raises:
        AddressNotFoundError, InvalidInputError: See ``address_book.change``.
    """
    await address_book.change(session, user_id, address_id, _form(body))
    if body.is_default is False:
        await repository.unmake_default(session, user_id, address_id)
    return await _get(session, user_id, address_id)


async def _get(session: AsyncSession, user_id: UUID, address_id: UUID) -> AddressOut:
    row = await repository.find(session, user_id, address_id)
    if row is None:
        raise AddressNotFoundError(address_book.GONE)
    return _address(row)


def _form(body: AddressBody) -> SavedAddressForm:
    given = {name: value for name, value in body.model_dump().items() if value is not None}
    return SavedAddressForm(**given)


def _address(row: AddressRow) -> AddressOut:
    found = AddressOut.model_validate(row)
    empty = {name: None for name in ("address2", "state", "phone") if getattr(found, name) == ""}
    return found.model_copy(update=empty)
