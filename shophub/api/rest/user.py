"""The account that is asking: its profile and its address book."""

from uuid import UUID

from fastapi import APIRouter

from shophub.api.dependencies import PageDep, SameOrigin, SessionDep
from shophub.api.description.refusals import refuses
from shophub.api.permissions import CustomerDep
from shophub.errors import AddressBookFullError, AddressNotFoundError
from shophub.schemas.api.base import PageOut
from shophub.schemas.api.user import AddressBody, AddressOut, ProfileBody, ProfileOut
from shophub.services import address_book
from shophub.services.rest import user as rest_user

router = APIRouter(prefix="/api/user", tags=["user"], dependencies=[SameOrigin])


@router.get("/profile")
async def get_profile(session: SessionDep, user: CustomerDep) -> ProfileOut:
    """Return the caller's account."""
    return await rest_user.get_profile(session, user.id)


@router.put("/profile")
async def put_profile(body: ProfileBody, session: SessionDep, user: CustomerDep) -> ProfileOut:
    """Change the caller's name, and which e-mails they want. Orders keep the name that they were placed under."""
    return await rest_user.change_profile(session, user.id, body)


@router.get("/addresses")
async def get_addresses(session: SessionDep, user: CustomerDep, page: PageDep) -> PageOut[AddressOut]:
    """List the caller's address book, the default address first, then the newest."""
    return await rest_user.list_addresses(session, user.id, page)


@router.post("/addresses", status_code=201, openapi_extra=refuses(AddressBookFullError))
async def post_address(body: AddressBody, session: SessionDep, user: CustomerDep) -> AddressOut:
    """Put an address into the book. The first is the default one; what is in it already is not put in twice."""
    return await rest_user.add_address(session, user.id, body)


@router.put("/addresses/{address_id}", openapi_extra=refuses(AddressNotFoundError))
async def put_address(address_id: UUID, body: AddressBody, session: SessionDep, user: CustomerDep) -> AddressOut:
    """Put another address in the place of one of the book's. Orders keep the one that they were placed with."""
    return await rest_user.change_address(session, user.id, address_id, body)


@router.delete("/addresses/{address_id}", status_code=204, openapi_extra=refuses(AddressNotFoundError))
async def delete_address(address_id: UUID, session: SessionDep, user: CustomerDep) -> None:
    """Take an address out of the book."""
    await address_book.remove(session, user.id, address_id)
