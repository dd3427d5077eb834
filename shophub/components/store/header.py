"""The header: logo, categories, search, account, cart."""

import reflex as rx

from shophub.components.ui.basics import Text, dialog_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import NativeForm
from shophub.lib import ui_classes as ui
from shophub.lib.ui_ids import CART_DRAWER
from shophub.lib.ui_links import ACCOUNT_PAGES
from shophub.schemas.catalog import CategoryView

MENU_DRAWER = "menu-drawer"


def logo(store_name: rx.Var[str]) -> rx.Component:
    """The wordmark with its marigold dot; leads home. The name comes with the state, as the merchant has set it."""
    return rx.el.a(
        store_name,
        rx.el.span(class_name=ui.LOGO_DOT, custom_attrs={"aria-hidden": "true"}),
        href="/",
        class_name=ui.LOGO,
        custom_attrs={"aria-label": rx.cond(store_name, store_name + ", home", "Home")},
    )


def search_form(field_id: str, label: str = "Products") -> rx.Component:
    """Search that works without any script: the browser sends it."""
    return NativeForm.create(
        rx.el.label("Search products", html_for=field_id, class_name="sr-only"),
        rx.el.input(
            id=field_id,
            name="q",
            type="search",
            placeholder="Search products",
            class_name=ui.SEARCH_INPUT,
            custom_attrs={"autocomplete": "off", "enterkeyhint": "search", "maxlength": "100"},
        ),
        rx.el.button(icon("search"), type="submit", class_name=ui.SEARCH_BUTTON, custom_attrs={"aria-label": "Search"}),
        action="/search",
        method="get",
        role="search",
        class_name=ui.SEARCH_FORM,
        custom_attrs={"aria-label": label},
    )


def _menu_link(category: rx.Var[CategoryView]) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            category.name,
            rx.el.span(category.product_count, class_name="text-sm text-ink-3 tnum"),
            href=category.url,
            class_name="flex min-h-11 items-center justify-between gap-3 rounded-md px-3 text-ink hover:bg-hover",
        )
    )


def _category_list(categories: rx.Var[tuple[CategoryView, ...]], class_name: str) -> rx.Component:
    return rx.el.ul(
        rx.el.li(
            rx.el.a(
                "All products",
                href="/products",
                class_name="flex min-h-11 items-center rounded-md px-3 font-semibold text-ink hover:bg-hover",
            )
        ),
        rx.foreach(categories, _menu_link),
        class_name=class_name,
    )


def _mega_menu(categories: rx.Var[tuple[CategoryView, ...]]) -> rx.Component:
    return rx.el.div(
        rx.el.button(
            "Categories",
            icon("down", "size-4"),
            type="button",
            class_name=ui.HEADER_BUTTON,
            custom_attrs={"popovertarget": "category-menu", "aria-haspopup": "true"},
        ),
        rx.el.nav(
            _category_list(categories, "page grid grid-cols-3 gap-x-6 gap-y-1 py-6 xl:grid-cols-4"),
            id="category-menu",
            class_name="fixed inset-x-0 top-16 m-0 w-full max-w-none border-y border-line bg-surface text-ink "
            "shadow-pop",
            custom_attrs={"popover": "auto", "aria-label": "Categories"},
        ),
        class_name="hidden lg:block",
    )


def _account(user_name: rx.Var[str]) -> rx.Component:
    label = rx.el.span("Account", class_name="hidden lg:inline")
    item = "flex min-h-11 w-full items-center rounded-md px-3 text-left text-ink hover:bg-hover cursor-pointer"
    return rx.cond(
        user_name,
        rx.fragment(
            rx.el.button(
                icon("user"),
                label,
                type="button",
                class_name=f"{ui.HEADER_BUTTON} anchor-account",
                custom_attrs={"popovertarget": "account-menu", "aria-haspopup": "true", "aria-label": "Account"},
            ),
            rx.el.div(
                rx.el.p(
                    "Signed in as ",
                    rx.el.strong(user_name, class_name="font-semibold text-ink"),
                    class_name="border-b border-line px-3 pb-3 pt-1 mb-2 text-sm text-ink-3 break-words",
                ),
                *(rx.el.a(label, href=url, class_name=item) for label, url in ACCOUNT_PAGES),
                NativeForm.create(
                    rx.el.button("Sign out", type="submit", class_name=item), action="/auth/logout", method="post"
                ),
                id="account-menu",
                class_name="account-menu w-60 rounded-lg border border-line bg-surface p-2.5 text-ink shadow-pop",
                custom_attrs={"popover": "auto"},
            ),
        ),
        rx.el.a(
            icon("user"), label, href="/login", class_name=ui.HEADER_BUTTON, custom_attrs={"aria-label": "Account"}
        ),
    )


