"""``/admin/coupons`` and the page of one coupon."""

import reflex as rx

from shophub.components.admin.basics import admin_empty, admin_link_button
from shophub.components.admin.coupons import (
    CouponEvents,
    codes_made,
    coupon_cells,
    coupon_form,
    coupons_empty,
    delete_coupon_dialog,
)
from shophub.components.ui.icons import icon
from shophub.pages.admin.layout import admin_page
from shophub.pages.admin.tables import admin_table
from shophub.services.coupon_pages import COUPONS
from shophub.state.admin.coupons import CouponsState, CouponState
from shophub.state.admin.table import TableState

EVENTS = CouponEvents(
    note=CouponState.note,
    tick=CouponState.tick,
    choose_category=CouponState.choose_category,
    make_up=CouponState.make_up,
    save=CouponState.save,
    download=CouponState.download,
    delete=CouponState.delete,
    fields=CouponState.fields,
    preview=CouponState.preview,
    categories=CouponState.categories,
    kind=CouponState.kind,
    errors=CouponState.errors,
    currency=CouponState.currency,
    is_new=CouponState.is_new,
    uses_text=CouponState.uses_text,
    epoch=CouponState.epoch,
    codes=CouponState.codes,
)


def coupons() -> rx.Component:
    """The store's coupons, with what each brought in."""
    table = admin_table(
        COUPONS,
        CouponsState.lines,
        coupon_cells(CouponsState.switch),
        label="Coupons",
        empty=coupons_empty(
            (TableState.view.chips.length() > 0) | (TableState.view.key != COUPONS.path), TableState.view.clear_url
        ),
        row_name=lambda line: line.code,
    )
    return admin_page(
        "Coupons",
        table,
        actions=(admin_link_button(icon("plus", "size-4"), "New coupon", href="/admin/coupons/new", kind="primary"),),
        loaded=CouponsState.loaded,
    )


def coupon() -> rx.Component:
    """One coupon, or a new one."""
    missing = admin_empty(
        "ticket",
        "There is no such coupon",
        "It may have been deleted. Orders that used it keep its code.",
        admin_link_button("All coupons", href=COUPONS.path),
    )
    return admin_page(
        CouponState.title,
        rx.cond(
            CouponState.is_missing,
            missing,
            rx.cond(CouponState.codes.length() > 0, codes_made(EVENTS), coupon_form(EVENTS)),
        ),
        crumbs=(("Coupons", COUPONS.path),),
        loaded=CouponState.loaded,
        overlays=(delete_coupon_dialog(EVENTS),),
    )
