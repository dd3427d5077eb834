"""``/admin/orders``"""

import reflex as rx

from shophub.components.admin.basics import admin_empty, admin_link_button
from shophub.components.admin.order_list import bulk_ship_dialog, news_button, order_cells, refusals_note
from shophub.components.admin.order_peek import peek_panel
from shophub.components.admin.table import bar_button
from shophub.pages.admin.layout import admin_page
from shophub.pages.admin.tables import admin_table
from shophub.schemas.order_list import ORDER_TABLE
from shophub.state.admin.export import ExportState
from shophub.state.admin.order_peek import OrderPeekState
from shophub.state.admin.orders import OrderListState


def orders() -> rx.Component:
    """All orders."""
    return admin_page(
        "Orders",
        refusals_note(OrderListState.refusals),
        admin_table(
            ORDER_TABLE,
            OrderListState.rows,
            order_cells(OrderPeekState.look),
            label="Orders",
            empty=admin_empty(
                "receipt",
                "No orders here",
                "Orders appear the moment somebody pays. Other tabs or filters may have some.",
                admin_link_button("Show all orders", href=ORDER_TABLE.path),
            ),
            bulk=(
                bar_button("Mark shipped…", on_click=OrderListState.ask_to_ship),
                bar_button("Export", on_click=ExportState.orders),
            ),
            row_name=lambda row: row.number,
        ),
        actions=(news_button(OrderListState.news, OrderListState.show_news),),
        loaded=OrderListState.loaded,
        overlays=(
            peek_panel(OrderPeekState.view, OrderPeekState.look),
            bulk_ship_dialog(
                count=OrderListState.to_ship,
                shipped=OrderListState.shipped,
                asks_for_count=OrderListState.asks_for_count,
                is_busy=OrderListState.is_busy,
                error=OrderListState.ship_error,
                on_submit=OrderListState.ship,
            ),
        ),
    )
