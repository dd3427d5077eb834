"""The merchant's way to change a page's text, on the page itself."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.ui.basics import button, note
from shophub.lib import ui_classes as ui
from shophub.schemas.information import InformationDraft

MAX_LENGTH = 20_000
_HINT = (
    "Markdown: ## for a heading, - for a list, **bold**, and [words](/address) for a link. Everything else is shown as "
    "it is typed."
)


@dataclass(frozen=True)
class EditorEvents:
    """What the editor's controls do."""

    open: Any
    preview: Any
    save: Any
    restore: Any
    close: Any


def information_editor(
    article: rx.Component,
    *,
    can_edit: rx.Var[bool],
    is_open: rx.Var[bool],
    draft: rx.Var[InformationDraft],
    preview_html: rx.Var[str],
    error: rx.Var[str],
    events: EditorEvents,
) -> rx.Component:
    """The article, with a bar above it for who may change its text, or the editor in its place."""
    bar = rx.el.div(
        rx.el.p("Everybody sees this page. Its text is yours to change.", class_name="text-sm text-ink-2"),
        button("Edit text", id="information-edit", kind="secondary", on_click=events.open),
        class_name="mb-6 flex flex-wrap items-center justify-between gap-3 rounded-lg bg-sunken p-4",
        custom_attrs={"data-noprint": ""},
    )
    editor = rx.el.div(
        rx.el.h1("Edit: ", article_title(draft), class_name=ui.H1),
        _form(draft, error, events),
        rx.el.section(
            rx.el.h2("How it will look", id="preview-title", class_name=f"{ui.H3} mb-4"),
            rx.el.div(
                rx.el.div(rx.html(preview_html), class_name=ui.INFORMATION_TEXT, custom_attrs={"inert": True}),
                class_name="rounded-lg border border-line bg-surface px-5 pb-2 lg:px-6",
            ),
            class_name="mt-10",
            custom_attrs={"aria-labelledby": "preview-title"},
        ),
    )
    return rx.cond(is_open, editor, rx.fragment(rx.cond(can_edit, bar, None), article))


def article_title(draft: rx.Var[InformationDraft]) -> rx.Component:
    """The name of the page whose text is being changed."""
    return rx.el.span(draft.title)


def _form(draft: rx.Var[InformationDraft], error: rx.Var[str], events: EditorEvents) -> rx.Component:
    return rx.el.form(
        rx.cond(error, rx.el.div(note(error, tone="danger", alert=True), class_name="mb-4"), None),
        rx.el.label("Text", html_for="body", class_name=ui.LABEL),
        rx.el.textarea(
            id="body",
            name="body",
            rows="20",
            default_value=draft.body,
            key=draft.version,
            max_length=MAX_LENGTH,
            on_change=events.preview.debounce(400),
            class_name="block w-full rounded-md border border-line-strong bg-surface px-3.5 py-2.5 font-mono text-sm "
            "text-ink",
            custom_attrs={"aria-describedby": "body-hint", "spellCheck": "true"},
        ),
        rx.el.p(_HINT, id="body-hint", class_name=ui.HINT),
        rx.el.div(
            button("Save", type="submit"),
            button("Cancel", kind="secondary", on_click=events.close),
            rx.cond(
                draft.is_default,
                rx.el.span("This is the text that the shop came with.", class_name="text-sm text-ink-3"),
                button("Go back to our own text", kind="quiet", on_click=events.restore),
            ),
            class_name="mt-5 flex flex-wrap items-center gap-3",
        ),
        on_submit=events.save,
        class_name="mt-6",
    )
