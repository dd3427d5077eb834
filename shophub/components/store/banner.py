"""The line that shows while the connection is gone."""

import reflex as rx

from shophub.components.ui.local import ConnectionBanner


def connection_banner() -> rx.Component:
    """Calm words instead of an error."""
    return ConnectionBanner.create(
        "Reconnecting… your cart is safe.",
        below="/admin",
        words_below="Reconnecting… nothing you saved is lost.",
        class_name="fixed inset-x-0 bottom-4 z-50 mx-auto w-fit max-w-[calc(100vw-2rem)] rounded-full bg-inverse px-5 "
        "py-2.5 text-sm font-medium text-inverse-ink shadow-pop",
    )
