"""The bar at the lower edge of phones."""

from shophub.lib import ui_classes as ui

STICKY_CLASSES = {
    "bar": (
        "fixed inset-x-0 bottom-0 z-40 flex items-center gap-4 border-t border-line bg-surface px-4 py-2.5 lg:hidden"
    ),
    "text": "flex min-w-0 flex-1 flex-col",
    "name": "truncate text-sm text-ink-2",
    "price": "font-extrabold text-ink tnum",
    "button": ui.BUTTON_PRIMARY,
}