def cart_button(count: rx.Var[int], *, opens_drawer: bool | rx.Var[bool] = True) -> rx.Component:
    """The cart with how much is in it; on the cart page itself it is a plain link."""
    inside = (
        icon("bag", "size-6"),
        rx.cond(
            count > 0,
            rx.el.span(rx.cond(count > 99, "99+", count.to_string()), class_name=ui.CART_COUNT),
            None,
        ),
    )
    label = rx.cond(
        count == 1, "Cart, 1 item", rx.cond(count > 0, "Cart, " + count.to_string() + " items", "Cart, empty")
    )
    button = dialog_button(*inside, opens=CART_DRAWER, class_name=ui.ICON_BUTTON, aria_label=label, id="cart-button")
    link = rx.el.a(*inside, href="/cart", class_name=ui.ICON_BUTTON, custom_attrs={"aria-label": label})
    if isinstance(opens_drawer, bool):
        return button if opens_drawer else link
    return rx.cond(opens_drawer, button, link)


def header(
    *,
    categories: rx.Var[tuple[CategoryView, ...]],
    user_name: rx.Var[str],
    cart_count: rx.Var[int],
    store_name: rx.Var[str],
    drawer: bool = True,
) -> rx.Component:
    """The header of every shop page."""
    return rx.fragment(
        rx.el.header(
            rx.el.div(
                dialog_button(
                    icon("menu", "size-6"),
                    opens=MENU_DRAWER,
                    class_name=f"{ui.ICON_BUTTON} -ml-2.5 lg:hidden",
                    aria_label="Menu",
                ),
                logo(store_name),
                _mega_menu(categories),
                rx.el.div(search_form("q-wide"), class_name=ui.HEADER_SEARCH),
                rx.el.div(
                    _account(user_name), cart_button(cart_count, opens_drawer=drawer), class_name=ui.HEADER_ACTIONS
                ),
                class_name=ui.HEADER_ROW,
            ),
            class_name=ui.HEADER,
        ),
        rx.el.div(search_form("q-narrow"), class_name=ui.SEARCH_ROW),
    )


def checkout_header(store_name: rx.Var[str]) -> rx.Component:
    """The reduced header of the checkout: nothing to wander off to but the cart."""
    return rx.el.header(
        rx.el.div(
            logo(store_name),
            rx.el.a(
                icon("bag", "size-5"),
                "Back to cart",
                href="/cart",
                class_name=f"{ui.HEADER_BUTTON} ml-auto",
            ),
            class_name=ui.HEADER_ROW_PLAIN,
        ),
        class_name=ui.HEADER,
    )


def menu_content(categories: rx.Var[tuple[CategoryView, ...]], user_name: Text) -> rx.Component:
    """What the menu drawer of narrow screens holds."""
    link = "flex min-h-11 items-center rounded-md px-3 text-ink hover:bg-hover"
    return rx.el.div(
        rx.el.div(
            rx.el.h2("Menu", id="menu-title", class_name=ui.H3),
            dialog_button(icon("close"), closes=MENU_DRAWER, class_name=ui.ICON_BUTTON, aria_label="Close the menu"),
            class_name="flex h-16 items-center justify-between border-b border-line px-4",
        ),
        rx.el.nav(
            _category_list(categories, "p-3"),
            custom_attrs={"aria-label": "Categories"},
        ),
        rx.el.div(
            rx.cond(
                user_name,
                rx.fragment(
                    *(rx.el.a(label, href=url, class_name=link) for label, url in ACCOUNT_PAGES),
                    NativeForm.create(
                        rx.el.button("Sign out", type="submit", class_name=f"{link} w-full cursor-pointer"),
                        action="/auth/logout",
                        method="post",
                    ),
                ),
                rx.fragment(
                    rx.el.a("Sign in", href="/login", class_name=link),
                    rx.el.a("Create an account", href="/register", class_name=link),
                ),
            ),
            class_name="border-t border-line p-3",
        ),
        class_name="flex h-full flex-col overflow-y-auto",
    )
