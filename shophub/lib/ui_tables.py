"""Class strings of the back office's tables. Whole literals, as in ``ui_classes``.

From 768 px up a table, below that a card per row: each cell then has its column's name before it.
"""

TOOLS = "flex flex-wrap items-center gap-2 p-3 lg:px-4"
SEARCH = {
    "form": "relative min-w-48 flex-1 basis-56 lg:max-w-sm",
    "icon": "pointer-events-none absolute left-2.5 top-2.5 text-ink-3",
    "input": "block h-9 w-full rounded-md border border-line-strong bg-surface pl-8 pr-2 text-base text-ink "
    "placeholder:text-ink-3 lg:text-sm",
}
FILTER = {
    "wrap": "relative inline-flex min-w-0",
    "off": "h-9 max-w-44 cursor-pointer appearance-none truncate rounded-md border border-line-strong bg-surface "
    "pl-2.5 pr-8 text-base text-ink-2 hover:bg-hover lg:text-sm",
    "on": "h-9 max-w-44 cursor-pointer appearance-none truncate rounded-md border border-brand bg-brand-soft "
    "pl-2.5 pr-8 text-base font-medium text-brand lg:text-sm",
    "icon": "pointer-events-none absolute right-2.5 top-2.5 text-ink-3",
}
COLUMN = {
    "row": "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2 hover:bg-hover",
    "box": "size-4 shrink-0 cursor-pointer accent-(--brand)",
}
CHIPS = "flex flex-wrap items-center gap-2 px-3 pb-3 lg:px-4"
CHIP = (
    "inline-flex min-h-7 items-center gap-1 rounded-full bg-brand-soft pl-2.5 pr-1.5 text-xs font-semibold text-brand "
    "hover:bg-hover"
)
CLEAR = "inline-flex min-h-7 items-center px-1.5 text-xs font-semibold text-ink-2 underline underline-offset-4"
TABS = "flex gap-1 overflow-x-auto px-2 [scrollbar-width:none] lg:px-3"
TAB = (
    "inline-flex min-h-11 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2.5 font-medium text-ink-2 "
    "hover:text-ink"
)
TAB_ON = "inline-flex min-h-11 shrink-0 items-center gap-1.5 border-b-2 border-brand px-2.5 font-semibold text-ink"
TAB_COUNT = "rounded-full bg-sunken px-1.5 py-px text-xs font-medium text-ink-2 tnum"
PANEL = "admin-panel w-64 rounded-lg border border-line bg-surface p-3 text-sm text-ink shadow-pop"
PANEL_TITLE = "px-2 pb-1 text-xs font-semibold text-ink-3"

WRAP = "overflow-x-auto border-t border-line lg:overflow-visible"
TABLE = "w-full border-collapse text-sm max-md:block"
HEAD = "max-md:sr-only"
TH = (
    "z-20 whitespace-nowrap border-b border-line bg-surface px-3 py-2 text-left text-xs font-semibold text-ink-2 "
    "first:pl-4 last:pr-4 lg:sticky lg:top-14"
)
TH_NUMBER = (
    "z-20 whitespace-nowrap border-b border-line bg-surface px-3 py-2 text-right text-xs font-semibold text-ink-2 "
    "first:pl-4 last:pr-4 lg:sticky lg:top-14"
)
SORT = "inline-flex min-h-6 items-center gap-1 rounded-sm hover:text-ink"
SORT_ICON_ON = "size-3.5 text-ink"
SORT_ICON_OFF = "size-3.5 text-line-strong"
BODY = "max-md:grid max-md:gap-3 max-md:p-3"
ROW = (
    "group/row border-b border-line last:border-0 hover:bg-sunken max-md:relative max-md:block max-md:rounded-lg "
    "max-md:border max-md:border-line max-md:bg-surface max-md:p-3 max-md:last:border"
)
ROW_ON = (
    "group/row border-b border-line bg-brand-soft/50 last:border-0 max-md:relative max-md:block max-md:rounded-lg "
    "max-md:border max-md:border-brand max-md:p-3 max-md:last:border"
)
ROW_BELOW = (
    "group/row border-b border-line bg-sunken/60 max-md:-mt-2 max-md:ml-4 max-md:block max-md:rounded-lg max-md:border "
    "max-md:border-line max-md:p-3"
)
CELL = (
    "px-3 py-2.5 align-middle first:pl-4 last:pr-4 max-md:flex max-md:min-h-8 max-md:items-start max-md:gap-3 "
    "max-md:p-0 max-md:py-1"
)
CELL_COMPACT = (
    "px-3 py-1 align-middle first:pl-4 last:pr-4 max-md:flex max-md:min-h-8 max-md:items-start max-md:gap-3 "
    "max-md:p-0 max-md:py-1"
)
NUMBER = "text-right tnum max-md:text-left"
CELL_LABEL = "hidden w-24 shrink-0 text-xs leading-5 text-ink-3 max-md:inline"
CELL_CHECK = "w-8 py-2 pl-4 pr-0 align-middle max-md:absolute max-md:right-3 max-md:top-3 max-md:w-auto max-md:p-0"
CELL_FIRST = "px-3 py-2.5 align-middle first:pl-4 last:pr-4 max-md:block max-md:p-0 max-md:pb-2 max-md:pr-8"
CELL_FIRST_COMPACT = "px-3 py-1 align-middle first:pl-4 last:pr-4 max-md:block max-md:p-0 max-md:pb-2 max-md:pr-8"
CHECK = "size-4 shrink-0 cursor-pointer accent-(--brand)"
FOOT = "flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-2.5 text-ink-2"
PAGE = (
    "inline-flex min-h-9 items-center gap-1 rounded-md border border-line-strong bg-surface px-3 font-medium text-ink "
    "hover:bg-hover"
)
PAGE_OFF = "inline-flex min-h-9 items-center gap-1 rounded-md border border-line px-3 font-medium text-ink-3"
BAR = (
    "sticky bottom-3 z-30 mx-3 mb-3 flex flex-wrap items-center gap-2 rounded-lg border border-line bg-inverse px-3 "
    "py-2 text-inverse-ink shadow-pop"
)
BAR_BUTTON = (
    "inline-flex min-h-9 cursor-pointer items-center gap-1.5 rounded-md bg-inverse-ink/15 px-3 font-semibold "
    "text-inverse-ink hover:bg-inverse-ink/25"
)
BAR_LINK = (
    "inline-flex min-h-9 cursor-pointer items-center px-1.5 font-semibold text-inverse-ink underline underline-offset-4"
)
INLINE = {
    "cell": "inline-flex min-w-0 flex-col items-end max-md:items-start",
    "line": "inline-flex items-center gap-1",
    "prefix": "text-ink-3",
    "input": "h-8 w-20 rounded-md border border-line bg-transparent px-2 text-right text-base text-ink tnum "
    "hover:border-line-strong focus:border-brand focus:bg-surface group-hover/row:border-line-strong "
    "aria-invalid:border-danger max-md:border-line-strong max-md:text-left lg:text-sm",
    "mark": "inline-flex size-4 shrink-0",
    "spinner": "size-4 animate-spin rounded-full border-2 border-line-strong border-t-brand",
    "tick": "size-4 text-success",
    "error": "mt-0.5 max-w-52 text-left text-xs font-medium text-danger",
    "note": "mt-0.5 max-w-52 text-left text-xs text-ink-2",
}
