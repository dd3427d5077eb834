"""The frame of every page of the back office: sidebar, bar, main."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.admin.basics import Text, admin_link_button
from shophub.components.admin.local import AdminNav, AdminPalette, AdminShortcuts, NarrowButton
from shophub.components.store.header import logo
from shophub.components.ui.basics import dialog_button, skeleton
from shophub.components.ui.icons import icon
from shophub.components.ui.local import JumpLink, Modal, NativeForm, PageGate, ThemeControl
from shophub.domain.admin_sections import WORK_PATH
from shophub.lib import ui_admin as ui
from shophub.lib.ui_classes import SKIP_LINK
from shophub.lib.ui_icons import ICONS

MENU = "admin-menu"
ACCOUNT_MENU = "admin-account"

Crumb = tuple[Text, Text]


@dataclass(frozen=True)
class Who:
    """Whose back office it is, and who works in it."""

    store_name: rx.Var[str]
    user_name: rx.Var[str]
    role_name: rx.Var[str]
    sections: rx.Var[Any]
    actions: rx.Var[Any]
    is_refused: rx.Var[bool]
    work_text: rx.Var[str]


def admin_frame(
    who: Who,
    *content: Any,
    title: Text,
    crumbs: tuple[Crumb, ...],
    overlays: tuple[rx.Component, ...] = (),
    loaded: rx.Var[str] | None = None,
    fallback: rx.Component | None = None,
) -> rx.Component:
    """Put ``content`` into the frame; it waits until ``loaded`` is the page's path, and whoever may not, is told."""
    gate: dict[str, Any] = {"fallback": fallback or admin_skeleton(), "title": title, "store": who.store_name}
    if loaded is not None:
        gate["loaded"] = loaded
    refused = PageGate.create(_refusal(), title="Not for this account", store=who.store_name, fallback=rx.fragment())
    return rx.el.div(
        JumpLink.create("Skip to content", href="#main", class_name=SKIP_LINK),
        _side(who),
        rx.el.div(
            _bar(who, title, crumbs),
            rx.el.main(
                rx.cond(who.is_refused, refused, PageGate.create(*content, **gate)),
                id="main",
                class_name=ui.MAIN,
                tab_index=-1,
            ),
            class_name="min-w-0",
        ),
        _menu(who),
        AdminShortcuts.create(sections=who.sections),
        *overlays,
        class_name=ui.ROOT,
    )


def _shop_link() -> rx.Component:
    return rx.el.a(
        icon("external", "size-[1.125rem] shrink-0"),
        rx.el.span("View the shop", class_name="narrow:sr-only"),
        href="/",
        title="View the shop",
        class_name="flex min-h-9 items-center gap-2.5 rounded-md px-2.5 text-ink-2 hover:bg-hover hover:text-ink "
        "narrow:justify-center narrow:px-0",
    )


def _side(who: Who) -> rx.Component:
    return rx.el.aside(
        rx.el.div(
            rx.el.a(
                rx.el.span(who.store_name, class_name="truncate narrow:sr-only"),
                rx.el.span(class_name="size-2 shrink-0 rounded-full bg-accent", custom_attrs={"aria-hidden": "true"}),
                href="/admin",
                class_name="flex min-w-0 items-center gap-1 rounded-sm text-lg font-extrabold tracking-tight",
                custom_attrs={"aria-label": "Dashboard of " + who.store_name},
            ),
            class_name=ui.SIDE_HEAD,
        ),
        AdminNav.create(sections=who.sections, icons=ICONS, label="Back office"),
        rx.el.div(_shop_link(), NarrowButton.create(icon=ICONS["panel"]), class_name=ui.SIDE_FOOT),
        class_name=ui.SIDE,
        custom_attrs={"aria-label": "Sidebar", "data-noprint": ""},
    )


def _menu(who: Who) -> rx.Component:
    """The sidebar of narrow screens."""
    return Modal.create(
        rx.el.div(
            logo(who.store_name),
            dialog_button(icon("close"), closes=MENU, class_name=ui.ICON_BUTTON, aria_label="Close"),
            class_name="flex h-14 items-center justify-between gap-2 border-b border-line pl-5 pr-3",
        ),
        AdminNav.create(sections=who.sections, icons=ICONS, label="Back office, menu", wide=True),
        rx.el.div(_shop_link(), class_name="border-t border-line p-3"),
        id=MENU,
        label="Menu",
        class_name="drawer drawer-left text-sm shadow-modal",
    )


