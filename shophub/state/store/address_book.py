"""The address book's page: its cards, or the form of one of them."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import reflex as rx
from reflex_components_sonner.toast import ToastAction

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import AddressNotFoundError, InvalidInputError, ShopHubError
from shophub.schemas.accounts import UserView
from shophub.schemas.address_book import SavedAddressForm
from shophub.schemas.checkouts import AddressView, SavedAddressView
from shophub.services import address_book
from shophub.state.forms import parse_form
from shophub.state.guards import handler
from shophub.state.page_actions import announce, focus
from shophub.state.session import ShopperState
from shophub.state.store.checkout_form import (
    SENTENCES,
    FieldErrors,
    Problem,
    address_as_entered,
    entered,
    summarise,
)

if TYPE_CHECKING:
    from shophub.db import AsyncSession

PAGE = "/account/addresses"
MAX_ADDRESSES = address_book.MAX_ADDRESSES
NEW = "new"
UNDO_MILLISECONDS = 8_000
SIGNED_OUT = "You have been signed out. Please sign in again."
SAVED = "The address is saved."


class AddressBookState(ShopperState, rx.State):
    """The customer's addresses. ``editing`` is the id of the one in the form, or ``new``, or empty."""

    addresses: rx.Field[tuple[SavedAddressView, ...]] = rx.field(default_factory=tuple)
    countries: rx.Field[tuple[tuple[str, str], ...]] = rx.field(default_factory=tuple)
    editing: rx.Field[str] = rx.field("")
    entry: rx.Field[SavedAddressView] = rx.field(default_factory=SavedAddressView)
    errors: rx.Field[FieldErrors] = rx.field(default_factory=FieldErrors)
    problems: rx.Field[list[Problem]] = rx.field(default_factory=list)
    message: rx.Field[str] = rx.field("")
    form_key: rx.Field[int] = rx.field(0)
    is_saving: rx.Field[bool] = rx.field(False)
    loaded: rx.Field[str] = rx.field("")
    _removed: dict[str, Any] = {}  # noqa: RUF012 - Reflex copies defaults per tab

    @handler(Permission.OWN_ACCOUNT)
    async def load(self) -> None:
        """Read the book."""
        self.editing, self.is_saving = "", False
        async with transaction() as session:
            await self._read(session)
            self.countries = await address_book.list_countries(session)
        self.loaded = PAGE

    @handler(Permission.OWN_ACCOUNT)
    async def begin(self, address_id: str) -> Any:
        """Open the form of an address; of a new one where none is named."""
        found = next((one for one in self.addresses if one.id == address_id), None)
        async with transaction() as session:
            user = await self._user(session)
        first = SavedAddressView(address=AddressView(full_name=user.full_name))
        self._fill(found or first)
        self.editing = found.id if found else NEW
        return focus("address-form-title")

    @handler(Permission.OWN_ACCOUNT)
    def leave(self) -> Any:
        """Close the form; nothing is kept."""
        left, self.editing = self.editing, ""
        return focus("add-address" if left == NEW else f"edit-{left}")

    @handler(Permission.OWN_ACCOUNT)
    async def save(self, form_data: dict[str, Any]) -> Any:
        """Keep what the form holds, or say what is wrong with it."""
        form = entered(form_data)
        is_default = bool(form_data.get("is_default"))
        self.is_saving = True
        yield
        try:
            async with transaction() as session:
                await self._save(session, {**form, "is_default": "true" if is_default else "false"})
                await self._read(session)
        except ShopHubError as error:
            self._fill(
                SavedAddressView(label=form.get("label", ""), is_default=is_default, address=address_as_entered(form))
            )
            fields = error.fields if isinstance(error, InvalidInputError) else {}
            self.errors, self.problems, self.message, target = summarise(fields, error.message)
            self.is_saving = False
            yield focus(target)
            return
        self.editing, self.is_saving = "", False
        yield [announce(SAVED), focus("addresses-title")]

    @handler(Permission.OWN_ACCOUNT)
    async def make_default(self, address_id: str) -> Any:
        """Have checkouts begin with this address."""
        try:
            async with transaction() as session:
                user = await self._user(session)
                await address_book.make_default(session, user.id, _id(address_id))
                await self._read(session)
        except ShopHubError as error:
            return await self._say(error)
        return [announce("This is your default address now."), focus(f"edit-{address_id}")]

    @handler(Permission.OWN_ACCOUNT)
    async def remove(self, address_id: str) -> Any:
        """Take an address out of the book, with a way back."""
        ids = [one.id for one in self.addresses]
        try:
            async with transaction() as session:
                user = await self._user(session)
                removed = await address_book.remove(session, user.id, _id(address_id))
                await self._read(session)
        except ShopHubError as error:
            return await self._say(error)
        self._removed = {**self._removed, address_id: removed}
        undo = ToastAction(label="Undo", on_click=AddressBookState.put_back(address_id))
        after = ids[ids.index(address_id) + 1 :] if address_id in ids else []
        return [
            rx.toast("The address was deleted.", action=undo, duration=UNDO_MILLISECONDS),
            focus(f"edit-{after[0]}" if after else "addresses-title"),
        ]

    @handler(Permission.OWN_ACCOUNT)
    async def put_back(self, address_id: str) -> Any:
        """Undo a removal of this tab."""
        removed = self._removed.get(address_id)
        if removed is None:
            return None
        try:
            async with transaction() as session:
                user = await self._user(session)
                await address_book.put_back(session, user.id, removed)
                await self._read(session)
        except ShopHubError as error:
            return await self._say(error)
        return [announce("The address is back."), focus(f"edit-{address_id}")]

    async def _save(self, session: "AsyncSession", form: dict[str, str]) -> None:
        user, given = await self._user(session), parse_form(SavedAddressForm, form, SENTENCES)
        if self.editing == NEW:
            await address_book.add(session, user.id, given)
        else:
            await address_book.change(session, user.id, _id(self.editing), given)

    def _fill(self, entry: SavedAddressView) -> None:
        """Put an address into the form, with nothing wrong with it yet."""
        self.entry, self.form_key = entry, self.form_key + 1
        self.errors, self.problems, self.message = FieldErrors(), [], ""

    async def _say(self, error: ShopHubError) -> Any:
        """Show what the book holds now, and why nothing was done."""
        async with transaction() as session:
            await self._read(session)
        return rx.toast.error(error.message, id="addresses")

    async def _user(self, session: "AsyncSession") -> UserView:
        """Return who asks; the guard has just let them in.

        Raises:
            AddressNotFoundError: The session ended in between.
        """
        user = (await self._visitor(session)).user
        if user is None:
            raise AddressNotFoundError(SIGNED_OUT)
        return user

    async def _read(self, session: "AsyncSession") -> None:
        user = (await self._visitor(session)).user
        self.addresses = await address_book.list_addresses(session, user.id) if user else ()


def _id(address_id: str) -> UUID:
    try:
        return UUID(address_id)
    except ValueError as error:
        raise AddressNotFoundError(address_book.GONE) from error
