"""Class strings of listings and their filters, shared by the live pages and the server's HTML as in ``ui_classes``."""

PAGE = "lg:grid lg:grid-cols-[minmax(0,1fr)_18rem] lg:gap-x-6"
HEAD = "mt-1 min-w-0"
INTRO = "mt-2 max-w-[60ch] text-ink-2"
NOTE = "mt-2 max-w-[60ch] text-ink-2"
# On phones the tools stay below the header while one scrolls.
TOOLS = (
    "sticky top-16 z-20 -mx-[clamp(1rem,4vw,2rem)] mt-3 flex items-center gap-3 border-b border-line bg-bg/95 "
    "px-[clamp(1rem,4vw,2rem)] py-2 backdrop-blur-sm lg:static lg:z-auto lg:mx-0 lg:mt-0 lg:self-end lg:border-0 "
    "lg:bg-transparent lg:p-0 lg:backdrop-blur-none"
)
SUBCATEGORIES = "mt-4 min-w-0 lg:col-span-2"
SUBCATEGORY_ROW = "flex gap-2 overflow-x-auto p-1 -m-1 lg:flex-wrap [scrollbar-width:none]"
BODY = "lg:mt-8 lg:col-span-2 lg:grid lg:grid-cols-[15rem_minmax(0,1fr)] lg:gap-10"
BODY_PLAIN = "lg:mt-8 lg:col-span-2"
# Without any script there is no sheet: the filters then stand below the products.
BODY_SERVED = (
    "lg:mt-8 lg:col-span-2 lg:grid lg:grid-cols-[15rem_minmax(0,1fr)] lg:gap-10 max-lg:noscript:flex "
    "max-lg:noscript:flex-col-reverse max-lg:noscript:gap-10"
)
ASIDE = "hidden lg:block"
ASIDE_SERVED = "hidden lg:block max-lg:noscript:block"
PANEL = (
    "lg:sticky lg:top-20 lg:max-h-[calc(100dvh-6rem)] lg:overflow-y-auto lg:overscroll-contain lg:px-2 lg:-mx-2 "
    "[scrollbar-width:thin]"
)
RESULTS = "mt-5 min-w-0 scroll-mt-36 lg:mt-0 lg:scroll-mt-20"
ITEMS = "transition-opacity duration-150"
ITEMS_BUSY = "opacity-60 transition-opacity duration-150"
FILTER_BUTTON = (
    "inline-flex min-h-11 flex-1 items-center justify-center gap-2 rounded-md border border-line-strong bg-surface "
    "px-4 font-semibold text-ink hover:bg-hover cursor-pointer tnum lg:hidden"
)
FILTER_BUTTON_SERVED = (
    "inline-flex min-h-11 flex-1 items-center justify-center gap-2 rounded-md border border-line-strong bg-surface "
    "px-4 font-semibold text-ink hover:bg-hover cursor-pointer tnum lg:hidden noscript:hidden"
)
FILTER_JUMP = (
    "hidden min-h-11 flex-1 items-center justify-center gap-2 rounded-md border border-line-strong bg-surface px-4 "
    "font-semibold text-ink hover:bg-hover tnum max-lg:noscript:inline-flex"
)
SUBCATEGORY = (
    "inline-flex min-h-11 shrink-0 items-center whitespace-nowrap rounded-full border border-line-strong bg-surface "
    "px-4 text-ink-2 hover:bg-hover hover:text-ink"
)
FILTER_CHIPS = "mb-5 flex flex-wrap items-center gap-2"
FILTER_CHIP = (
    "inline-flex min-h-11 items-center gap-1.5 rounded-full bg-brand-soft pl-4 pr-3 text-sm font-semibold text-brand "
    "hover:bg-hover"
)
FILTER_CLEAR = (
    "inline-flex min-h-11 items-center px-2 text-sm font-semibold text-ink-2 underline underline-offset-4 "
    "hover:text-ink"
)
FACET = "border-t border-line py-4 first:border-0 first:pt-0"
FACET_TITLE = "mb-1 text-sm font-semibold text-ink"
FACET_VALUE = (
    "flex min-h-11 lg:min-h-10 items-center gap-3 rounded-md px-2 -mx-2 text-ink-2 hover:bg-hover hover:text-ink"
)
FACET_VALUE_ON = "flex min-h-11 lg:min-h-10 items-center gap-3 rounded-md px-2 -mx-2 text-ink hover:bg-hover"
FACET_VALUE_OFF = (
    "flex min-h-11 lg:min-h-10 items-center gap-3 rounded-md px-2 -mx-2 text-ink-3 cursor-not-allowed "
    "forced-colors:text-[GrayText]"
)
# A tick that is not there is hidden, not see-through: forced colours would draw it.
FACET_BOX = (
    "inline-flex size-5 shrink-0 items-center justify-center rounded-sm border border-line-strong bg-surface "
    "[&>svg]:invisible"
)
FACET_BOX_ON = (
    "inline-flex size-5 shrink-0 items-center justify-center rounded-sm border border-brand bg-brand text-on-brand"
)
FACET_BOX_OFF = (
    "inline-flex size-5 shrink-0 items-center justify-center rounded-sm border border-line [&>svg]:invisible"
)
FACET_DOT = (
    "inline-flex size-5 shrink-0 items-center justify-center rounded-full border border-line-strong bg-surface "
    "[&>svg]:invisible"
)
FACET_DOT_ON = (
    "inline-flex size-5 shrink-0 items-center justify-center rounded-full border border-brand bg-brand text-on-brand"
)
FACET_DOT_OFF = (
    "inline-flex size-5 shrink-0 items-center justify-center rounded-full border border-line [&>svg]:invisible"
)
FACET_CHECK = "size-3.5"
FACET_LABEL = "min-w-0 break-words"
FACET_STARS = "inline-flex items-center gap-1"
FACET_COUNT = "ml-auto text-sm text-ink-3 tnum"
FACET_MORE = "group/more"
FACET_MORE_SUMMARY = (
    "flex min-h-11 lg:min-h-10 cursor-pointer list-none items-center gap-1.5 text-sm font-semibold text-brand "
    "[&::-webkit-details-marker]:hidden"
)
FACET_MORE_CLOSED = "group-open/more:hidden"
FACET_MORE_OPEN = "hidden group-open/more:inline"
FACET_MORE_ICON = "size-4 transition-transform duration-150 group-open/more:rotate-180"
PRICE_FORM = "mt-2 grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-end gap-2"
PRICE_LABEL = "block text-sm text-ink-3 mb-1"
PRICE_INPUT = (
    "block h-11 w-full rounded-md border border-line-strong bg-surface px-2.5 text-ink placeholder:text-ink-3 tnum"
)
PRICE_BUTTON = (
    "inline-flex min-h-11 items-center justify-center rounded-md border border-line-strong bg-surface px-3 text-sm "
    "font-semibold text-ink hover:bg-hover cursor-pointer"
)
FILTER_SHEET_HEAD = "flex h-16 shrink-0 items-center justify-between border-b border-line px-4"
FILTER_SHEET_BODY = "min-h-0 flex-1 overflow-y-auto overscroll-contain p-4"
FILTER_SHEET_FOOT = "flex shrink-0 items-center gap-3 border-t border-line p-4"
MATCH = "bg-accent/35 text-inherit rounded-[3px]"
POPULAR = "mt-6 border-t border-line pt-8"
POPULAR_ROW = (
    "flex flex-wrap gap-2 [&_a]:max-w-full [&_a]:whitespace-normal [&_a]:[overflow-wrap:anywhere] [&_span]:shrink-0"
)
POPULAR_COUNT = "ml-2 text-sm text-ink-3 tnum"
SORT_FORM = "flex min-w-0 flex-1 items-center gap-2.5 lg:justify-end"
SORT_LABEL = "hidden lg:block lg:noscript:hidden text-sm text-ink-3 whitespace-nowrap"
SORT_WRAP = "relative min-w-0 flex-1 lg:w-52 lg:flex-none"
SORT_GO = (
    "hidden min-h-11 items-center justify-center rounded-md border border-line-strong bg-surface px-3 text-sm "
    "font-semibold text-ink hover:bg-hover cursor-pointer noscript:inline-flex"
)
