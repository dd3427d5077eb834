"""The cart, as every page shows it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

import reflex as rx
from reflex_components_sonner.toast import ToastAction

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.domain.visits import Step
from shophub.errors import InvalidInputError, NotFoundError, ShopHubError
from shophub.schemas.carts import CartLineView, CartOwner, CartView
from shophub.services import carts, throttles
from shophub.services.flows.fill_cart import add_to_cart
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.page_actions import focus
from shophub.state.session import ShopperState
from shophub.state.store.live_cards import SETTINGS_KIND

if TYPE_CHECKING:
    from shophub.db import AsyncSession

UNDO_MILLISECONDS = 8_000


class CartState(ShopperState, rx.State):
    """What is in the cart. ``epoch`` changes with every answer."""

    cart: rx.Field[CartView] = rx.field(default_factory=CartView)
    epoch: rx.Field[int] = rx.field(0)
    coupon_error: rx.Field[str] = rx.field("")
    is_loaded: rx.Field[bool] = rx.field(False)

    @handler(Permission.VISIT)
    async def load(self) -> None:
        """Read the cart afresh."""
        async with transaction() as session:
            cart = await carts.get_cart(session, await self._owner(session))
        self._show(cart)

    @handler(Permission.VISIT)
    async def set_quantity(self, line_id: str, quantity: int) -> Any:
        """Change how many of a line."""
        return await self._change(
            lambda session, owner: carts.set_quantity(session, owner, _id(line_id), _quantity(quantity))
        )

    @handler(Permission.VISIT)
    async def remove(self, line_id: str) -> Any:
        """Take a line out, with a way back."""
        lines = [*self.cart.lines, *self.cart.saved]
        line = next((one for one in lines if one.id == line_id), None)
        following = _after(self.cart.lines, line_id)
        failure = await self._change(lambda session, owner: carts.remove_line(session, owner, _id(line_id)))
        if failure is not None or line is None:
            return failure
        undo = ToastAction(label="Undo", on_click=CartState.put_back(line.variant_id, line.quantity))
        return [
            rx.toast(f"{line.name} was removed.", action=undo, duration=UNDO_MILLISECONDS),
            focus(f"remove-{following}" if following else "cart-title"),
        ]

    @handler(Permission.VISIT)
    async def put_back(self, variant_id: str, quantity: int) -> Any:
        """Undo a removal."""
        try:
            async with transaction() as session:
                owner = await self._owner(session)
            self._show(await add_to_cart(owner, _id(variant_id), _quantity(quantity)))
        except ShopHubError as error:
            return await self._show_refusal(error)
        return None

    @handler(Permission.VISIT)
    async def save_for_later(self, line_id: str) -> Any:
        """Put a line aside."""
        return await self._change(lambda session, owner: carts.save_for_later(session, owner, _id(line_id)))

    @handler(Permission.VISIT)
    async def move_to_cart(self, line_id: str) -> Any:
        """Take a line that was put aside back."""
        return await self._change(lambda session, owner: carts.move_to_cart(session, owner, _id(line_id)))

    @handler(Permission.VISIT)
    async def apply_coupon(self, form_data: dict[str, Any]) -> None:
        """Try a coupon code."""
        self.coupon_error = ""
        code = str(form_data.get("code", "")).strip()
        if not code:
            self.coupon_error = "Enter a code."
            return
        try:
            await throttles.hit(throttles.Action.COUPON, self.router.session.client_ip)
            async with transaction() as session:
                cart = await carts.apply_coupon(session, await self._owner(session), code)
        except ShopHubError as error:
            self.coupon_error = error.message
            return
        self._show(cart)

    @handler(Permission.VISIT)
    async def remove_coupon(self) -> Any:
        """Do without the coupon."""
        return await self._change(carts.remove_coupon)

    async def _change(self, act: "Callable[[AsyncSession, CartOwner], Awaitable[CartView]]") -> Any:
        """Do one thing to the visitor's cart; on refusal say why and show the cart as it is."""
        try:
            async with transaction() as session:
                cart = await act(session, await self._owner(session))
        except ShopHubError as error:
            return await self._show_refusal(error)
        self._show(cart)
        return None

    async def _show_refusal(self, error: ShopHubError) -> Any:
        """Say why something could not be done, and show the cart as it is."""
        async with transaction() as session:
            cart = await carts.get_cart(session, await self._owner(session))
        self._show(cart)
        return rx.toast.error(error.message)

    async def _refresh(self, notice: Notice) -> None:
        """Show the cart as it is now: price or stock of something in it, or the store's settings, changed somewhere.

        What the shopper was told stays in sight, and what they are typing is left alone (``epoch`` stays).
        """
        shown = {line.variant_id for line in (*self.cart.lines, *self.cart.saved)}
        if not shown or (notice.kind != SETTINGS_KIND and notice.id not in shown):
            return
        async with transaction() as session:
            cart = await carts.get_cart(session, await self._owner(session))
        cart = replace(cart, notices=tuple(dict.fromkeys((*self.cart.notices, *cart.notices))))
        if cart != self.cart:
            self.cart = cart
            self._watch()

    def _show(self, cart: CartView) -> None:
        if cart.lines:
            self._came_to(Step.CART)
        self.cart = cart
        self.epoch += 1
        self.is_loaded = True
        self._watch()

    def _watch(self) -> None:
        live.watch(self, *(f"variant:{line.variant_id}" for line in (*self.cart.lines, *self.cart.saved)))


for _kind in ("variant", SETTINGS_KIND):
    live.refreshes(_kind, CartState, CartState._refresh)


def _id(text: str) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as error:
        raise NotFoundError("That is not in your cart any more.") from error


def _quantity(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInputError("The quantity must be a whole number.")
    return value


def _after(lines: tuple[CartLineView, ...], line_id: str) -> str:
    """Return the line that takes the focus when ``line_id`` goes: the next, else the one before."""
    ids = [line.id for line in lines]
    if line_id not in ids or len(ids) == 1:
        return ""
    place = ids.index(line_id)
    return ids[place + 1] if place + 1 < len(ids) else ids[place - 1]
