"""``/admin/reviews``"""

import reflex as rx

from shophub.components.admin.reviews import ReviewKeys, hide_dialog, review_cells, reviews_empty
from shophub.pages.admin.layout import admin_page
from shophub.pages.admin.tables import admin_table
from shophub.services.review_moderation import REVIEWS
from shophub.state.admin.reviews import ReviewQueueState
from shophub.state.admin.table import TableState


def reviews() -> rx.Component:
    """What customers wrote, the newest first."""
    table = admin_table(
        REVIEWS,
        ReviewQueueState.lines,
        review_cells(ReviewQueueState.approve, ReviewQueueState.choose),
        label="Reviews",
        empty=reviews_empty(TableState.view.clear_url),
        row_name=lambda line: line.author,
    )
    return admin_page(
        "Reviews",
        table,
        ReviewKeys.create(),
        lead="Reviews are shown at once. A approves the one with the focus, R hides it with a reason.",
        loaded=ReviewQueueState.loaded,
        overlays=(hide_dialog(ReviewQueueState.chosen, ReviewQueueState.hide, ReviewQueueState.error),),
    )
