"""The frame of every shop page: skip link, header, main, footer."""

from typing import Any

import reflex as rx

from shophub.components.ui.local import JumpLink, PageGate
from shophub.lib import ui_classes as ui


def frame(
    *content: Any,
    header: rx.Component,
    footer: rx.Component,
    overlays: tuple[rx.Component, ...] = (),
    loaded: rx.Var[str] | None = None,
    address: rx.Var[str] | None = None,
    title: rx.Var[str] | str,
    store_name: rx.Var[str],
    fallback: rx.Component | None = None,
) -> rx.Component:
    """Put ``content`` into the frame.

    With ``loaded`` the content waits until the state holds this path's data and ``fallback`` shows meanwhile; with
    ``address`` the server's HTML stays until the state holds what stands behind the path too. The browser's tab shows
    ``title`` and the store's name.
    """
    props: dict[str, Any] = {"fallback": fallback or rx.fragment(), "title": title, "store": store_name}
    if loaded is not None:
        props["loaded"] = loaded
    if address is not None:
        props["address"] = address
    return rx.el.div(
        JumpLink.create("Skip to content", href="#main", class_name=ui.SKIP_LINK),
        header,
        rx.el.main(PageGate.create(*content, **props), id="main", class_name=ui.MAIN, tab_index=-1),
        footer,
        *overlays,
        class_name="app-root",
    )


def live_regions() -> rx.Component:
    """The two places where changes are read out; in the page from the start."""
    return rx.fragment(
        rx.el.div(id="live-polite", class_name="sr-only", custom_attrs={"aria-live": "polite"}),
        rx.el.div(id="live-assertive", class_name="sr-only", custom_attrs={"aria-live": "assertive"}),
    )
