"""Asking to hear when something sold out is back."""

from typing import Any
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError, ProductNotFoundError, ShopHubError
from shophub.schemas.community import StockAlertForm
from shophub.services import stock_alerts, throttles
from shophub.state.forms import parse_form
from shophub.state.guards import handler
from shophub.state.page_actions import focus
from shophub.state.session import ShopperState

SENTENCES = {"email": "Enter your e-mail address, such as name@example.com."}


class StockAlertState(ShopperState, rx.State):
    """The form below what is sold out. ``asked_for`` is the variant that was just asked for."""

    asked_for: rx.Field[str] = rx.field("")
    error: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def ask(self, form_data: dict[str, Any]) -> Any:
        """Note the address; the answer is the same whether or not it was noted before."""
        self.error, self.asked_for = "", ""
        variant_id = str(form_data.get("variant", ""))
        try:
            form = parse_form(StockAlertForm, {"email": form_data.get("alert-email", "")}, SENTENCES)
            await throttles.hit(throttles.Action.STOCK_ALERT, self.router.session.client_ip)
            async with transaction() as session:
                await stock_alerts.ask(session, _id(variant_id), form.email, await self._visitor(session))
        except InvalidInputError as error:
            self.error = error.fields.get("email", error.message)
            return focus("alert-email")
        except ShopHubError as error:
            self.error = error.message
            return focus("alert-email")
        self.asked_for = variant_id
        return focus("alert-done")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise ProductNotFoundError("We do not have that product.") from error