def _crumbs(title: Text, crumbs: tuple[Crumb, ...]) -> rx.Component:
    slash = rx.el.span("/", class_name="text-ink-3", custom_attrs={"aria-hidden": "true"})
    return rx.el.nav(
        rx.el.ol(
            *(
                rx.el.li(
                    rx.el.a(label, href=href, class_name="rounded-sm py-1 text-ink-2 hover:text-ink hover:underline"),
                    slash,
                    class_name="flex shrink-0 items-center gap-2",
                )
                for label, href in crumbs
            ),
            rx.el.li(
                rx.el.span(title, class_name="block truncate font-medium", custom_attrs={"aria-current": "page"}),
                class_name="min-w-0",
            ),
            class_name="flex min-w-0 items-center gap-2",
        ),
        class_name="min-w-0 flex-1",
        custom_attrs={"aria-label": "Breadcrumb"},
    )


def _bar(who: Who, title: Text, crumbs: tuple[Crumb, ...]) -> rx.Component:
    return rx.el.header(
        dialog_button(
            icon("menu"),
            opens=MENU,
            class_name=f"{ui.ICON_BUTTON} -ml-2 lg:hidden",
            aria_label="Menu of the back office",
        ),
        _crumbs(title, crumbs),
        rx.cond(who.work_text, _work(who), None),
        AdminPalette.create(sections=who.sections, actions=who.actions, icons=ICONS),
        _account(who),
        class_name=ui.BAR,
    )


def _work(who: Who) -> rx.Component:
    """Says that work of one's own is under way, and leads to it."""
    return rx.el.a(
        icon("clock", "size-4"),
        rx.el.span("Work: ", class_name="sr-only"),
        rx.el.span(who.work_text, class_name="tnum"),
        href=WORK_PATH,
        class_name=f"{ui.BUTTON_QUIET} shrink-0 text-brand",
    )


def _account(who: Who) -> rx.Component:
    return rx.fragment(
        rx.el.button(
            icon("user"),
            rx.el.span("Your account ", class_name="sr-only"),
            rx.el.span(who.user_name, class_name="hidden max-w-40 truncate lg:inline"),
            type="button",
            class_name=f"{ui.BUTTON_QUIET} shrink-0",
            custom_attrs={"popovertarget": ACCOUNT_MENU, "aria-haspopup": "true"},
        ),
        rx.el.div(
            rx.el.p(
                rx.el.strong(who.user_name, class_name="block break-words font-semibold text-ink"),
                who.role_name,
                class_name="mb-2 border-b border-line px-2.5 pb-3 pt-1 text-sm text-ink-3",
            ),
            rx.el.a(icon("user"), "Profile", href="/account/profile", class_name=ui.MENU_ITEM),
            rx.el.a(icon("lock"), "Security", href="/account/security", class_name=ui.MENU_ITEM),
            rx.el.a(icon("external"), "View the shop", href="/", class_name=ui.MENU_ITEM),
            NativeForm.create(
                rx.el.button(icon("right"), "Sign out", type="submit", class_name=ui.MENU_ITEM),
                action="/auth/logout",
                method="post",
            ),
            rx.el.div(ThemeControl.create(name="theme-admin"), class_name="mt-2 border-t border-line px-1 pt-3"),
            id=ACCOUNT_MENU,
            class_name="admin-menu w-64 rounded-lg border border-line bg-surface p-2.5 text-ink shadow-pop",
            custom_attrs={"popover": "auto"},
        ),
    )


def _refusal() -> rx.Component:
    return rx.el.div(
        icon("lock", "size-9 text-line-strong"),
        rx.el.h1("This page is not for this account", class_name=ui.H1, tab_index=-1),
        rx.el.p(
            "Your role does not include what is done here. Ask an owner of the store for it, or go on elsewhere.",
            class_name="max-w-[46ch] text-ink-2",
        ),
        rx.el.div(
            admin_link_button("Go to the shop", href="/", kind="primary"),
            admin_link_button("Your account", href="/account"),
            class_name="mt-2 flex flex-wrap justify-center gap-2",
        ),
        class_name="flex flex-col items-center gap-3 px-4 py-20 text-center",
    )


def admin_skeleton() -> rx.Component:
    """A page to come."""
    return rx.el.div(
        rx.el.p("Loading…", class_name="sr-only"),
        skeleton("h-8 w-52"),
        rx.el.div(skeleton("h-24"), skeleton("h-24"), skeleton("h-24"), class_name="mt-6 grid gap-4 lg:grid-cols-3"),
        skeleton("mt-4 h-72"),
    )
