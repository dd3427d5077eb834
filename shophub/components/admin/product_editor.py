"""The product editor, as Reflex sees it. What it does stands in ``assets/admin_product_*.jsx``."""

from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_empty, admin_link_button
from shophub.components.ui.basics import skeleton
from shophub.components.ui.local import icon_paths
from shophub.lib import ui_admin as ui
from shophub.lib.ui_classes import PROSE
from shophub.schemas.product_editor import EditorOutcome, EditorPreview, EditorSurroundings, EditorView

CLASSES = {
    "primary": ui.BUTTON_PRIMARY,
    "secondary": ui.BUTTON_SECONDARY,
    "quiet": ui.BUTTON_QUIET,
    "danger": ui.BUTTON_DANGER,
    "quietDanger": ui.BUTTON_QUIET_DANGER,
    "icon": ui.ICON_BUTTON,
    "label": ui.LABEL,
    "input": ui.INPUT,
    "textarea": ui.TEXTAREA,
    "select": ui.SELECT,
    "hint": ui.HINT,
    "error": ui.FIELD_ERROR,
    "link": "inline-flex min-h-6 cursor-pointer items-center font-medium text-brand underline underline-offset-4",
    "card": ui.CARD,
    "cardHead": ui.CARD_HEAD,
    "cardBody": ui.CARD_BODY,
    "h2": ui.H2,
    "dialog": ui.DIALOG,
    "tab": "min-h-7 cursor-pointer rounded-sm px-2 text-xs font-medium text-ink-2 hover:bg-hover",
    "tabOn": "min-h-7 cursor-pointer rounded-sm bg-hover px-2 text-xs font-semibold text-ink",
    "preview": "min-h-52 max-h-[60dvh] overflow-y-auto rounded-md border border-line bg-bg px-4 py-3 "
    "transition-opacity duration-150 aria-busy:opacity-60",
    "prose": PROSE,
    "note": "mb-5 rounded-md bg-danger-soft px-4 py-3 text-danger",
    "warning": "mb-5 rounded-md bg-warning-soft px-4 py-3 text-warning",
    "dropzone": "flex flex-col items-center gap-1.5 rounded-lg border border-dashed px-4 py-6 text-center",
    "chip": "inline-flex min-h-9 items-center gap-0.5 rounded-md border border-line-strong bg-surface pl-2.5 pr-1 "
    "focus-within:border-brand",
    "fill": "ml-1 inline-flex size-6 cursor-pointer items-center justify-center rounded-sm align-middle text-ink-3 "
    "hover:bg-hover hover:text-ink",
    "progress": "h-1.5 w-full max-w-52 appearance-none overflow-hidden rounded-full bg-hover "
    "[&::-webkit-progress-bar]:bg-hover [&::-webkit-progress-value]:bg-brand [&::-moz-progress-bar]:bg-brand",
    "bar": "sticky bottom-0 z-20 -mx-4 mt-6 flex flex-wrap items-center gap-2 border-t border-line bg-surface px-4 "
    "py-3 -mb-10 lg:-mx-8 lg:px-8",
}
ICONS = icon_paths("image", "up", "down", "close", "plus", "check", "alert", "copy", "trash")


class ProductEditor(rx.Component):
    """The form of a product. ``epoch`` changes when ``product`` was read anew, ``answered`` with each save."""

    library = "$/public/admin_product_editor.jsx"
    tag = "ProductEditor"
    product: rx.Var[EditorView]
    around: rx.Var[EditorSurroundings]
    outcome: rx.Var[EditorOutcome]
    preview: rx.Var[EditorPreview]
    epoch: rx.Var[int]
    answered: rx.Var[int]
    classes: rx.Var[dict[str, str]]
    icons: rx.Var[dict[str, str]]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(dict[str, Any])]
    on_reload: rx.EventHandler[rx.event.no_args_event_spec]
    on_preview: rx.EventHandler[rx.event.passthrough_event_spec(str)]
    on_delete: rx.EventHandler[rx.event.no_args_event_spec]


def product_editor(**props: Any) -> rx.Component:
    """The form with its classes and icons."""
    return ProductEditor.create(classes=CLASSES, icons=ICONS, **props)


def missing_product() -> rx.Component:
    """What stands where an address names no product."""
    return admin_empty(
        "tag",
        "There is no such product",
        "It was deleted, or the address is not complete.",
        admin_link_button("All products", href="/admin/products"),
    )


def editor_skeleton() -> rx.Component:
    """The editor's cards while it loads."""
    return rx.el.div(
        skeleton("mb-6 h-8 w-64 rounded-md"),
        rx.el.div(
            rx.el.div(
                skeleton("h-72 rounded-lg"), skeleton("h-56 rounded-lg"), skeleton("h-64 rounded-lg"),
                class_name="grid gap-5",
            ),
            rx.el.div(skeleton("h-44 rounded-lg"), skeleton("h-72 rounded-lg"), class_name="grid gap-5"),
            class_name="grid gap-5 lg:grid-cols-[minmax(0,1fr)_18rem] lg:items-start",
        ),
        custom_attrs={"aria-busy": "true", "aria-label": "Loading"},
        role="group",
    )  # fmt: skip
