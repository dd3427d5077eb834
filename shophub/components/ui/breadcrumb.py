"""Where this page lies."""

import reflex as rx

from shophub.lib import ui_classes as ui
from shophub.schemas.catalog import LinkView


def breadcrumb(links: rx.Var[tuple[LinkView, ...]]) -> rx.Component:
    """The way from home to here; the last part is not a link."""
    return rx.el.nav(
        rx.el.ol(
            rx.foreach(
                links,
                lambda link: rx.el.li(
                    rx.cond(
                        link.is_current,
                        rx.el.span(link.label, class_name=ui.CRUMB_CURRENT, custom_attrs={"aria-current": "page"}),
                        rx.fragment(
                            rx.el.a(link.label, href=link.url, class_name=ui.CRUMB_LINK),
                            # At the end of a part: where the way needs two lines, none begins with a stroke.
                            rx.el.span("/", custom_attrs={"aria-hidden": "true"}),
                        ),
                    ),
                    class_name="inline-flex items-center gap-x-1.5",
                ),
            ),
            class_name=ui.CRUMBS,
        ),
        custom_attrs={"aria-label": "Breadcrumb"},
    )
