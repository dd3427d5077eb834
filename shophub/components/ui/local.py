"""Our own React components (``assets/*.jsx``), as Reflex sees them. Props only; what each does stands in its file."""

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML

from shophub.lib.ui_icons import ICONS


class PageGate(rx.Component):
    """Shows its children once ``loaded`` is the path in the address bar; until then ``fallback``.

    The server's HTML gives way only to the same ``address``, its query included, where one is given.
    ``title`` goes into the browser's tab, in front of ``store`` once that is known.
    """

    library = "$/public/page_gate.jsx"
    tag = "PageGate"
    loaded: rx.Var[str]
    address: rx.Var[str]
    title: rx.Var[str]
    store: rx.Var[str]
    fallback: rx.Var[rx.Component]


class PageFailure(rx.Component):
    """What stands in the place of a page whose script failed."""

    library = "$/public/page_failure.jsx"
    tag = "PageFailure"
    title: rx.Var[str]
    lead: rx.Var[str]
    retry: rx.Var[str]
    home: rx.Var[str]
    classes: rx.Var[dict[str, str]]


class Modal(rx.Component):
    """A native dialog."""

    library = "$/public/modal.jsx"
    tag = "Modal"
    label: rx.Var[str]
    labelled_by: rx.Var[str]
    on_closed: rx.EventHandler[rx.event.no_args_event_spec]


class LiveLink(rx.Component):
    """A link whose plain click runs ``on_press`` in place."""

    library = "$/public/live_link.jsx"
    tag = "LiveLink"
    href: rx.Var[str]
    busy: rx.Var[bool]
    on_press: rx.EventHandler[rx.event.no_args_event_spec]


class SearchBox(rx.Component):
    """The search field with its suggestions."""

    library = "$/public/search_box.jsx"
    tag = "SearchBox"
    field_id: rx.Var[str]
    label: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    icons: rx.Var[dict[str, str]]


class MenuPanel(rx.Component):
    """Links in a panel that a button with its id as ``popovertarget`` opens."""

    library = "$/public/menu_panel.jsx"
    tag = "MenuPanel"
    label: rx.Var[str]


class MenuDrill(rx.Component):
    """Categories one list at a time; ``links`` come before them, the children after."""

    library = "$/public/menu_drill.jsx"
    tag = "MenuDrill"
    categories: rx.Var[list]
    links: rx.Var[list]
    classes: rx.Var[dict[str, str]]
    icons: rx.Var[dict[str, str]]


class JumpLink(rx.Component):
    """A link to a place on this page; ``href`` is ``#id``."""

    library = "$/public/jump_link.jsx"
    tag = "JumpLink"
    href: rx.Var[str]


class ThemeControl(rx.Component):
    """System, light or dark."""

    library = "$/public/theme_control.jsx"
    tag = "ThemeControl"
    name: rx.Var[str]


class SlashSwitch(rx.Component):
    """Whether "/" leads to the search field."""

    library = "$/public/slash_switch.jsx"
    tag = "SlashSwitch"
    label: rx.Var[str]


class QuantityStepper(rx.Component):
    """A number with − and +; ``epoch`` is any number that changes with every answer of the server.

    ``offline`` is what is said of a change that could not be sent and is taken back; without it, it waits.
    """

    library = "$/public/quantity_stepper.jsx"
    tag = "QuantityStepper"
    value: rx.Var[int]
    min: rx.Var[int]
    max: rx.Var[int]
    label: rx.Var[str]
    epoch: rx.Var[int]
    delay: rx.Var[int]
    offline: rx.Var[str]
    input_name: rx.Var[str]
    input_id: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    icons: rx.Var[dict[str, str]]
    on_commit: rx.EventHandler[rx.event.passthrough_event_spec(int)]


class Gallery(rx.Component):
    """Pictures with thumbnails and a large view."""

    library = "$/public/gallery.jsx"
    tag = "Gallery"
    images: rx.Var[list]
    sizes: rx.Var[str]
    name: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    icons: rx.Var[dict[str, str]]


class StickyBuy(rx.Component):
    """A bar with a second button, while the first is out of view."""

    library = "$/public/sticky_buy.jsx"
    tag = "StickyBuy"
    target: rx.Var[str]
    name: rx.Var[str]
    price: rx.Var[str]
    label: rx.Var[str]
    disabled: rx.Var[bool]
    early: rx.Var[bool]
    classes: rx.Var[dict[str, str]]


class Rail(rx.Component):
    """A row that scrolls sideways."""

    library = "$/public/rail.jsx"
    tag = "Rail"
    heading: rx.Var[rx.Component]
    label: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    icons: rx.Var[dict[str, str]]


class ConnectionBanner(rx.Component):
    """Its children show while the connection is gone; at addresses ``below`` one, other words."""

    library = "$/public/connection_banner.jsx"
    tag = "ConnectionBanner"
    below: rx.Var[str]
    words_below: rx.Var[str]


class NativeForm(BaseHTML):
    """A form that the browser itself sends: ``rx.el.form`` without a handler stops that."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]
    no_validate: rx.Var[bool]


class FileLink(BaseHTML):
    """A link to a file of the shop's: ``rx.el.a`` would look for a page of that address."""

    tag = "a"
    href: rx.Var[str]


def icon_paths(*names: str) -> dict[str, str]:
    """Return the paths of ``names`` for a component that draws icons itself."""
    return {name: ICONS[name] for name in names}
