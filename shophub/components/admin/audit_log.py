"""The rows of the audit log: who did what to what, and the values before and after."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_empty, admin_link_button
from shophub.components.admin.table import Cell
from shophub.components.admin.table_local import TableLink
from shophub.components.ui.icons import icon
from shophub.lib import ui_admin as ui


def audit_cells() -> Mapping[str, Cell]:
    """Draw a row."""
    return {
        "moment": lambda line: rx.el.time(
            line.moment_text, date_time=line.moment_iso, class_name="whitespace-nowrap text-ink tnum"
        ),
        "actor": lambda line: TableLink.create(line.actor, href=line.actor_url, class_name=ui.LINK),
        "action": lambda line: TableLink.create(
            line.action, href=line.action_url, class_name="font-semibold text-ink underline-offset-4 hover:underline"
        ),
        "target": lambda line: rx.el.div(
            rx.el.span(line.target),
            rx.cond(
                line.target_url,
                rx.el.a(
                    line.target_id, href=line.target_url, class_name=f"{ui.LINK} block font-mono text-xs break-all"
                ),
                rx.el.span(line.target_id, class_name="block font-mono text-xs text-ink-3 break-all"),
            ),
            class_name="max-w-[22ch]",
        ),
        "changes": lambda line: rx.el.dl(rx.foreach(line.changes, _change), class_name="grid gap-1"),
        "place": lambda line: rx.el.span(line.place, class_name="font-mono text-xs text-ink-2"),
    }


def audit_empty(clear_url: rx.Var[str]) -> rx.Component:
    """Nothing was found."""
    return admin_empty(
        "list",
        "Nothing here",
        "Whatever the staff changes is noted here, and stays. No entry fits what was asked for.",
        admin_link_button("Show the whole log", href=clear_url),
    )


def _change(change: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(change.name, class_name="text-ink-3"),
        rx.el.dd(
            rx.el.span(rx.el.span("before ", class_name="sr-only"), change.before, class_name="text-ink-2"),
            icon("right", "size-3 shrink-0 text-ink-3"),
            rx.el.span(rx.el.span("after ", class_name="sr-only"), change.after, class_name="font-semibold text-ink"),
            class_name="flex min-w-0 flex-wrap items-center gap-1.5 [overflow-wrap:anywhere]",
        ),
        class_name="grid gap-x-2 text-xs sm:grid-cols-[9rem_minmax(0,1fr)]",
    )
