"""``/admin/products``"""

import reflex as rx

from shophub.components.admin.basics import admin_link_button
from shophub.components.admin.product_bulk import ProductBulkEvents, bulk_actions, bulk_dialogs
from shophub.components.admin.products import ProductListEvents, product_cells, products_empty, variant_rows
from shophub.components.admin.table import bar_button
from shophub.components.ui.icons import icon
from shophub.pages.admin.layout import admin_page
from shophub.pages.admin.tables import admin_table
from shophub.schemas.product_import import PATH as IMPORT_PATH
from shophub.schemas.product_list import PRODUCTS
from shophub.state.admin.export import ExportState
from shophub.state.admin.product_bulk import ProductBulkState
from shophub.state.admin.products import ProductsState
from shophub.state.admin.table import TableState

EVENTS = ProductListEvents(
    toggle=ProductsState.toggle, set_stock=ProductsState.set_stock, set_price=ProductsState.set_price
)
BULK = ProductBulkEvents(
    set_status=ProductBulkState.set_status,
    set_status_of_many=ProductBulkState.set_status_of_many,
    wanted=ProductBulkState.wanted,
    change_prices=ProductBulkState.change_prices,
    change_tags=ProductBulkState.change_tags,
    error=ProductBulkState.error,
)


def products() -> rx.Component:
    """What the shop sells, with stock and prices to be changed in place."""
    is_narrowed = TableState.view.chips.length() > 0
    table = admin_table(
        PRODUCTS,
        ProductsState.lines,
        product_cells(EVENTS),
        label="Products",
        empty=products_empty(is_narrowed, TableState.view.clear_url),
        bulk=(*bulk_actions(BULK), bar_button("Export", on_click=ExportState.products)),
        row_name=lambda line: line.name,
        below=variant_rows(EVENTS, PRODUCTS, TableState.view.hidden),
    )
    return admin_page(
        "Products",
        table,
        actions=(
            admin_link_button(icon("upload", "size-4"), "Import", href=IMPORT_PATH),
            admin_link_button(icon("plus", "size-4"), "Add product", href="/admin/products/new", kind="primary"),
        ),
        loaded=ProductsState.loaded,
        overlays=bulk_dialogs(BULK, TableState.selected_count),
    )
