"""What is put into the parcel: on paper it takes the place of the page on which the order is worked on."""

import reflex as rx

from shophub.components.store.order import letterhead
from shophub.schemas.orders import OrderLineView, OrderView


def packing_slip(order: rx.Var[OrderView], seller: rx.Var[tuple[str, ...]]) -> rx.Component:
    """Where it goes and what is in it, without prices: it may be a present. What was refunded stays out."""

    def line(one: rx.Var[OrderLineView]) -> rx.Component:
        return rx.el.tr(
            rx.el.td(one.to_pack, class_name="py-2 pr-4 align-top font-semibold tnum"),
            rx.el.td(
                rx.el.span(one.name, class_name="block font-semibold"),
                rx.cond(one.options_text, rx.el.span(one.options_text, class_name="block"), None),
                class_name="py-2 pr-4 align-top",
            ),
            rx.el.td(one.sku, class_name="py-2 pr-4 align-top font-mono text-xs"),
            rx.el.td(rx.el.span(class_name="inline-block size-4 border border-ink"), class_name="py-2 align-top"),
            class_name="border-b border-line break-inside-avoid",
        )

    heads = (("Units", "w-16 py-1 pr-4"), ("Item", "py-1 pr-4"), ("SKU", "py-1 pr-4"), ("Packed", "py-1"))
    return rx.el.section(
        letterhead(seller),
        rx.el.h2("Packing slip ", order.number, class_name="text-2xl font-extrabold tnum"),
        rx.el.p("Ordered on ", order.placed_text, class_name="mb-6"),
        rx.el.h3("Ships to", class_name="font-semibold"),
        rx.el.address(
            rx.foreach(order.address.lines, lambda one: rx.el.span(one, class_name="block")), class_name="not-italic"
        ),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    *(rx.el.th(text, scope="col", class_name=f"{name} text-left") for text, name in heads),
                    class_name="border-b border-ink",
                )
            ),
            rx.el.tbody(rx.foreach(order.lines, lambda one: rx.cond(one.to_pack > 0, line(one), None))),
            class_name="mt-6 w-full border-collapse text-left",
        ),
        rx.cond(
            order.note,
            rx.el.p("The customer's note: ", order.note, class_name="mt-6 whitespace-pre-line"),
            None,
        ),
        class_name="hidden print:block",
        custom_attrs={"aria-label": "Packing slip"},
    )
