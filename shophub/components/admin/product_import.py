"""Importing products: a file, its columns, its check, its import."""

from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_button, admin_card, admin_link_button
from shophub.components.admin.work import work_problems, work_progress
from shophub.components.ui.icons import icon
from shophub.components.ui.local import FileLink
from shophub.lib import ui_admin as ui
from shophub.lib.ui_icons import ICONS
from shophub.schemas.product_import import (
    FILE_FIELD,
    MAX_IMPORT_BYTES,
    MAX_IMPORT_ROWS,
    PATH,
    TEMPLATE_PATH,
    UPLOAD_PATH,
)
from shophub.schemas.product_list import PRODUCTS
from shophub.services.views.product_import import CHOICES

MEGABYTES = MAX_IMPORT_BYTES // 1024 // 1024
_ZONE = (
    "flex cursor-pointer flex-col items-center gap-1.5 rounded-lg border-2 border-dashed px-4 py-10 text-center "
    "has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-brand"
)
_CLASSES = {
    "zone": f"{_ZONE} border-line-strong hover:bg-hover",
    "zoneOver": f"{_ZONE} border-brand bg-brand-soft",
}
_STEPS = (
    ("Columns.", "Each is taken for what its name says. You can say otherwise."),
    ("Check.", "Every row is looked at, and nothing is changed. You see what would happen, and what is wrong."),
    ("Import.", "It runs by itself: you can leave the page. A file says what became of each row."),
)
_RULES = (
    "One row per variant. Rows with the same address (slug) are one product.",
    "Variants are found by their SKU, else by their options. What a file does not say stays as it is.",
    "Nothing is ever deleted: variants that are not in the file stay.",
    "Stock is what is on the shelf. What somebody is paying for stays set aside.",
    "Pictures are not fetched from anywhere: add them in the product's editor.",
)


class ImportFile(rx.Component):
    """The field for the file, with a place to drop it."""

    library = "$/public/admin_import_file.jsx"
    tag = "ImportFile"
    action: rx.Var[str]
    field: rx.Var[str]
    max_bytes: rx.Var[int]
    too_large: rx.Var[str]
    hint: rx.Var[str]
    icon: rx.Var[str]
    classes: rx.Var[dict[str, str]]


def import_error(error: Any) -> rx.Component:
    """What keeps the import from going on."""
    return rx.cond(
        error,
        rx.el.p(
            icon("alert", "size-4 shrink-0"),
            error,
            role="alert",
            class_name="mb-4 flex items-center gap-2 rounded-md bg-danger-soft px-3 py-2 font-medium text-danger",
        ),
        None,
    )


def import_start(latest: Any) -> rx.Component:
    """A file to choose, how it goes on from there, and the files that were chosen lately."""
    return rx.el.div(
        admin_card(
            "Choose a file",
            "choose",
            ImportFile.create(
                action=UPLOAD_PATH,
                field=FILE_FIELD,
                max_bytes=MAX_IMPORT_BYTES,
                too_large=f"The file is larger than {MEGABYTES} MB. Import it in parts.",
                hint=f"CSV in UTF-8, up to {MEGABYTES} MB and {MAX_IMPORT_ROWS:,} rows",
                icon=ICONS["upload"],
                classes=_CLASSES,
            ),
            rx.el.p(
                _download("Download a template", TEMPLATE_PATH),
                _download("Export all products", PRODUCTS.export_path),
                class_name="mt-3 flex flex-wrap gap-x-6 gap-y-1",
            ),
        ),
        admin_card(
            "How it goes on",
            "how",
            rx.el.ol(
                *(
                    rx.el.li(
                        rx.el.span(
                            str(place), class_name="tnum font-semibold text-brand", custom_attrs={"aria-hidden": "true"}
                        ),
                        rx.el.p(rx.el.strong(name, class_name="font-semibold"), " ", words, class_name="text-ink-2"),
                        class_name="flex gap-3",
                    )
                    for place, (name, words) in enumerate(_STEPS, 1)
                ),
                class_name="grid gap-3",
            ),
            rx.el.ul(
                *(rx.el.li(rule) for rule in _RULES),
                class_name="mt-4 grid list-disc gap-1.5 border-t border-line pt-4 pl-4 text-ink-2",
            ),
        ),
        rx.cond(latest.length() > 0, _latest(latest), None),
        class_name="grid max-w-4xl gap-4",
    )


def import_columns(file: Any, check: Any, set_column: Any, set_creates: Any, start_check: Any) -> rx.Component:
    """What each column of the file is taken for."""
    is_over = file.import_job_id != ""
    return admin_card(
        "Columns",
        "columns",
        rx.el.ul(rx.foreach(file.headers, lambda header: _header(header, set_column, is_over))),
        rx.el.div(
            rx.cond(file.problem, rx.el.p(file.problem, role="alert", class_name="text-danger"), None),
            _checkbox(
                "creates",
                "Make categories that are not there yet",
                checked=file.creates_categories,
                disabled=is_over,
                on_change=set_creates,
            ),
            rx.cond(
                is_over,
                None,
                rx.el.div(
                    admin_button(
                        rx.cond(check.id, "Check again", "Check the file"),
                        kind="primary",
                        disabled=check.is_open,
                        on_click=start_check,
                    ),
                    rx.el.span("Nothing is changed yet.", class_name=ui.QUIET),
                    class_name="flex flex-wrap items-center gap-3",
                ),
            ),
            class_name="grid gap-3 border-t border-line px-4 py-4 lg:px-5",
        ),
        padded=False,
    )


