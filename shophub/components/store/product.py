"""The parts of a product's page."""

from typing import Any

import reflex as rx

from shophub.components.store.product_card import product_rail
from shophub.components.store.sticky import STICKY_CLASSES
from shophub.components.ui.basics import disclosure, stars
from shophub.components.ui.breadcrumb import breadcrumb
from shophub.components.ui.icons import icon
from shophub.components.ui.local import Gallery, JumpLink, QuantityStepper, StickyBuy, icon_paths
from shophub.components.ui.wishing import WishHeart
from shophub.lib import ui_classes as ui
from shophub.lib.ui_icons import ICONS
from shophub.lib.ui_texts import ASSURANCES, RETURNS_TEXT
from shophub.schemas.catalog import OptionValueView, OptionView, ProductView

GALLERY_CLASSES = {
    "gallery": ui.GALLERY,
    "withThumbs": ui.GALLERY_WITH_THUMBS,
    "beside": ui.GALLERY_MAIN_BESIDE,
    "thumbs": ui.GALLERY_THUMBS,
    "thumb": ui.GALLERY_THUMB,
    "thumbCurrent": ui.GALLERY_THUMB_CURRENT,
    "main": ui.GALLERY_MAIN,
    "image": ui.GALLERY_IMAGE,
    "zoom": "absolute inset-0 cursor-zoom-in rounded-lg focus-visible:outline-offset-[-3px]",
    "zoomIcon": (
        "absolute bottom-3 right-3 inline-flex size-11 items-center justify-center rounded-full bg-surface text-ink "
        "shadow-xs"
    ),
    "dialog": "m-0 h-dvh max-h-none w-screen max-w-none bg-bg p-0 text-ink",
    "dialogBody": "relative flex h-full w-full items-center justify-center",
    "dialogImage": "h-full w-full object-contain",
    "dialogClose": (
        "absolute right-4 top-4 inline-flex size-11 items-center justify-center rounded-full bg-surface text-ink "
        "shadow-pop hover:bg-hover cursor-pointer"
    ),
    "dialogPrevious": (
        "absolute left-4 top-1/2 inline-flex size-11 -translate-y-1/2 items-center justify-center rounded-full "
        "bg-surface text-ink shadow-pop hover:bg-hover cursor-pointer"
    ),
    "dialogNext": (
        "absolute right-4 top-1/2 inline-flex size-11 -translate-y-1/2 items-center justify-center rounded-full "
        "bg-surface text-ink shadow-pop hover:bg-hover cursor-pointer"
    ),
    "dialogCount": (
        "absolute bottom-4 left-1/2 -translate-x-1/2 rounded-full bg-surface px-3.5 py-1.5 text-sm text-ink tnum "
        "shadow-xs"
    ),
}
STEPPER_CLASSES = {"group": ui.STEPPER, "button": ui.STEPPER_BUTTON, "input": ui.STEPPER_INPUT}
BUY_BUTTON_ID = "add-to-cart"
WISH_BUTTON_ID = "wish-button"


def _option_value(option: rx.Var[OptionView], value: rx.Var[OptionValueView], on_choose: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="option-" + option.name,
            value=value.value,
            checked=value.is_selected,
            # pyrefly: ignore[bad-argument-type] - it does not follow the overloads of Reflex's protocol for lambdas
            on_change=lambda _: on_choose(option.name, value.value),
            class_name="sr-only",
        ),
        rx.cond(
            value.swatch,
            rx.el.span(
                class_name=ui.SWATCH, style={"background_color": value.swatch}, custom_attrs={"aria-hidden": "true"}
            ),
            None,
        ),
        rx.el.span(value.value),
        rx.cond(value.reason, rx.el.span(", " + value.reason, class_name="sr-only"), None),
        key=value.value,
        class_name=rx.cond(
            value.is_selected,
            rx.cond(
                value.is_available,
                f"{ui.OPTION_VALUE} {ui.OPTION_VALUE_SELECTED}",
                f"{ui.OPTION_VALUE} {ui.OPTION_VALUE_SELECTED} {ui.OPTION_VALUE_OUT}",
            ),
            rx.cond(value.is_available, ui.OPTION_VALUE, f"{ui.OPTION_VALUE} {ui.OPTION_VALUE_OUT}"),
        ),
    )


