"""The wishlist's page, one's own and as others see it."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.store.product_card import product_card
from shophub.components.ui.basics import button, empty_state, link_button
from shophub.components.ui.icons import icon
from shophub.lib import ui_classes as ui
from shophub.schemas.community import WishlistView, WishView

# Each row's buttons stand on one line, however long the titles above them are.
ITEM = "flex min-w-0 flex-col [&>article]:flex-1"
ACTIONS = "mt-3 flex flex-wrap gap-2"


@dataclass(frozen=True)
class WishlistEvents:
    """What the owner can do with the list."""

    show_more: Any
    remove: Any
    move_to_cart: Any
    share: Any
    unshare: Any


def _drop(item: rx.Var[WishView]) -> rx.Component:
    return rx.cond(
        item.drop_text,
        rx.el.p(icon("tag", "size-4 shrink-0"), item.drop_text, class_name=DROP),
        None,
    )


DROP = "mt-2 flex items-center gap-1.5 text-sm font-semibold text-success"


def _item(item: rx.Var[WishView], moving: rx.Var[str], events: WishlistEvents) -> rx.Component:
    card = item.card
    return rx.el.li(
        product_card(card, level="h2", heart=False),
        _drop(item),
        rx.el.div(
            rx.cond(
                item.variant_id,
                button(
                    rx.cond(moving == card.id, "Moving…", "Move to cart"),
                    kind="secondary",
                    class_name="flex-1",
                    on_click=events.move_to_cart(card.id),
                    aria_label="Move to cart: " + card.name,
                ),
                rx.cond(
                    item.needs_choice,
                    link_button(
                        "Choose options",
                        href=card.url,
                        kind="secondary",
                        class_name="flex-1",
                        aria_label="Choose options: " + card.name,
                    ),
                    None,
                ),
            ),
            rx.el.button(
                icon("trash"),
                type="button",
                on_click=events.remove(card.id),
                class_name=ui.ICON_BUTTON,
                custom_attrs={"aria-label": "Remove from the wishlist: " + card.name},
            ),
            class_name=ACTIONS,
        ),
        key=card.id,
        class_name=ITEM,
    )


def _items(view: rx.Var[WishlistView]) -> rx.Var[tuple[WishView, ...]]:
    return view["items"].to(tuple[WishView, ...])


def _more(view: rx.Var[WishlistView], on_more: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(view.shown_text, class_name="text-sm text-ink-3 tnum"),
        rx.cond(view.more > 0, button("Show ", view.more, " more", kind="secondary", on_click=on_more), None),
        class_name=ui.LISTING_FOOT,
    )


def _share(view: rx.Var[WishlistView], events: WishlistEvents) -> rx.Component:
    return rx.cond(
        view.share_url,
        rx.el.div(
            rx.el.label("Anybody with this link sees your list", html_for="share-url", class_name=ui.LABEL),
            rx.el.div(
                rx.el.input(
                    id="share-url",
                    type="text",
                    value=view.share_url,
                    read_only=True,
                    class_name=f"{ui.INPUT} max-w-md",
                    on_focus=rx.call_script("document.getElementById('share-url').select()"),
                ),
                button("Copy", kind="secondary", on_click=[rx.set_clipboard(view.share_url), rx.toast("Link copied.")]),
                button("Stop sharing", kind="quiet", on_click=events.unshare),
                class_name="flex flex-wrap gap-2",
            ),
            class_name="mt-4 rounded-lg bg-sunken p-4",
        ),
        rx.el.div(
            button(icon("share"), "Share", kind="secondary", id="share-wishlist", on_click=events.share),
            class_name="mt-4",
        ),
    )


def wishlist(view: rx.Var[WishlistView], *, moving: rx.Var[str], events: WishlistEvents) -> rx.Component:
    """One's own list."""
    return rx.el.section(
        rx.cond(
            view.total > 0,
            rx.fragment(
                rx.el.h1("Your wishlist", id="wishlist-title", tab_index=-1, class_name=ui.H1),
                _share(view, events),
                rx.el.ul(
                    rx.foreach(_items(view), lambda item: _item(item, moving, events)),
                    id="wishlist-items",
                    class_name=f"{ui.GRID} mt-8",
                ),
                _more(view, events.show_more),
            ),
            empty_state(
                "heart",
                "Your wishlist is empty",
                "Press the heart on anything you like, and it waits for you here, on every device you sign in on.",
                link_button("Browse products", href="/products"),
                level="h1",
            ),
        ),
    )


def shared_wishlist(view: rx.Var[WishlistView], *, on_more: Any) -> rx.Component:
    """Somebody's list, as who has the link sees it."""
    return rx.el.section(
        rx.el.h1(view.owner, "’s wishlist", class_name=ui.H1),
        rx.cond(
            view.total > 0,
            rx.fragment(
                rx.el.ul(
                    rx.foreach(
                        _items(view),
                        lambda item: rx.el.li(product_card(item.card, level="h2"), key=item.card.id, class_name=ITEM),
                    ),
                    id="wishlist-items",
                    class_name=f"{ui.GRID} mt-8",
                ),
                _more(view, on_more),
            ),
            rx.el.p("There is nothing on this list at the moment.", class_name="mt-3 text-ink-2"),
        ),
    )
