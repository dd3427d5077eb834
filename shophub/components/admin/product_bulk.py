"""What is done to many products of the list at once: buttons and dialogs."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_button
from shophub.components.admin.table import bar_button
from shophub.components.ui.basics import dialog_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import Modal
from shophub.lib import ui_admin as ui
from shophub.lib import ui_tables
from shophub.lib.ui_ids import BULK_PRICE_DIALOG, BULK_STATUS_DIALOG, BULK_TAGS_DIALOG

# What is done to more than that is confirmed by typing how many they are.
MANY = 50
# And this many go through in one step, which can be taken back.
AT_ONCE = 5_000


@dataclass(frozen=True)
class ProductBulkEvents:
    """What is done to what is selected."""

    set_status: Any
    set_status_of_many: Any
    wanted: rx.Var[str]
    change_prices: Any
    change_tags: Any
    error: rx.Var[str]


def bulk_actions(events: ProductBulkEvents) -> tuple[rx.Component, ...]:
    """The actions that are offered for what is selected."""
    return (
        bar_button("Activate", on_click=events.set_status("active")),
        bar_button("Archive", on_click=events.set_status("archived")),
        dialog_button("Price…", opens=BULK_PRICE_DIALOG, class_name=ui_tables.BAR_BUTTON),
        dialog_button("Tags…", opens=BULK_TAGS_DIALOG, class_name=ui_tables.BAR_BUTTON),
    )


def bulk_dialogs(events: ProductBulkEvents, count: rx.Var[int]) -> tuple[rx.Component, ...]:
    """The dialogs behind them."""
    kinds = rx.el.select(
        rx.el.option("By percent", value="percent"),
        rx.el.option("By an amount", value="amount"),
        rx.el.option("To exactly", value="exact"),
        id="bulk-price-kind",
        name="kind",
        class_name=ui.SELECT,
    )
    kinds = rx.el.div(
        kinds,
        icon("down", "pointer-events-none absolute right-2.5 top-2.5 size-4 text-ink-3"),
        class_name="relative",
    )
    price = _dialog(
        BULK_PRICE_DIALOG,
        "Change prices",
        "Every variant of what is selected. Reduced ones stay below their old price, or are left alone.",
        _labelled("bulk-price-kind", "Change", kinds),
        _input("bulk-price-value", "value", "By or to", "10 raises, -10 lowers", is_required=True),
        submit="Change prices",
        on_submit=events.change_prices,
        error=events.error,
        count=count,
    )
    tags = _dialog(
        BULK_TAGS_DIALOG,
        "Change tags",
        "Several tags are parted by commas.",
        _input("bulk-tags-add", "add", "Add", "summer, gift"),
        _input("bulk-tags-remove", "remove", "Remove", ""),
        submit="Change tags",
        on_submit=events.change_tags,
        error=events.error,
        count=count,
    )
    return price, tags, _status_dialog(events, count)


def _status_dialog(events: ProductBulkEvents, count: rx.Var[int]) -> rx.Component:
    verb = rx.match(
        events.wanted, ("active", "Activate"), ("archived", "Archive"), ("draft", "Turn to drafts"), "Change"
    )
    return _dialog(
        BULK_STATUS_DIALOG,
        verb,
        rx.cond(
            count > AT_ONCE,
            "That takes a while and goes on under Work, where you can stop it.",
            "That is a lot at once. There is a moment to undo it afterwards.",
        ),
        submit=verb,
        on_submit=events.set_status_of_many,
        error=events.error,
        count=count,
        of="",
    )


def _labelled(field_id: str, label: str | rx.Var[str], control: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.label(label, html_for=field_id, class_name=ui.LABEL), control, class_name="mt-4")


def _input(field_id: str, name: str, label: str | rx.Var[str], hint: str, *, is_required: bool = False) -> rx.Component:
    control = rx.el.input(
        id=field_id,
        name=name,
        placeholder=hint,
        class_name=ui.INPUT,
        auto_complete="off",
        max_length=300,
        required=is_required,
    )
    return _labelled(field_id, label, control)


def _dialog(
    dialog_id: str,
    title: Any,
    lead: Any,
    *fields: rx.Component,
    submit: Any,
    on_submit: Any,
    error: rx.Var[str],
    count: rx.Var[int],
    of: str = " of",
) -> rx.Component:
    typed = _input(f"{dialog_id}-count", "count", "Type " + count.to_string() + " to go on", "", is_required=True)
    return Modal.create(
        rx.el.form(
            rx.el.h2(
                title,
                f"{of} ",
                count.to_string(),
                rx.cond(count == 1, " product", " products"),
                id=f"{dialog_id}-title",
                class_name=ui.H2,
            ),
            rx.el.p(lead, class_name="mt-1 text-ink-2"),
            *fields,
            rx.cond(count > MANY, typed, None),
            rx.cond(error, rx.el.p(error, class_name=ui.FIELD_ERROR, role="alert"), None),
            rx.el.div(
                dialog_button("Cancel", closes=dialog_id, class_name=ui.BUTTON_SECONDARY),
                admin_button(submit, type="submit"),
                class_name="mt-5 flex justify-end gap-2",
            ),
            on_submit=on_submit,
            reset_on_submit=False,
        ),
        id=dialog_id,
        labelled_by=f"{dialog_id}-title",
        class_name=ui.DIALOG,
    )
