"""``/admin/products/new`` and ``/admin/products/[product]``"""

import reflex as rx

from shophub.components.admin.basics import admin_link_button
from shophub.components.admin.product_editor import editor_skeleton, missing_product, product_editor
from shophub.components.ui.icons import icon
from shophub.pages.admin.layout import admin_page
from shophub.state.admin.product_editor import PRODUCTS, ProductEditorState


def _page(title: rx.Var[str] | str) -> rx.Component:
    state = ProductEditorState
    shown = rx.cond(
        state.view.status == "active",
        admin_link_button(icon("external", "size-4"), "See it in the shop", href=f"/products/{state.view.slug}"),
        None,
    )
    return admin_page(
        title,
        rx.cond(
            state.is_missing,
            missing_product(),
            product_editor(
                product=state.view,
                around=state.around,
                outcome=state.outcome,
                preview=state.preview,
                epoch=state.epoch,
                answered=state.answered,
                on_save=state.save,
                on_reload=state.load,
                on_preview=state.show_preview,
                on_delete=state.delete,
            ),
        ),
        crumbs=(("Products", PRODUCTS),),
        actions=(shown,),
        loaded=state.loaded,
        fallback=editor_skeleton(),
    )


def new_product() -> rx.Component:
    """A product that is not there yet."""
    return _page("New product")


def product() -> rx.Component:
    """One product with all that can be said of it."""
    return _page(rx.cond(ProductEditorState.is_missing, "Product", ProductEditorState.view.name))
