"""``/contact``, ``/returns``, ``/privacy``, ``/terms``"""

import reflex as rx

from shophub.components.admin.information_editor import EditorEvents, information_editor
from shophub.components.store.information import information, information_frame, information_skeleton
from shophub.domain.information import InformationPage
from shophub.pages.store.layout import shop_page
from shophub.state.admin.information import InformationEditorState
from shophub.state.store.information import InformationState

EVENTS = EditorEvents(
    open=InformationEditorState.open,
    preview=InformationEditorState.preview,
    save=InformationEditorState.save,
    restore=InformationEditorState.restore,
    close=InformationEditorState.close,
)


def _page(page: InformationPage) -> rx.Component:
    editor = InformationEditorState
    return shop_page(
        information_frame(
            page.path,
            information_editor(
                information(InformationState.view),
                can_edit=editor.can_edit,
                is_open=editor.is_open,
                draft=editor.draft,
                preview_html=editor.preview_html,
                error=editor.error,
                events=EVENTS,
            ),
        ),
        loaded=InformationState.loaded,
        title=page.heading,
        fallback=information_skeleton(page.path, page.heading),
    )


def contact() -> rx.Component:
    """How to reach the shop."""
    return _page(InformationPage.CONTACT)


def returns() -> rx.Component:
    """Delivery and returns."""
    return _page(InformationPage.RETURNS)


def privacy() -> rx.Component:
    """What is stored, and why."""
    return _page(InformationPage.PRIVACY)


def terms() -> rx.Component:
    """The rules of buying here."""
    return _page(InformationPage.TERMS)
