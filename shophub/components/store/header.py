"""The header: logo, categories, search, account, cart."""

import reflex as rx

from shophub.components.store.menu import MENU_DRAWER, mega_menu
from shophub.components.ui.basics import dialog_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import NativeForm, SearchBox, ThemeControl, icon_paths
from shophub.lib import ui_classes as ui
from shophub.lib.ui_ids import CART_DRAWER
from shophub.lib.ui_links import ACCOUNT_PAGES, BACK_OFFICE
from shophub.schemas.catalog import CategoryView

SEARCH_CLASSES = {
    "form": ui.SEARCH_FORM,
    "input": ui.SEARCH_INPUT,
    "button": ui.SEARCH_BUTTON,
    "panel": "absolute inset-x-0 top-full z-30 mt-2 max-h-[min(38rem,75dvh)] overflow-y-auto overscroll-contain "
    "rounded-lg border border-line bg-surface p-2 text-ink shadow-pop",
    "list": "grid gap-2",
    "listWide": "grid gap-2 lg:grid-cols-[1fr_1.25fr] lg:gap-4",
    "below": "mt-2",
    "heading": "px-3 pt-2 pb-1 text-sm font-semibold text-ink-3",
    "option": "flex min-h-11 cursor-pointer items-center gap-3 rounded-md px-3 py-1.5 hover:bg-hover",
    "optionActive": "bg-hover outline-2 -outline-offset-2 outline-brand",
    "optionIcon": "size-5 shrink-0 text-ink-3",
    "optionText": "min-w-0 flex-1 line-clamp-2 break-words",
    "typed": "text-ink-2",
    "added": "font-semibold text-ink",
    "name": "text-ink",
    "nameMatch": "font-semibold text-ink",
    "price": "shrink-0 text-sm font-semibold text-ink tnum",
    "thumb": "relative block h-[3.75rem] w-12 shrink-0 overflow-hidden rounded-md bg-sunken",
    "thumbImage": "absolute inset-0 size-full object-cover",
    "note": "px-3 pt-2 text-sm text-ink-2",
    "empty": "px-3 py-4 text-ink-2",
    "forget": "mt-1 inline-flex min-h-11 w-full cursor-pointer items-center rounded-md px-3 text-sm font-medium "
    "text-ink-2 hover:bg-hover hover:text-ink",
}


def logo(store_name: rx.Var[str], logo_url: rx.Var[str] | str = "") -> rx.Component:
    """The merchant's logo, or the wordmark with its marigold dot; leads home. Both come with the state."""
    return rx.el.a(
        rx.cond(
            logo_url,
            rx.el.img(src=logo_url, alt="", class_name=ui.LOGO_PICTURE),
            rx.fragment(store_name, rx.el.span(class_name=ui.LOGO_DOT, custom_attrs={"aria-hidden": "true"})),
        ),
        href="/",
        class_name=ui.LOGO,
        custom_attrs={"aria-label": rx.cond(store_name, store_name + ", home", "Home")},
    )


def search_form(field_id: str, label: str = "Products") -> rx.Component:
    """Search, with suggestions while somebody types."""
    return SearchBox.create(
        field_id=field_id, label=label, classes=SEARCH_CLASSES, icons=icon_paths("search", "clock", "tag")
    )


def _wishlist_link() -> rx.Component:
    return rx.el.a(
        icon("heart", "size-6"),
        href="/wishlist",
        class_name=ui.HEADER_WISHLIST,
        custom_attrs={"aria-label": "Wishlist"},
    )


def _account(user_name: rx.Var[str], has_wishlist: rx.Var[bool], is_staff: rx.Var[bool]) -> rx.Component:
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
                rx.cond(
                    is_staff,
                    rx.el.a(BACK_OFFICE[0], href=BACK_OFFICE[1], class_name=f"{item} mb-1 bg-sunken font-semibold"),
                    None,
                ),
                *(rx.el.a(label, href=url, class_name=item) for label, url in ACCOUNT_PAGES),
                rx.cond(has_wishlist, rx.el.a("Wishlist", href="/wishlist", class_name=item), None),
                NativeForm.create(
                    rx.el.button("Sign out", type="submit", class_name=item), action="/auth/logout", method="post"
                ),
                rx.el.div(ThemeControl.create(name="theme-account"), class_name="mt-2 border-t border-line px-1 pt-3"),
                id="account-menu",
                class_name="account-menu w-64 rounded-lg border border-line bg-surface p-2.5 text-ink shadow-pop",
                custom_attrs={"popover": "auto"},
            ),
        ),
        rx.el.a(
            icon("user"), label, href="/login", class_name=ui.HEADER_BUTTON, custom_attrs={"aria-label": "Account"}
        ),
    )


def _back_office_link() -> rx.Component:
    """For the staff, who land in the shop when they sign in; phones have it in the menus."""
    return rx.el.a(BACK_OFFICE[0], href=BACK_OFFICE[1], class_name=ui.HEADER_STAFF)


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
    logo_url: rx.Var[str],
    has_wishlist: rx.Var[bool],
    is_staff: rx.Var[bool],
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
                logo(store_name, logo_url),
                mega_menu(categories),
                rx.el.div(search_form("q-wide"), class_name=ui.HEADER_SEARCH),
                rx.el.div(
                    rx.cond(is_staff, _back_office_link(), None),
                    _account(user_name, has_wishlist, is_staff),
                    rx.cond(has_wishlist, _wishlist_link(), None),
                    cart_button(cart_count, opens_drawer=drawer),
                    class_name=ui.HEADER_ACTIONS,
                ),
                class_name=rx.cond(is_staff, ui.HEADER_ROW_STAFF, ui.HEADER_ROW),
            ),
            class_name=ui.HEADER,
        ),
        rx.el.div(search_form("q-narrow"), class_name=ui.SEARCH_ROW),
    )


def checkout_header(store_name: rx.Var[str], logo_url: rx.Var[str]) -> rx.Component:
    """The reduced header of the checkout: nothing to wander off to but the cart."""
    return rx.el.header(
        rx.el.div(
            logo(store_name, logo_url),
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
