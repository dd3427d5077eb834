"""``/admin/settings``"""

import reflex as rx

from shophub.components.admin import settings as parts
from shophub.components.admin.search_words import SearchWords, search_card
from shophub.components.admin.settings_fields import SettingsBinding
from shophub.components.ui.basics import skeleton
from shophub.pages.admin.layout import admin_page
from shophub.state.admin.search_words import SearchWordsState
from shophub.state.admin.settings import SettingsState

SETTINGS = SettingsBinding(
    view=SettingsState.view,
    errors=SettingsState.errors,
    conflict_part=SettingsState.conflict_part,
    conflict_text=SettingsState.conflict_text,
    plan=SettingsState.plan,
    currencies=SettingsState.currencies,
    epoch=SettingsState.epoch,
    load=SettingsState.load,
    save=SettingsState.save,
    switch=SettingsState.switch,
    plan_currency=SettingsState.plan_currency,
    change_currency=SettingsState.change_currency,
)
WORDS = SearchWords(
    groups=SearchWordsState.groups,
    searches=SearchWordsState.searches,
    search_count=SearchWordsState.search_count,
    page=SearchWordsState.page,
    page_count=SearchWordsState.page_count,
    begun=SearchWordsState.begun,
    error=SearchWordsState.error,
    epoch=SearchWordsState.epoch,
    add=SearchWordsState.add,
    undo=SearchWordsState.undo,
    begin=SearchWordsState.begin,
    remove=SearchWordsState.remove,
    turn=SearchWordsState.turn,
)
MENU = (
    ("Store", "store"),
    ("Prices and tax", "prices"),
    ("Delivery", "delivery"),
    ("Stock", "stock"),
    ("Features", "features"),
    ("Checkout", "checkout"),
    ("Maintenance", "maintenance"),
    ("Security", "security"),
    ("Search", "search"),
    ("Texts", "texts"),
)
LINK = "flex min-h-9 shrink-0 items-center rounded-md px-2.5 font-medium text-ink-2 hover:bg-hover hover:text-ink"


def _menu() -> rx.Component:
    return rx.el.nav(
        *(rx.el.a(label, href=f"#{anchor}", class_name=LINK) for label, anchor in MENU),
        class_name="-mx-4 flex gap-0.5 overflow-x-auto px-4 [scrollbar-width:none] lg:sticky lg:top-20 lg:mx-0 lg:grid "
        "lg:px-0",
        custom_attrs={"aria-label": "Parts of the settings"},
    )


def _skeleton() -> rx.Component:
    return rx.el.div(
        skeleton("h-7 w-40 rounded-md"),
        skeleton("h-96 rounded-lg"),
        skeleton("h-64 rounded-lg"),
        class_name="grid gap-5",
        role="group",
        custom_attrs={"aria-busy": "true", "aria-label": "Loading"},
    )


def settings() -> rx.Component:
    """Everything that the shop can be set to."""
    return admin_page(
        "Settings",
        rx.el.div(
            _menu(),
            rx.el.div(
                parts.store_card(SETTINGS),
                parts.tax_card(SETTINGS),
                parts.delivery_card(SETTINGS),
                parts.stock_card(SETTINGS),
                parts.features_card(SETTINGS),
                parts.checkout_card(SETTINGS),
                parts.maintenance_card(SETTINGS),
                parts.security_card(SETTINGS),
                search_card(WORDS),
                parts.texts_card(),
                class_name="grid min-w-0 max-w-3xl gap-5",
            ),
            class_name="grid items-start gap-5 lg:grid-cols-[11rem_minmax(0,1fr)] lg:gap-8",
        ),
        lead="What is saved here holds everywhere at once.",
        loaded=SettingsState.loaded,
        fallback=_skeleton(),
        overlays=(parts.currency_dialog(SETTINGS),),
    )
