"""The rows of the list of reviews, and the dialog that hides one."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_badge, admin_button, admin_empty, admin_link_button
from shophub.components.admin.order_fields import admin_field
from shophub.components.admin.table import Cell
from shophub.components.ui.basics import dialog_button, stars
from shophub.components.ui.icons import icon
from shophub.components.ui.local import Modal
from shophub.lib import ui_admin as ui
from shophub.lib.ui_ids import HIDE_REVIEW_DIALOG
from shophub.schemas.review_pages import ReviewLine


class ReviewKeys(rx.Component):
    """A and R for what has the focus."""

    library = "$/public/admin_review_keys.jsx"
    tag = "ReviewKeys"


def review_cells(approve: Any, choose: Any) -> Mapping[str, Cell]:
    """Draw a review's row."""
    return {
        "review": lambda line: rx.el.div(
            rx.el.p(line.comment, class_name="max-w-[68ch] whitespace-pre-line [overflow-wrap:anywhere]"),
            rx.el.p(
                line.author,
                rx.cond(line.helpful_text, rx.el.span(" · ", line.helpful_text), None),
                class_name=f"{ui.QUIET} mt-1",
            ),
            rx.cond(line.reason, rx.el.p("Hidden: ", line.reason, class_name="mt-1 text-xs text-danger"), None),
        ),
        "rating": lambda line: rx.el.span(
            stars(line.stars), rx.el.span(line.stars_text, class_name="sr-only"), class_name="inline-flex"
        ),
        "product": lambda line: rx.el.a(line.product, href=line.product_url, class_name=ui.LINK),
        "standing": lambda line: admin_badge(line.standing_text, line.standing_tone),
        "written": lambda line: rx.el.time(
            line.written_text, date_time=line.written_iso, class_name="text-ink-2 lg:whitespace-nowrap"
        ),
        "decide": lambda line: rx.el.div(
            rx.cond(
                line.is_checked & ~line.is_hidden,
                None,
                admin_button(
                    icon("check", "size-4"),
                    rx.cond(line.is_hidden, "Show again", "Approve"),
                    rx.el.span(" the review by ", line.author, class_name="sr-only"),
                    kind="quiet",
                    on_click=approve(line.id),
                    custom_attrs={"data-approve": ""},
                ),
            ),
            rx.cond(
                line.is_hidden,
                None,
                admin_button(
                    "Hide",
                    rx.el.span(" the review by ", line.author, class_name="sr-only"),
                    kind="quiet-danger",
                    on_click=choose(line.id),
                    custom_attrs={"data-hide": ""},
                ),
            ),
            class_name="flex gap-1 whitespace-nowrap md:justify-end",
        ),
    }


def reviews_empty(clear_url: rx.Var[str]) -> rx.Component:
    """Nothing was found."""
    return admin_empty(
        "star",
        "No reviews here",
        "Customers can review what was delivered to them. New and changed reviews wait under “To check”.",
        admin_link_button("Show all reviews", href=clear_url),
    )


def hide_dialog(chosen: rx.Var[ReviewLine], on_submit: Any, error: rx.Var[str]) -> rx.Component:
    """Asks for the reason, which the customer reads."""
    return Modal.create(
        rx.el.h2("Hide the review by ", chosen.author, "?", id="hide-review-title", class_name="text-lg font-semibold"),
        rx.el.p(
            "Nobody but its author sees it then, and its stars count no longer. It can be shown again.",
            class_name="mt-1 text-ink-2",
        ),
        rx.el.form(
            admin_field(
                "reason",
                "Reason",
                hint="The author reads it beside the review.",
                error=error,
                max_length=300,
                attributes={"autocomplete": "off"},
            ),
            rx.el.div(
                dialog_button("Cancel", closes=HIDE_REVIEW_DIALOG, class_name=ui.BUTTON_SECONDARY),
                admin_button("Hide review", kind="danger", type="submit"),
                class_name="flex justify-end gap-2",
            ),
            on_submit=on_submit,
            key=chosen.id,
            class_name="mt-4 grid gap-4",
        ),
        id=HIDE_REVIEW_DIALOG,
        labelled_by="hide-review-title",
        class_name=ui.DIALOG,
    )