def import_check(check: Any, cancel: Any, start_import: Any, error: Any) -> rx.Component:
    """What an import would do, and the way to have it done."""
    return admin_card(
        "Check",
        "check",
        rx.el.div(work_progress(check, cancel), class_name="p-4 lg:p-5"),
        rx.cond(check.samples.length() > 0, work_problems(check), None),
        rx.cond(check.state == "done", _begin(check, start_import, error), None),
        padded=False,
    )


def import_run(run: Any, cancel: Any) -> rx.Component:
    """How far the import is, and what came of it."""
    return admin_card(
        "Import",
        "import",
        rx.el.div(
            work_progress(run, cancel),
            rx.cond(
                run.is_open,
                rx.el.p("It goes on if you leave this page.", class_name=f"{ui.QUIET} mt-2"),
                rx.el.p(
                    admin_link_button("See the products", href="/admin/products"),
                    admin_link_button("Import another file", href=PATH, kind="quiet"),
                    class_name="mt-3 flex flex-wrap gap-2",
                ),
            ),
            class_name="p-4 lg:p-5",
        ),
        rx.cond(run.samples.length() > 0, work_problems(run), None),
        padded=False,
    )


def _header(header: Any, set_column: Any, is_over: Any) -> rx.Component:
    choose: Any = lambda value: set_column(header.place, value)  # noqa: E731 - its type is Reflex's to find out
    return rx.el.li(
        rx.el.div(
            rx.el.label(
                header.label, html_for="column-" + header.place, class_name="font-medium [overflow-wrap:anywhere]"
            ),
            rx.el.p(header.sample, class_name="truncate text-xs text-ink-3"),
            class_name="min-w-0",
        ),
        rx.el.div(
            rx.el.select(
                rx.el.option("Leave it out", value=""),
                *(rx.el.option(choice.label, value=choice.name) for choice in CHOICES),
                id="column-" + header.place,
                value=header.column,
                disabled=is_over,
                on_change=choose,
                class_name=rx.cond(header.column, ui.SELECT, f"{ui.SELECT} text-ink-3!"),
            ),
            icon("down", "pointer-events-none absolute right-2.5 top-2.5 size-4 text-ink-3"),
            class_name="relative",
        ),
        class_name="grid items-center gap-x-6 gap-y-1.5 border-t border-line px-4 py-2.5 first:border-t-0 "
        "sm:grid-cols-[minmax(0,1fr)_16rem] lg:px-5",
        key=header.place,
    )


def _begin(check: Any, start_import: Any, error: Any) -> rx.Component:
    return rx.el.form(
        rx.cond(
            check.problems > 0,
            _checkbox("skip", rx.el.span("Leave out the rows with errors (", check.problems, ")"), name="skip"),
            None,
        ),
        rx.cond(error, rx.el.p(error, id="start-error", role="alert", class_name="font-medium text-danger"), None),
        rx.el.div(
            admin_button("Import", type="submit"),
            rx.el.span("What has changed since the check is decided anew.", class_name=ui.QUIET),
            class_name="flex flex-wrap items-center gap-3",
        ),
        on_submit=start_import,
        class_name="grid gap-3 border-t border-line px-4 py-4 lg:px-5",
    )


def _checkbox(element_id: str, words: Any, **props: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", id=element_id, class_name=ui.CHECKBOX, **props),
        words,
        html_for=element_id,
        class_name="flex min-h-9 w-fit cursor-pointer items-center gap-2",
    )


def _latest(latest: Any) -> rx.Component:
    return admin_card(
        "Your latest files",
        "latest",
        rx.el.ul(
            rx.foreach(
                latest,
                lambda one: rx.el.li(
                    rx.el.a(one.file_name, href=one.url, class_name=f"{ui.LINK} min-w-0 [overflow-wrap:anywhere]"),
                    rx.el.span(one.size_text, class_name=ui.QUIET),
                    rx.el.time(one.when_text, date_time=one.when_iso, class_name=f"{ui.QUIET} ml-auto"),
                    class_name="flex min-h-9 flex-wrap items-center gap-x-3",
                    key=one.id,
                ),
            )
        ),
    )


def _download(words: str, href: str) -> rx.Component:
    return FileLink.create(
        icon("download", "size-4"),
        words,
        href=href,
        custom_attrs={"download": ""},
        class_name=f"{ui.LINK} inline-flex min-h-9 items-center gap-1.5",
    )
