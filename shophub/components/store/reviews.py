"""What customers said: average, distribution, the reviews, and the form for one's own."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from shophub.components.ui.basics import badge, button, link_button, note, stars
from shophub.components.ui.fields import select_box
from shophub.components.ui.wishing import CountedText, CountedToggle, StarChoice
from shophub.lib import ui_classes as ui
from shophub.lib.ui_texts import NO_REVIEWS
from shophub.schemas.catalog import HistogramBar, ReviewView
from shophub.schemas.community import MAX_COMMENT, STAR_WORDS, OwnReviewView, ReviewsView

SORTS = (
    ("newest", "Newest first"),
    ("helpful", "Most helpful"),
    ("highest", "Highest rating"),
    ("lowest", "Lowest rating"),
)


@dataclass(frozen=True)
class ReviewEvents:
    """What can be done with reviews."""

    choose_stars: Any
    sort: Any
    show_more: Any
    write: Any
    stop_writing: Any
    save: Any
    delete: Any
    vote: Any


@dataclass(frozen=True)
class Writing:
    """The form's state."""

    is_open: rx.Var[bool]
    rating_error: rx.Var[str]
    comment_error: rx.Var[str]


def _bar(bar: rx.Var[HistogramBar], chosen: rx.Var[int], on_choose: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                bar.stars,
                rx.el.span(" stars", class_name="sr-only"),
                rx.el.span(" ★", custom_attrs={"aria-hidden": "true"}),
            ),
            rx.el.progress(
                value=bar.percent, max=100, class_name=ui.HISTOGRAM_BAR, custom_attrs={"aria-hidden": "true"}
            ),
            rx.el.span(bar.count, rx.el.span(" reviews", class_name="sr-only"), class_name="text-right"),
            type="button",
            disabled=bar.count == 0,
            on_click=on_choose(bar.stars),
            class_name=rx.cond(
                chosen == bar.stars,
                f"{ui.HISTOGRAM_ROW} {ui.HISTOGRAM_BUTTON} {ui.HISTOGRAM_CHOSEN}",
                f"{ui.HISTOGRAM_ROW} {ui.HISTOGRAM_BUTTON}",
            ),
            custom_attrs={"aria-pressed": rx.cond(chosen == bar.stars, "true", "false")},
        ),
        key=bar.stars.to_string(),
    )


def _summary(view: rx.Var[ReviewsView], events: ReviewEvents) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.span(view.rating_text, class_name="text-hero font-extrabold tracking-tight text-ink tnum"),
            rx.el.span(" of 5", class_name="text-ink-3"),
        ),
        stars(view.stars, ui.STARS_LARGE),
        rx.el.p(view.count, rx.cond(view.count == 1, " review", " reviews"), class_name="mt-1 text-sm text-ink-3 tnum"),
        rx.el.ul(
            rx.foreach(view.histogram, lambda bar: _bar(bar, view.chosen_stars, events.choose_stars)),
            class_name="mt-5",
            custom_attrs={"aria-label": "Reviews by stars"},
        ),
    )


def _signature(author: Any, review: Any) -> rx.Component:
    return rx.el.p(
        author,
        " · ",
        rx.el.time(review.created_text, custom_attrs={"dateTime": review.created_iso}),
        rx.cond(review.is_edited, " · edited", ""),
        class_name="mt-2 text-sm text-ink-3",
    )


def _comment(review: Any) -> rx.Component:
    return rx.cond(
        review.comment,
        rx.el.p(review.comment, class_name="mt-2.5 max-w-[68ch] whitespace-pre-line text-ink [overflow-wrap:anywhere]"),
        None,
    )


def _review(review: rx.Var[ReviewView], epoch: rx.Var[int], on_vote: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            stars(review.rating),
            rx.el.span("Rated ", review.rating, " of 5", class_name="sr-only"),
            rx.cond(review.is_verified, badge("Verified purchase", "success"), None),
            class_name="flex flex-wrap items-center gap-3",
        ),
        _comment(review),
        _signature(review.author, review),
        rx.el.div(
            CountedToggle.create(
                pressed=review.is_voted,
                count=review.helpful,
                epoch=epoch,
                label="Helpful",
                on_press=lambda is_helpful: on_vote(review.id, is_helpful),
                class_name=ui.REVIEW_HELPFUL,
            ),
            class_name="mt-3",
        ),
        key=review.id,
        tab_index=-1,
        class_name=f"{ui.REVIEW} focus:outline-none",
    )