def _option(option: rx.Var[OptionView], on_choose: Any) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(
            option.name,
            rx.cond(
                option.selected,
                rx.fragment(": ", rx.el.span(option.selected, class_name="font-semibold text-ink")),
                None,
            ),
            class_name=ui.OPTION_NAME,
        ),
        rx.el.div(
            # ``option.values`` itself is a method of Reflex's object variables.
            rx.foreach(
                option["values"].to(list[OptionValueView]), lambda value: _option_value(option, value, on_choose)
            ),
            class_name=ui.OPTION_VALUES,
        ),
        rx.cond(option.note, rx.el.p(option.note, class_name=ui.OPTION_REASON), None),
        key=option.name,
        class_name=ui.OPTION,
    )


def _stock(view: rx.Var[ProductView]) -> rx.Component:
    return rx.fragment(
        rx.el.p(
            rx.el.span(class_name=ui.STOCK_DOT, custom_attrs={"aria-hidden": "true"}),
            rx.el.span(view.stock_note),
            class_name=rx.match(
                view.stock_level,
                ("out", f"{ui.STOCK} {ui.STOCK_OUT}"),
                ("low", f"{ui.STOCK} {ui.STOCK_LOW}"),
                f"{ui.STOCK} {ui.STOCK_IN}",
            ),
            custom_attrs={"aria-live": "polite"},
        ),
        rx.el.p(
            view.delivery_text,
            rx.cond(view.delivery_text & view.shipping_text, " · ", ""),
            view.shipping_text,
            class_name=ui.DELIVERY,
        ),
    )


def _buy(
    view: rx.Var[ProductView],
    *,
    quantity: rx.Var[int],
    epoch: rx.Var[int],
    is_adding: rx.Var[bool],
    error: rx.Var[str],
    on_quantity: Any,
    on_add: Any,
) -> rx.Component:
    can_buy = view.max_quantity > 0
    return rx.fragment(
        rx.el.div(
            QuantityStepper.create(
                value=quantity,
                min=1,
                max=rx.cond(can_buy, view.max_quantity, 1),
                label="Quantity",
                epoch=epoch,
                delay=0,
                classes=STEPPER_CLASSES,
                icons=icon_paths("plus", "minus"),
                on_commit=on_quantity,
            ),
            rx.el.button(
                rx.cond(can_buy, rx.cond(is_adding, "Adding…", "Add to cart"), "Sold out"),
                type="button",
                id=BUY_BUTTON_ID,
                disabled=~can_buy,
                on_click=on_add,
                class_name=ui.BUY_BUTTON,
                custom_attrs={"aria-busy": rx.cond(is_adding, "true", "false")},
            ),
            WishHeart.create(
                id=WISH_BUTTON_ID, product=view.id, name=view.name, class_name=ui.WISH_BUTTON, icon=ICONS["heart"]
            ),
            class_name=ui.BUY_ROW,
        ),
        rx.el.p(error, role="alert", class_name="mt-2 font-medium text-danger empty:hidden"),
    )


def _sticky(view: rx.Var[ProductView], is_adding: rx.Var[bool]) -> rx.Component:
    can_buy = view.max_quantity > 0
    return StickyBuy.create(
        target=BUY_BUTTON_ID,
        name=view.name,
        price=view.price_text,
        label=rx.cond(can_buy, rx.cond(is_adding, "Adding…", "Add to cart"), "Sold out"),
        disabled=~can_buy,
        classes=STICKY_CLASSES,
    )


