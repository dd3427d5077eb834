"""The back office's own React components (``assets/admin_*.jsx``), as Reflex sees them."""

import reflex as rx


class AdminNav(rx.Component):
    """Links to the parts of the back office; ``wide`` is for a place that never becomes narrow."""

    library = "$/public/admin_nav.jsx"
    tag = "AdminNav"
    sections: rx.Var[list]
    icons: rx.Var[dict[str, str]]
    label: rx.Var[str]
    wide: rx.Var[bool]


class NarrowButton(rx.Component):
    """Makes the sidebar narrow, and wide again; kept in this browser."""

    library = "$/public/admin_nav.jsx"
    tag = "NarrowButton"
    icon: rx.Var[str]


class AdminPalette(rx.Component):
    """The button of the palette and its dialog; ``sections`` and ``actions`` are what it finds by itself."""

    library = "$/public/admin_palette.jsx"
    tag = "AdminPalette"
    sections: rx.Var[list]
    actions: rx.Var[list]
    icons: rx.Var[dict[str, str]]


class AdminShortcuts(rx.Component):
    """The keys of the back office, and the dialog that lists them."""

    library = "$/public/admin_shortcuts.jsx"
    tag = "AdminShortcuts"
    sections: rx.Var[list]


class AdminChart(rx.Component):
    """Lines over time, drawn by recharts, which is fetched after the figures have been painted.

    ``value`` and ``before`` name the points' numbers, ``value_text`` and ``before_text`` what is read of them.
    """

    library = "$/public/admin_chart.jsx"
    tag = "AdminChart"
    lib_dependencies: list[str] = ["recharts@3.10.1"]  # noqa: RUF012 - Reflex's
    points: rx.Var[list]
    value: rx.Var[str]
    before: rx.Var[str]
    value_text: rx.Var[str]
    before_text: rx.Var[str]
    name: rx.Var[str]
    label: rx.Var[str]
    height: rx.Var[int]
    compares: rx.Var[bool]
