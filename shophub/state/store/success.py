"""After paying: from "confirming" to the order number, by itself; or over days, or to another try."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import ShopHubError
from shophub.schemas.accounts import Visitor
from shophub.schemas.checkouts import CheckoutStatusView
from shophub.services import carts, checkouts
from shophub.services.flows.follow_payment import follow_payment
from shophub.services.live import Notice
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.session import ShopperState
from shophub.state.store.cart import CartState

WAIT_SECONDS = 1.0
RECONCILE_AFTER_SECONDS = 3.0
GIVE_UP_AFTER_SECONDS = 60.0
# A payment that is processing takes days: its page is woken by the database, and asks nobody meanwhile.
DECIDED = frozenset({"completed", "processing", "expired"})


class SuccessState(ShopperState, rx.State):
    """Where the checkout named in the address stands."""

    status: rx.Field[CheckoutStatusView] = rx.field(default_factory=CheckoutStatusView)
    loaded: rx.Field[str] = rx.field("")
    is_missing: rx.Field[bool] = rx.field(False)
    is_slow: rx.Field[bool] = rx.field(False)
    has_failed: rx.Field[bool] = rx.field(False)

    @handler(Permission.VISIT)
    async def load(self) -> Any:
        """Read the status, and wait where it is not decided yet."""
        self.is_missing, self.is_slow, self.status = False, False, CheckoutStatusView()
        given = parse_qs(urlsplit(str(self.router.url)).query)
        self.has_failed = given.get("redirect_status", [""])[0] == "failed"
        try:
            await self._show(UUID(given.get("checkout", [""])[0]))
        except (ShopHubError, ValueError):
            self.is_missing, self.loaded = True, "/checkout/success"
            return None
        live.watch(self, f"checkout:{self.status.id}")
        self.loaded = "/checkout/success"
        return None if self._is_decided() else SuccessState.wait

    @handler(Permission.VISIT, background=True)
    async def wait(self) -> None:
        """Look again until it is decided; after three seconds ask Stripe rather than trust in its message."""
        async with self:
            if self._is_decided() or not self.status.id:
                return
            checkout_id = UUID(self.status.id)
            visitor = await self._who()
        waited = 0.0
        while waited < GIVE_UP_AFTER_SECONDS:
            await asyncio.sleep(WAIT_SECONDS)
            waited += WAIT_SECONDS
            async with self:
                if self.status.id != str(checkout_id) or self._is_decided():
                    return
            has_failed = await self._ask_stripe(visitor, checkout_id, waited)
            async with self:
                await self._show(checkout_id)
                self.has_failed = self.has_failed or (has_failed and self.status.status == "open")
        async with self:
            self.is_slow = not self._is_decided()

    @staticmethod
    async def _ask_stripe(visitor: Visitor, checkout_id: UUID, waited: float) -> bool:
        if waited < RECONCILE_AFTER_SECONDS or waited % RECONCILE_AFTER_SECONDS:
            return False
        try:
            return await follow_payment(visitor, checkout_id)
        except ShopHubError:
            return False  # out of reach: the webhook or the worker will do it

    async def _refresh(self, notice: Notice) -> None:
        """Read the status again: the checkout has moved on."""
        if notice.id == self.status.id:
            await self._show(UUID(self.status.id))

    async def _show(self, checkout_id: UUID) -> None:
        """Read where the checkout stands; once it is an order, what was bought is no longer in the cart."""
        was_processing = self.status.status == "processing"
        async with transaction() as session:
            visitor = await self._visitor(session)
            self.status = await checkouts.get_status(session, checkout_id, visitor)
            cart = await carts.get_cart(session, checkouts.owner_of(visitor)) if self.status.order_number else None
        if self.status.status == "open":
            self.has_failed = self.has_failed or was_processing  # the bank has said no
        else:
            self.has_failed = False
        if cart is not None:
            cart_state = await self.get_state(CartState)
            cart_state._show(cart)

    def _is_decided(self) -> bool:
        return self.has_failed or self.status.status in DECIDED


live.refreshes("checkout", SuccessState, SuccessState._refresh)
