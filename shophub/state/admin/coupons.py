"""The staff's coupons: the list, and the form of one with what its terms come to."""

from dataclasses import fields as fields_of_class
from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx

from shophub.db import AsyncSession, transaction
from shophub.domain.permissions import Permission
from shophub.errors import ConflictError, CouponCodeTakenError, InvalidInputError, ShopHubError, UnknownCouponError
from shophub.lib.ui_ids import DELETE_COUPON_DIALOG
from shophub.schemas.coupon_pages import CategoryChoice, CouponErrors, CouponFields, CouponLine, CouponPreview
from shophub.schemas.coupons import parse_coupon
from shophub.services import coupon_pages, coupons, stores
from shophub.services.coupon_pages import COUPONS
from shophub.state.admin.table import TableState, asked
from shophub.state.guards import handler
from shophub.state.page_actions import announce, close_dialog, focus
from shophub.state.session import AdminState

TEXTS = frozenset(one.name for one in fields_of_class(CouponFields) if one.type in (str, "str"))
TICKS = frozenset({"first_order_only", "is_active"})
MAX_CODES = 1_000
MAX_TYPED = 600


class CouponsState(AdminState, rx.State):
    """A page of the list."""

    lines: rx.Field[tuple[CouponLine, ...]] = rx.field(default_factory=tuple)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.MANAGE_COUPONS)
    async def load(self) -> None:
        """Read the page that the address asks for."""
        await self._read()
        self.loaded = COUPONS.path

    @handler(Permission.MANAGE_COUPONS)
    async def switch(self, coupon_id: str, is_on: bool) -> Any:
        """Switch a coupon of the page on or off; the other way round takes it back."""
        line = next((one for one in self.lines if one.id == coupon_id), None)
        if line is None:
            return None
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                await coupons.set_coupon_active(session, UUID(line.id), is_on, actor=actor)
        except ShopHubError as error:
            return rx.toast.error(error.message, id="coupon")
        await self._read()
        return rx.toast.success(f"{line.code} is {'on' if is_on else 'off'} now.", id="coupon")

    async def _read(self) -> None:
        query = asked(self, COUPONS)
        async with transaction() as session:
            visitor = await self._visitor(session)
            page = await coupon_pages.list_coupons(session, query, visitor.user.id if visitor.user else None)
        self.lines = page.lines
        tables = await self.get_state(TableState)
        tables._show(COUPONS, query, page.table, [line.id for line in page.lines])