def _own(own: rx.Var[OwnReviewView], events: ReviewEvents) -> rx.Component:
    return rx.el.div(
        rx.el.h3("Your review", class_name="mb-2 font-semibold text-ink"),
        rx.cond(
            own.is_hidden,
            rx.el.div(
                note("Only you see this: the store has hidden it. ", own.hidden_reason, tone="warning"),
                class_name="mb-3",
            ),
            None,
        ),
        stars(own.rating),
        rx.el.span("Rated ", own.rating, " of 5", class_name="sr-only"),
        _comment(own),
        _signature("You", own),
        rx.el.div(
            button("Edit", kind="secondary", on_click=events.write, id="write-review"),
            rx.el.button("Delete", type="button", on_click=events.delete, class_name=ui.BUTTON_QUIET_DANGER),
            class_name="mt-3 flex gap-2",
        ),
        id="your-review",
        tab_index=-1,
        class_name=ui.REVIEW_OWN,
    )


def _form(view: rx.Var[ReviewsView], writing: Writing, events: ReviewEvents) -> rx.Component:
    return rx.el.form(
        rx.el.h3(rx.cond(view.own.id, "Edit your review", "Write a review"), class_name=ui.H3),
        StarChoice.create(
            name="rating",
            legend="Your rating",
            value=view.own.rating,
            words=list(STAR_WORDS),
            error=writing.rating_error,
        ),
        CountedText.create(
            name="comment",
            label="Your review",
            value=view.own.comment,
            maximum=MAX_COMMENT,
            rows=5,
            hint="What should others know of it?",
            error=writing.comment_error,
        ),
        rx.el.div(
            button("Publish", type="submit"),
            button("Cancel", kind="quiet", on_click=events.stop_writing),
            class_name="flex gap-2",
        ),
        on_submit=events.save,
        no_validate=True,
        class_name=ui.REVIEW_FORM,
        custom_attrs={"aria-label": "Your review"},
    )


def _writing_part(
    view: rx.Var[ReviewsView], page_url: rx.Var[str], writing: Writing, events: ReviewEvents
) -> rx.Component:
    return rx.cond(
        writing.is_open,
        _form(view, writing, events),
        rx.match(
            view.writing,
            ("written", _own(view.own, events)),
            (
                "can_write",
                rx.el.div(
                    button("Write a review", kind="secondary", on_click=events.write, id="write-review"),
                    class_name="mb-8",
                ),
            ),
            (
                "sign_in",
                rx.el.div(
                    link_button("Sign in to write a review", href="/login?next=" + page_url, kind="secondary"),
                    class_name="mb-8",
                ),
            ),
            rx.cond(view.count > 0, rx.el.p(NOT_RECEIVED, class_name="mb-8 text-sm text-ink-3"), None),
        ),
    )


NOT_RECEIVED = "You can review this once it has been delivered to you."


def _tools(view: rx.Var[ReviewsView], events: ReviewEvents) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(view.shown_text, class_name="text-sm text-ink-3 tnum"),
            rx.cond(
                view.chosen_stars > 0,
                button("Show all", kind="quiet", on_click=events.choose_stars(0)),
                None,
            ),
            class_name="flex items-center gap-2",
        ),
        rx.el.div(
            rx.el.label("Sort reviews", html_for="review-sort", class_name="sr-only"),
            select_box(
                *(rx.el.option(label, value=value) for value, label in SORTS),
                id="review-sort",
                value=view.sort,
                on_change=events.sort,
            ),
            class_name="w-48",
        ),
        class_name=ui.REVIEW_TOOLS,
    )


def reviews(
    view: rx.Var[ReviewsView], *, page_url: rx.Var[str], epoch: rx.Var[int], writing: Writing, events: ReviewEvents
) -> rx.Component:
    """Average, distribution and the reviews themselves; nothing where the store shows none."""
    part = _writing_part(view, page_url, writing, events)
    return rx.cond(
        view.is_on,
        rx.el.section(
            rx.el.h2("Reviews", class_name=ui.H2),
            rx.cond(
                view.count > 0,
                rx.el.div(
                    _summary(view, events),
                    rx.el.div(
                        part,
                        _tools(view, events),
                        rx.el.ul(
                            rx.foreach(
                                view["items"].to(tuple[ReviewView, ...]),
                                lambda review: _review(review, epoch, events.vote),
                            ),
                            id="review-items",
                        ),
                        rx.cond(
                            view.more > 0,
                            button("Show ", view.more, " more reviews", kind="secondary", on_click=events.show_more),
                            None,
                        ),
                        class_name="min-w-0",
                    ),
                    class_name=ui.REVIEWS_BODY,
                ),
                rx.el.div(rx.el.p(NO_REVIEWS, class_name="mb-4 text-ink-2"), part, class_name="mt-3"),
            ),
            id="reviews",
            tab_index=-1,
            class_name=ui.REVIEWS,
        ),
        None,
    )
