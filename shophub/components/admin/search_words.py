"""The part of the settings about search: words that mean the same, and searches without results."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_button, admin_empty
from shophub.components.admin.order_fields import admin_field
from shophub.components.admin.settings_fields import settings_card
from shophub.components.ui.icons import icon
from shophub.lib import ui_admin as ui
from shophub.schemas.search import EmptySearchView


@dataclass(frozen=True)
class SearchWords:
    """What is shown, and the events behind the buttons."""

    groups: rx.Var[Sequence[str]]
    searches: rx.Var[Sequence[EmptySearchView]]
    search_count: rx.Var[int]
    page: rx.Var[int]
    page_count: rx.Var[int]
    begun: rx.Var[str]
    error: rx.Var[str]
    epoch: rx.Var[int]
    add: Any
    undo: Any
    begin: Callable[..., Any]
    remove: Callable[..., Any]
    turn: Callable[..., Any]


def _group(words: SearchWords, line: rx.Var[str]) -> rx.Component:
    return rx.el.li(
        rx.el.span(line, class_name="min-w-0 break-words"),
        rx.el.button(
            icon("close", "size-4"),
            type="button",
            on_click=words.remove(line),
            class_name=ui.ICON_BUTTON,
            custom_attrs={"aria-label": f"Remove {line}"},
        ),
        class_name="flex min-h-10 items-center justify-between gap-2 border-t border-line first:border-t-0",
    )


def _search(words: SearchWords, one: rx.Var[EmptySearchView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(one.query, class_name=f"{ui.TD} break-words font-medium text-ink"),
        rx.el.td(one.count, class_name=ui.TD_NUMBER),
        rx.el.td(
            rx.el.time(one.last_seen_text, custom_attrs={"dateTime": one.last_seen_iso}),
            class_name=f"{ui.TD} hidden text-ink-2 sm:table-cell",
        ),
        rx.el.td(
            admin_button(
                "Add as synonym",
                kind="quiet",
                on_click=words.begin(one.query),
                custom_attrs={"aria-label": f"Add as synonym: {one.query}"},
            ),
            class_name=f"{ui.TD} text-right",
        ),
        class_name=ui.TR,
    )


def _searches(words: SearchWords) -> rx.Component:
    pager = rx.el.nav(
        admin_button("Earlier page", kind="secondary", on_click=words.turn(words.page - 1), disabled=words.page <= 1),
        rx.el.span(f"{words.page} of {words.page_count}", class_name="tnum text-ink-2"),
        admin_button(
            "Later page", kind="secondary", on_click=words.turn(words.page + 1), disabled=words.page >= words.page_count
        ),
        class_name="flex items-center justify-between gap-2 border-t border-line pt-3",
        custom_attrs={"aria-label": "Pages of searches"},
    )
    table = rx.el.table(
        rx.el.thead(
            rx.el.tr(
                rx.el.th("Search", scope="col", class_name=ui.TH),
                rx.el.th("Times", scope="col", class_name=f"{ui.TH} text-right"),
                rx.el.th("Last", scope="col", class_name=f"{ui.TH} hidden sm:table-cell"),
                rx.el.th(rx.el.span("Action", class_name="sr-only"), scope="col", class_name=ui.TH),
                class_name=ui.TABLE_HEAD,
            )
        ),
        rx.el.tbody(rx.foreach(words.searches, lambda one: _search(words, one))),
        class_name=ui.TABLE,
        custom_attrs={"aria-labelledby": "empty-searches"},
    )
    return rx.el.div(
        rx.el.h3("Searched for in vain", id="empty-searches", class_name="font-semibold text-ink"),
        rx.el.p("In the last 90 days, most frequent first, without who it was.", class_name="mt-0.5 mb-2 text-ink-2"),
        rx.cond(
            words.search_count > 0,
            rx.fragment(rx.el.div(table, class_name="-mx-4 lg:-mx-5"), rx.cond(words.page_count > 1, pager, None)),
            admin_empty(
                "search",
                "Every search found something",
                "Words that shoppers look for and the shop does not know will stand here.",
            ),
        ),
        class_name="mt-6 border-t border-line pt-5",
    )


def search_card(words: SearchWords) -> rx.Component:
    """Groups of words, a form for another one, and what might belong into it."""
    return settings_card(
        "Search",
        "search",
        rx.el.h3("Words that mean the same", class_name="font-semibold text-ink"),
        rx.el.p("Who searches for one of them finds the others too.", class_name="mt-0.5 mb-2 text-ink-2"),
        rx.cond(
            words.groups.length() > 0,
            rx.el.ul(rx.foreach(words.groups, lambda line: _group(words, line)), class_name="mb-4"),
            rx.el.p("None yet. For example: sofa, couch, settee.", class_name="mb-4 text-ink-3"),
        ),
        rx.el.form(
            admin_field(
                "terms",
                "Add words",
                error=words.error,
                default_value=words.begun,
                auto_complete="off",
                max_length=400,
                hint="With commas between them. Words of a group that is there join it.",
            ),
            admin_button("Add", type="submit", class_name="sm:mt-6"),
            key="terms-" + words.epoch.to(str),
            on_submit=words.add,
            class_name="grid items-start gap-2 sm:grid-cols-[minmax(0,1fr)_auto]",
            custom_attrs={"aria-label": "Add words", "noValidate": True},
        ),
        _searches(words),
    )
