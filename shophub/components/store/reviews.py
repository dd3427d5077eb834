"""What customers said."""

import reflex as rx

from shophub.components.ui.basics import badge, stars
from shophub.lib import ui_classes as ui
from shophub.lib.ui_texts import NO_REVIEWS
from shophub.schemas.catalog import HistogramBar, ProductView, ReviewView


def _bar(bar: rx.Var[HistogramBar]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            bar.stars,
            rx.el.span(" stars", class_name="sr-only"),
            rx.el.span(" ★", custom_attrs={"aria-hidden": "true"}),
        ),
        rx.el.progress(value=bar.percent, max=100, class_name=ui.HISTOGRAM_BAR, custom_attrs={"aria-hidden": "true"}),
        rx.el.span(bar.count, rx.el.span(" reviews", class_name="sr-only"), class_name="text-right"),
        key=bar.stars.to_string(),
        class_name=ui.HISTOGRAM_ROW,
    )


def _review(review: rx.Var[ReviewView]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            stars(review.rating),
            rx.el.span("Rated ", review.rating, " of 5", class_name="sr-only"),
            rx.cond(review.is_verified, badge("Verified purchase", "success"), None),
            class_name="flex flex-wrap items-center gap-3",
        ),
        rx.cond(
            review.comment, rx.el.p(review.comment, class_name="mt-2.5 max-w-[68ch] whitespace-pre-line text-ink"), None
        ),
        rx.el.p(
            review.author,
            " · ",
            rx.el.time(review.created_text, custom_attrs={"dateTime": review.created_iso}),
            class_name="mt-2 text-sm text-ink-3",
        ),
        key=review.id,
        class_name=ui.REVIEW,
    )


def reviews(view: rx.Var[ProductView]) -> rx.Component:
    """Average, distribution and the reviews themselves."""
    return rx.el.section(
        rx.el.h2("Reviews", class_name=ui.H2),
        rx.cond(
            view.review_count > 0,
            rx.el.div(
                rx.el.div(
                    rx.el.p(
                        rx.el.span(
                            view.rating_text, class_name="text-hero font-extrabold tracking-tight text-ink tnum"
                        ),
                        rx.el.span(" of 5", class_name="text-ink-3"),
                    ),
                    stars(view.stars, "size-5"),
                    rx.el.p(view.review_count, " reviews", class_name="mt-1 text-sm text-ink-3 tnum"),
                    rx.el.ul(rx.foreach(view.histogram, _bar), class_name="mt-5"),
                ),
                rx.el.ul(rx.foreach(view.reviews, _review)),
                class_name=ui.REVIEWS_BODY,
            ),
            rx.el.p(NO_REVIEWS, class_name="mt-3 text-ink-2"),
        ),
        id="reviews",
        tab_index=-1,
        class_name=ui.REVIEWS,
    )
