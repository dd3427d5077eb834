"""``/admin/products/import``"""

import reflex as rx

from shophub.components.admin.basics import admin_link_button
from shophub.components.admin.product_import import (
    import_check,
    import_columns,
    import_error,
    import_run,
    import_start,
)
from shophub.domain.admin_sections import PRODUCTS_PATH
from shophub.pages.admin.layout import admin_page
from shophub.schemas.product_import import PATH
from shophub.state.admin.product_import import ProductImportState
from shophub.state.admin.work import LongWorkState


def product_import() -> rx.Component:
    """A file of products on its way into the catalog."""
    state = ProductImportState
    under_way = rx.el.div(
        rx.el.div(
            rx.el.p(
                rx.el.strong(state.file.file_name, class_name="font-semibold [overflow-wrap:anywhere]"),
                rx.el.span(state.file.size_text, class_name="text-ink-2"),
                class_name="flex min-w-0 flex-wrap items-baseline gap-x-3",
            ),
            admin_link_button("Choose another file", href=PATH, kind="quiet"),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.cond(
            state.run.id,
            import_run(state.run, LongWorkState.cancel),
            rx.fragment(
                rx.cond(
                    state.check.id,
                    import_check(state.check, LongWorkState.cancel, state.start_import, state.start_error),
                    None,
                ),
                import_columns(state.file, state.check, state.set_column, state.set_creates, state.start_check),
            ),
        ),
        class_name="grid max-w-4xl gap-4",
    )
    return admin_page(
        "Import products",
        import_error(state.error),
        rx.cond(state.file.id, under_way, import_start(state.latest)),
        crumbs=(("Products", PRODUCTS_PATH),),
        lead="New products and changes to those that are there, from a spreadsheet.",
        loaded=state.loaded,
    )