def _rating(view: rx.Var[ProductView]) -> rx.Component:
    return rx.el.p(
        rx.cond(
            view.review_count > 0,
            rx.fragment(
                stars(view.stars),
                rx.el.span("Rated ", class_name="sr-only"),
                rx.el.span(view.rating_text, class_name="font-medium text-ink tnum"),
                JumpLink.create(
                    view.review_count, " reviews", href="#reviews", class_name=f"{ui.QUIET_LINK} underline tnum"
                ),
            ),
            rx.el.span("No reviews yet", class_name="text-ink-3"),
        ),
        class_name=ui.PRODUCT_RATING,
    )


def _headline(view: rx.Var[ProductView]) -> rx.Component:
    return rx.fragment(
        rx.el.p(view.brand, class_name=ui.PRODUCT_BRAND),
        rx.el.h1(view.name, class_name=ui.PRODUCT_TITLE),
        rx.cond(view.has_reviews, _rating(view), None),
        rx.el.p(
            rx.el.span(
                rx.cond(view.compare_at_text, rx.el.span("Now ", class_name="sr-only"), None),
                view.price_text,
                class_name=ui.PRODUCT_PRICE_NOW,
            ),
            rx.cond(
                view.compare_at_text,
                rx.fragment(
                    rx.el.s(
                        rx.el.span("was ", class_name="sr-only"), view.compare_at_text, class_name=ui.PRODUCT_PRICE_WAS
                    ),
                    rx.el.span(view.saving_text, class_name=ui.BADGE_SALE),
                ),
                None,
            ),
            class_name=ui.PRODUCT_PRICE,
            custom_attrs={"aria-live": "polite"},
        ),
        rx.el.p(view.summary, class_name=ui.PRODUCT_SUMMARY),
    )


def _assurances() -> rx.Component:
    return rx.el.ul(
        *(rx.el.li(icon(name, ui.ASSURANCE_ICON), text, class_name=ui.ASSURANCE) for name, text in ASSURANCES),
        class_name=ui.ASSURANCES,
    )


def _details(view: rx.Var[ProductView]) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Details", class_name=f"{ui.H2} mb-4"),
            rx.el.div(rx.html(view.description_html), class_name=ui.PROSE),
        ),
        rx.el.div(
            disclosure(
                rx.el.h3("Delivery", class_name="font-semibold text-ink"),
                rx.el.p(view.delivery_text, " ", view.shipping_text, class_name="pb-3 text-ink-2"),
                class_name="border-b border-line",
                is_open=True,
            ),
            disclosure(
                rx.el.h3("Returns", class_name="font-semibold text-ink"),
                rx.el.p(RETURNS_TEXT, class_name="pb-3 text-ink-2"),
                class_name="border-b border-line",
            ),
            rx.el.p("Article number ", view.sku, class_name="mt-4 text-sm text-ink-3"),
        ),
        class_name=ui.DETAILS,
    )


def product(
    view: rx.Var[ProductView],
    *,
    on_choose: Any,
    alert: rx.Component,
    reviews: rx.Component,
    recent: rx.Component,
    **buy: Any,
) -> rx.Component:
    """The product page's content; ``alert`` shows while the chosen variant is sold out."""
    return rx.fragment(
        breadcrumb(view.breadcrumbs),
        rx.el.div(
            Gallery.create(
                images=view.images,
                sizes=ui.PRODUCT_SIZES,
                name=view.name,
                classes=GALLERY_CLASSES,
                icons=icon_paths("zoom", "close", "left", "right"),
            ),
            rx.el.div(
                _headline(view),
                rx.foreach(view.options, lambda option: _option(option, on_choose)),
                _stock(view),
                _buy(view, **buy),
                rx.cond(view.max_quantity > 0, None, alert),
                _assurances(),
                class_name=ui.PRODUCT_INFO,
            ),
            class_name=ui.PRODUCT,
        ),
        _details(view),
        reviews,
        rx.cond(view.related.length() > 0, product_rail("You may also like", view.related), None),
        recent,
        _sticky(view, buy["is_adding"]),
    )
