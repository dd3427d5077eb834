"""Ways into the catalog: the menu of categories below the header, and the drawer of narrow screens."""

import reflex as rx

from shophub.components.ui.basics import Text, dialog_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import MenuDrill, MenuPanel, NativeForm, ThemeControl, icon_paths
from shophub.lib import ui_classes as ui
from shophub.lib.ui_links import ACCOUNT_PAGES, BACK_OFFICE, HELP_LINKS, SHOP_LINKS
from shophub.schemas.catalog import CategoryView, SubcategoryView

MENU_DRAWER = "menu-drawer"
MENU_LINK = "flex min-h-11 w-full cursor-pointer items-center justify-between gap-3 rounded-md px-3 text-left text-ink "
DRILL_CLASSES = {
    "list": "p-3",
    "listBelow": "border-t border-line p-3",
    "link": "flex min-h-12 w-full cursor-pointer items-center justify-between gap-3 rounded-md px-3 text-left text-ink "
    "hover:bg-hover",
    "current": "bg-brand-soft font-semibold text-brand",
    "count": "text-sm font-normal text-ink-3 tnum",
    "icon": "size-5 shrink-0 text-ink-3",
    "back": "inline-flex min-h-12 cursor-pointer items-center gap-2 rounded-md pl-2 pr-4 font-medium text-ink-2 "
    "hover:bg-hover hover:text-ink",
    "title": "px-3 pt-2 pb-2 text-xl font-semibold text-ink",
}
SHORT_LINK = "inline-flex min-h-10 items-center rounded-md px-3 -mx-3 text-ink-2 hover:bg-hover hover:text-ink"


def _below(category: rx.Var[CategoryView]) -> rx.Component:
    """The list below a category: all of it first."""

    def entry(one: rx.Var[SubcategoryView]) -> rx.Component:
        return rx.el.li(rx.el.a(one.name, href=one.url, class_name=SHORT_LINK), key=one.slug)

    return rx.el.ul(
        rx.el.li(rx.el.a("All ", category.name, href=category.url, class_name=SHORT_LINK)),
        rx.foreach(category.subcategories, entry),
        class_name="mt-1 ml-[4.5rem]",
    )


def _column(category: rx.Var[CategoryView]) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.span(
                rx.cond(
                    category.image.url,
                    rx.el.img(
                        src=category.image.url,
                        src_set=category.image.srcset,
                        sizes="56px",
                        alt="",
                        loading="lazy",
                        class_name=ui.CARD_IMAGE,
                        custom_attrs={"width": "56", "height": "56", "decoding": "async"},
                    ),
                    None,
                ),
                class_name="relative size-14 shrink-0 overflow-hidden rounded-md bg-sunken",
                style={"background_color": category.image.colour},
            ),
            rx.el.span(
                rx.el.span(category.name, class_name="block font-semibold text-ink"),
                rx.el.span(
                    category.product_count,
                    rx.cond(category.product_count == 1, " product", " products"),
                    class_name="block text-sm text-ink-3 tnum",
                ),
                class_name="min-w-0",
            ),
            href=category.url,
            class_name="flex items-center gap-4 rounded-md p-1.5 -m-1.5 hover:bg-hover",
        ),
        rx.cond(category.subcategories.length() > 0, _below(category), None),
        key=category.slug,
        class_name="min-w-0",
    )


def mega_menu(categories: rx.Var[tuple[CategoryView, ...]]) -> rx.Component:
    """Opens by a press, never by passing over it; closes by Esc, and the focus is back on its button."""
    return rx.el.div(
        rx.el.button(
            "Categories",
            icon("down", "size-4"),
            type="button",
            class_name=ui.HEADER_BUTTON,
            custom_attrs={"popovertarget": "category-menu"},
        ),
        MenuPanel.create(
            rx.el.div(
                rx.el.ul(
                    *(
                        rx.el.li(rx.el.a(label, href=url, class_name=f"{SHORT_LINK} font-semibold"))
                        for label, url in SHOP_LINKS
                    ),
                    class_name="flex flex-wrap gap-x-9 border-b border-line pb-3 mb-6",
                ),
                rx.el.ul(rx.foreach(categories, _column), class_name="grid grid-cols-3 gap-x-8 gap-y-6 xl:grid-cols-4"),
                class_name="page pt-4 pb-8",
            ),
            id="category-menu",
            class_name="fixed inset-x-0 top-16 m-0 max-h-[calc(100dvh-4rem)] w-full max-w-none overflow-y-auto "
            "border-y border-line bg-surface text-ink shadow-pop",
            label="Categories",
        ),
        class_name="hidden lg:block",
    )


def _drawer_link(label: Text, url: Text) -> rx.Component:
    return rx.el.li(rx.el.a(label, href=url, class_name=f"{MENU_LINK} hover:bg-hover"))


def _account_links(user_name: Text, has_wishlist: rx.Var[bool], is_staff: rx.Var[bool]) -> rx.Component:
    return rx.el.nav(
        rx.el.ul(
            rx.cond(
                user_name,
                rx.fragment(
                    rx.cond(is_staff, _drawer_link(*BACK_OFFICE), None),
                    *(_drawer_link(label, url) for label, url in ACCOUNT_PAGES),
                    rx.cond(has_wishlist, _drawer_link("Your wishlist", "/wishlist"), None),
                    rx.el.li(
                        NativeForm.create(
                            rx.el.button("Sign out", type="submit", class_name=f"{MENU_LINK} hover:bg-hover"),
                            action="/auth/logout",
                            method="post",
                        )
                    ),
                ),
                rx.fragment(
                    _drawer_link("Sign in", "/login"),
                    _drawer_link("Create an account", "/register"),
                    rx.cond(has_wishlist, _drawer_link("Your wishlist", "/wishlist"), None),
                ),
            )
        ),
        class_name="border-t border-line p-3",
        custom_attrs={"aria-label": "Your account"},
    )


def menu_content(
    categories: rx.Var[tuple[CategoryView, ...]],
    user_name: Text,
    has_wishlist: rx.Var[bool],
    is_staff: rx.Var[bool],
) -> rx.Component:
    """What the menu drawer of narrow screens holds."""
    return rx.el.div(
        rx.el.div(
            rx.el.h2("Menu", id="menu-title", class_name=ui.H3),
            dialog_button(icon("close"), closes=MENU_DRAWER, class_name=ui.ICON_BUTTON, aria_label="Close the menu"),
            class_name="sticky top-0 z-10 flex h-16 shrink-0 items-center justify-between border-b border-line "
            "bg-surface pl-6 pr-3",
        ),
        MenuDrill.create(
            _account_links(user_name, has_wishlist, is_staff),
            rx.el.nav(
                rx.el.ul(*(_drawer_link(label, url) for label, url in HELP_LINKS)),
                class_name="border-t border-line p-3",
                custom_attrs={"aria-label": "Help"},
            ),
            rx.el.div(ThemeControl.create(name="theme-menu"), class_name="border-t border-line px-6 py-5"),
            categories=categories,
            links=[list(link) for link in SHOP_LINKS],
            classes=DRILL_CLASSES,
            icons=icon_paths("left", "right"),
        ),
        class_name="flex min-h-full flex-col",
    )
