"""The password or a code, entered once more before something that a stolen session must not do."""

from typing import Any

import reflex as rx
from pydantic import ValidationError

from shophub.domain.permissions import Permission
from shophub.errors import BusyError, ThrottledError, UnauthenticatedError, WrongCodeError, WrongCredentialsError
from shophub.lib.ui_ids import STEP_UP_DIALOG
from shophub.schemas.accounts import Origin, StepUpForm
from shophub.services.flows.step_up import step_up
from shophub.state.guards import handler, turn_away
from shophub.state.page_actions import announce, close_dialog, focus
from shophub.state.session import ShopperState

CONFIRMED = "Confirmed. Press the button again to go on."
PASSWORD_FIELD = "step_up_password"  # noqa: S105 - the name of a field
CODE_FIELD = "step_up_code"


class StepUpState(ShopperState, rx.State):
    """What the dialog asks for and what was wrong; what was typed into it is never kept."""

    with_code: rx.Field[bool] = rx.field(False)
    error: rx.Field[str] = rx.field("")

    @handler(Permission.OWN_ACCOUNT)
    async def confirm(self, form_data: dict[str, Any]) -> Any:
        """Check what was typed; the page stays as it is, and its button can be pressed again."""
        self.error = ""
        field = CODE_FIELD if self.with_code else PASSWORD_FIELD
        try:
            form = StepUpForm.model_validate(
                {"totp": form_data.get(CODE_FIELD)} if self.with_code else {"password": form_data.get(PASSWORD_FIELD)}
            )
            await step_up(await self._who(), form, Origin(network_address=self.router.session.client_ip))
        except ValidationError:
            self.error = "Enter the code." if self.with_code else "Enter your password."
            return focus(field)
        except ThrottledError as error:
            minutes = (error.retry_after_seconds + 59) // 60
            self.error = f"Too many tries. Please try again in {minutes} minute{'s' if minutes != 1 else ''}."
            return focus(field)
        except (WrongCredentialsError, WrongCodeError, BusyError) as error:
            self.error = error.message
            return focus(field)
        except UnauthenticatedError as error:
            return turn_away(self, error)
        return [close_dialog(STEP_UP_DIALOG), rx.toast(CONFIRMED, id="step-up"), announce(CONFIRMED)]

    @handler(Permission.VISIT)
    async def use_other(self) -> Any:
        """Ask for the other of the two."""
        self.error = ""
        self.with_code = not self.with_code
        return focus(CODE_FIELD if self.with_code else PASSWORD_FIELD)

    @handler(Permission.VISIT)
    async def forget(self) -> None:
        """Begin anew the next time the dialog opens."""
        self.error = ""
        self.with_code = False
