"""The footer."""

import reflex as rx

from shophub.components.store.header import logo
from shophub.components.ui.local import SlashSwitch, ThemeControl
from shophub.lib import ui_classes as ui
from shophub.lib.ui_links import ACCOUNT_LINKS, HELP_LINKS, SHOP_LINKS
from shophub.lib.ui_texts import FOOTER_LEAD


def _column(heading: str, links: tuple[tuple[str, str], ...]) -> rx.Component:
    return rx.el.nav(
        rx.el.h2(heading, class_name=ui.FOOTER_HEADING),
        rx.el.ul(*(rx.el.li(rx.el.a(text, href=url, class_name=ui.FOOTER_LINK)) for text, url in links)),
        custom_attrs={"aria-label": heading},
    )


def footer(store_name: rx.Var[str], logo_url: rx.Var[str]) -> rx.Component:
    """The footer of every shop page."""
    return rx.el.footer(
        rx.el.div(
            rx.el.div(
                logo(store_name, logo_url),
                rx.el.p(FOOTER_LEAD, class_name="mt-1 max-w-[30ch] text-ink-2"),
            ),
            _column("Shop", SHOP_LINKS),
            _column("Help", HELP_LINKS),
            _column("Account", ACCOUNT_LINKS),
            class_name=ui.FOOTER_GRID,
        ),
        rx.el.div(
            rx.el.p("© ", store_name),
            rx.el.div(
                SlashSwitch.create(label="Search with the / key"),
                ThemeControl.create(name="theme"),
                class_name="flex flex-wrap items-center gap-x-6 gap-y-2",
            ),
            class_name=ui.FOOTER_BASE,
        ),
        class_name=ui.FOOTER,
    )