class CouponState(AdminState, rx.State):
    """The form of one coupon. ``fields`` is what it began with, ``preview`` what is typed now comes to."""

    fields: rx.Field[CouponFields] = rx.field(default_factory=CouponFields)
    preview: rx.Field[CouponPreview] = rx.field(default_factory=CouponPreview)
    categories: rx.Field[tuple[CategoryChoice, ...]] = rx.field(default_factory=tuple)
    kind: rx.Field[str] = rx.field("PERCENTAGE")
    errors: rx.Field[CouponErrors] = rx.field(default_factory=CouponErrors)
    currency: rx.Field[str] = rx.field("USD")
    loaded: rx.Field[str] = rx.field("")
    title: rx.Field[str] = rx.field("")
    is_new: rx.Field[bool] = rx.field(True)
    is_missing: rx.Field[bool] = rx.field(False)
    uses_text: rx.Field[str] = rx.field("")
    epoch: rx.Field[int] = rx.field(0)
    codes: rx.Field[list[str]] = rx.field(default_factory=list)
    _typed: CouponFields = CouponFields()
    _coupon_id: UUID | None = None

    @handler(Permission.MANAGE_COUPONS)
    async def load(self) -> None:
        """Read the coupon that the address names, or begin a new one."""
        epoch = self.epoch + 1
        self.reset()
        self.epoch = epoch
        path = self.router.url.path
        named = path.rstrip("/").rpartition("/")[2]
        async with transaction() as session:
            self.currency = (await stores.get_store(session)).currency
            await self._read(session, "" if named == "new" else named)
        self.loaded = path

    @handler(Permission.MANAGE_COUPONS)
    async def note(self, name: str, typed: str) -> None:
        """Note what was typed into a field, and show what it comes to."""
        if name in TEXTS:
            self._note({name: typed[:MAX_TYPED]})

    @handler(Permission.MANAGE_COUPONS)
    async def tick(self, name: str, is_on: bool) -> None:
        """Note a tick."""
        if name in TICKS:
            self._note({name: is_on})

    @handler(Permission.MANAGE_COUPONS)
    async def choose_category(self, slug: str, is_on: bool) -> None:
        """Note whether the coupon is for a category."""
        others = tuple(one for one in self._typed.categories if one != slug)
        if slug in {one.slug for one in self.categories}:
            self._note({"categories": (*others, slug) if is_on else others})

    @handler(Permission.MANAGE_COUPONS)
    async def make_up(self) -> Any:
        """Put a code into the form that nobody guesses."""
        code = coupon_pages.random_code()
        self._note({"code": code})
        self.fields, self.epoch = self._typed, self.epoch + 1
        return announce(f"The code is {code}.")

    @handler(Permission.MANAGE_COUPONS)
    async def save(self, form_data: dict[str, Any]) -> Any:
        """Store what was typed: a new coupon, changes of one, or many codes at once."""
        self._note({name: str(form_data[name])[:MAX_TYPED] for name in TEXTS if name in form_data})
        self.errors = CouponErrors()
        count = str(form_data.get("count", "")).strip() or "1"
        try:
            if not (count.isascii() and count.isdigit() and len(count) < 5 and 1 <= int(count) <= MAX_CODES):
                sentence = f"Make 1 to {MAX_CODES:,} codes at once."
                raise InvalidInputError(sentence, {"count": sentence})
            async with transaction() as session:
                return await self._store(session, int(count))
        except InvalidInputError as error:
            self.errors = coupon_pages.shown_errors(error, self._typed.discount_type)
            wrong = [name for name, sentence in vars(self.errors).items() if sentence]
            return focus(wrong[0]) if wrong else rx.toast.error(error.message, id="coupon")
        except CouponCodeTakenError as error:
            self.errors = CouponErrors(code=error.message)
            return focus("code")
        except ShopHubError as error:
            return rx.toast.error(error.message, id="coupon")

    @handler(Permission.MANAGE_COUPONS)
    async def download(self) -> Any:
        """Hand over the codes that were made, one in a line."""
        return rx.download(data="\r\n".join(["code", *self.codes]) + "\r\n", filename="coupon-codes.csv")

    @handler(Permission.MANAGE_COUPONS, step_up=True)
    async def delete(self) -> Any:
        """Delete the coupon."""
        if self._coupon_id is None:
            return None
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                await coupons.delete_coupon(session, self._coupon_id, actor=actor)
        except UnknownCouponError:
            self.is_missing = True
        said = rx.toast.success(f"The coupon {self.fields.code} was deleted.", id="coupon")
        return [close_dialog(DELETE_COUPON_DIALOG), said, rx.redirect(COUPONS.path)]

    async def _store(self, session: AsyncSession, count: int) -> Any:
        if await stores.hold_currency(session) != self.currency:
            raise ConflictError(
                "The store's currency was changed meanwhile. Load the page again, then look at amounts."
            )
        actor = self._actor(await self._visitor(session))
        if self._coupon_id is not None:
            changed = coupon_pages.changes(self.fields, self._typed, self.currency)
            await coupons.update_coupon(session, self._coupon_id, changed, actor=actor)
            await self._read(session, str(self._coupon_id))
            self.epoch += 1
            return rx.toast.success("Saved. Carts follow at their next step.", id="coupon")
        form = parse_coupon(coupon_pages.form_data(self._typed, self.currency))
        if count > 1:
            single = coupon_pages.single_use(form)
            codes = coupon_pages.codes_of(form.code, count)
            self.codes = await coupons.create_many(session, single, codes, actor=actor)
            return [announce(f"{len(self.codes)} codes were made."), focus("codes-title")]
        made = await coupons.create_coupon(session, form, actor=actor)
        return [rx.toast.success(f"{made.code} was made.", id="coupon"), rx.redirect(f"{COUPONS.path}/{made.id}")]

    async def _read(self, session: AsyncSession, named: str) -> None:
        names = await coupon_pages.list_categories(session)
        if not named:
            self.fields, self.title = coupon_pages.new_fields(), "New coupon"
        else:
            try:
                self._coupon_id = UUID(named)
                coupon = await coupons.get_coupon(session, self._coupon_id)
            except (ValueError, UnknownCouponError):
                self.title, self.is_missing = "Coupon not found", True
                return
            self.fields = coupon_pages.fields_of(coupon, self.currency)
            self.title, self.is_new = coupon.code, False
            self.uses_text = f"Used {coupon.used:,} times" if coupon.used != 1 else "Used once"
        self._typed = self.fields
        self.categories = tuple(CategoryChoice(slug, name, slug in self.fields.categories) for slug, name in names)
        self._note({})

    def _note(self, changed: dict[str, Any]) -> None:
        self._typed = replace(self._typed, **changed)
        self.kind = self._typed.discount_type
        names = [(one.slug, one.name) for one in self.categories]
        self.preview = coupon_pages.preview(self._typed, self.currency, names)
