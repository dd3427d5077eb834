"""The page of the settings: a part is saved as a whole, a switch at once, the currency after a second look."""

from typing import Any

import reflex as rx
from reflex_components_sonner.toast import ToastAction

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.domain.store_settings import SWITCHES, SettingsPart
from shophub.errors import InvalidInputError, SettingsChangedError, ShopHubError
from shophub.lib.ui_ids import CURRENCY_DIALOG
from shophub.schemas.store_settings import CurrencyPlan, SettingsErrors, SettingsView
from shophub.services import currency_change, store_settings
from shophub.state.guards import handler
from shophub.state.page_actions import announce, close_dialog, focus, open_dialog
from shophub.state.session import AdminState

PATH = "/admin/settings"
UNDO_MILLISECONDS = 8_000
COUNTRY = "country-"
# What a field is called on the page, where it is not the name of its setting.
NAMES = {"ship_to_countries": "countries"}


class SettingsState(AdminState, rx.State):
    """All settings as they were read last. Fields keep what is typed until their part's version changes."""

    view: rx.Field[SettingsView] = rx.field(default_factory=SettingsView)
    errors: rx.Field[SettingsErrors] = rx.field(default_factory=SettingsErrors)
    conflict_part: rx.Field[str] = rx.field("")
    conflict_text: rx.Field[str] = rx.field("")
    plan: rx.Field[CurrencyPlan] = rx.field(default_factory=CurrencyPlan)
    currencies: rx.Field[list[tuple[str, str]]] = rx.field(default_factory=list)
    epoch: rx.Field[int] = rx.field(0)
    loaded: rx.Field[str] = rx.field("")

    @handler(Permission.MANAGE_SETTINGS)
    async def load(self) -> None:
        """Read all settings; what was typed and not saved is gone."""
        async with transaction() as session:
            self._show(await store_settings.get_settings(session))
        self.currencies = list(store_settings.all_currencies())
        self.plan = CurrencyPlan()
        self.epoch += 1
        self.loaded = PATH

    @handler(Permission.MANAGE_SETTINGS, step_up=True)
    async def save(self, form_data: dict[str, Any]) -> Any:
        """Save the part that a form stands for; what is wrong is said beside its place."""
        self.errors, self.conflict_part, self.conflict_text = SettingsErrors(), "", ""
        try:
            part = SettingsPart(str(form_data.get("part", "")))
        except ValueError:
            return rx.toast.error("This form cannot be read. Load the page again.")
        if part is SettingsPart.SWITCHES:
            return None
        fields = {name: str(value) for name, value in form_data.items() if name in part.columns}
        chosen = [name.removeprefix(COUNTRY) for name in form_data if name.startswith(COUNTRY)]
        version = str(getattr(self.view, f"{part.value}_version"))
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                self._show(
                    await store_settings.save(session, part, fields, version=version, actor=actor, countries=chosen)
                )
        except SettingsChangedError as error:
            self.conflict_part, self.conflict_text = part.value, error.message
            return announce(error.message)
        except InvalidInputError as error:
            self.errors = SettingsErrors(**error.fields)
            first = next(iter(error.fields), "")
            return [focus(NAMES.get(first, first)), announce(error.message)]
        except ShopHubError as error:
            return rx.toast.error(error.message)
        return rx.toast.success("Saved.")

    @handler(Permission.MANAGE_SETTINGS, step_up=True)
    async def switch(self, name: str, is_on: bool) -> Any:
        """Switch something on or off, for everybody and at once; it can be taken back."""
        if not await self._switch(name, is_on):
            return rx.toast.error(self.conflict_text)
        undo = ToastAction(label="Undo", on_click=SettingsState.undo_switch(name, not is_on))
        said = f"{SWITCHES[name]}: {'on' if is_on else 'off'}."
        return rx.toast(said, action=undo, duration=UNDO_MILLISECONDS, id=f"switch-{name}")

    @handler(Permission.MANAGE_SETTINGS, step_up=True)
    async def undo_switch(self, name: str, is_on: bool) -> Any:
        """Put a switch back."""
        if not await self._switch(name, is_on):
            return rx.toast.error(self.conflict_text)
        return announce(f"{SWITCHES[name]}: {'on' if is_on else 'off'} again.")

    async def _switch(self, name: str, is_on: bool) -> bool:
        try:
            async with transaction() as session:
                visitor = await self._visitor(session)
                actor = self._actor(visitor)
                view = await store_settings.switch(session, name, is_on is True, visitor=visitor, actor=actor)
        except ShopHubError as error:
            self.conflict_text = error.message
            return False
        self._show(view)
        return True

    @handler(Permission.MANAGE_SETTINGS)
    async def plan_currency(self, form_data: dict[str, Any]) -> Any:
        """Say what another currency would change, before anything does."""
        self.errors = SettingsErrors()
        try:
            async with transaction() as session:
                self.plan = await currency_change.plan(session, str(form_data.get("currency", "")))
        except InvalidInputError as error:
            self.errors = SettingsErrors(currency=error.message)
            return focus("currency")
        return open_dialog(CURRENCY_DIALOG)

    @handler(Permission.MANAGE_SETTINGS, step_up=True)
    async def change_currency(self) -> Any:
        """Sell in the currency that was just looked at."""
        plan = self.plan
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                view = await currency_change.change(session, plan.after, before=plan.before, actor=actor)
        except ShopHubError as error:
            return [close_dialog(CURRENCY_DIALOG), rx.toast.error(error.message)]
        self._show(view)
        self.epoch += 1
        return [close_dialog(CURRENCY_DIALOG), rx.toast.success(f"The shop sells in {view.currency} now.")]

    def _show(self, view: SettingsView) -> None:
        self.view, self.errors, self.conflict_part, self.conflict_text = view, SettingsErrors(), "", ""
