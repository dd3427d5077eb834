"""Class strings that the live pages and the server's HTML share, so that both have one geometry.

Each is a whole literal: Tailwind finds classes by reading this file.
"""

# Layout.
PAGE = "page"
MAIN = "page pt-4 pb-14 lg:pt-6 lg:pb-20 min-h-[70vh] focus:outline-none"
SECTION = "mt-14 lg:mt-20"
SECTION_HEAD = "flex items-end justify-between gap-4 mb-5 lg:mb-6"
H1 = "text-3xl font-extrabold tracking-tight text-ink focus:outline-none"
H2 = "text-2xl font-extrabold tracking-tight text-ink"
H3 = "text-xl font-semibold text-ink"
LEAD = "text-lg text-ink-2 max-w-[60ch]"
MUTED = "text-sm text-ink-3"
LINK = "text-brand font-semibold underline underline-offset-4 decoration-1 hover:decoration-2"
QUIET_LINK = "text-ink-2 hover:text-ink hover:underline underline-offset-4"
SKIP_LINK = (
    "sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50 focus:rounded-md focus:bg-inverse "
    "focus:px-4 focus:py-3 focus:text-inverse-ink focus:font-semibold"
)

# Header.
HEADER = "sticky top-0 z-30 bg-bg/95 border-b border-line backdrop-blur-sm"
HEADER_ROW_PLAIN = "page flex h-16 items-center gap-2 lg:gap-5"
# Fixed columns: the search must not move when what stands right of it arrives.
HEADER_ROW = "page flex h-16 items-center gap-2 lg:grid lg:grid-cols-[auto_auto_minmax(0,1fr)_14rem] lg:gap-5"
# The staff's has one link more, which nobody else's keeps room for.
HEADER_ROW_STAFF = "page flex h-16 items-center gap-2 lg:grid lg:grid-cols-[auto_auto_minmax(0,1fr)_auto] lg:gap-5"
LOGO = (
    "inline-flex min-h-[2.875rem] items-baseline text-[1.375rem] leading-none font-extrabold tracking-tight text-ink "
    "py-3 rounded-sm"
)
# A dark logo on nothing would be lost in the dark theme.
LOGO_PICTURE = (
    "block self-center h-[1.375rem] w-auto max-w-36 object-contain object-left dark:rounded-sm dark:bg-ink sm:max-w-44"
)
LOGO_DOT = "ml-[3px] inline-block size-[7px] rounded-full bg-accent"
ICON_BUTTON = (
    "relative inline-flex size-11 shrink-0 items-center justify-center rounded-full text-ink hover:bg-hover "
    "transition-colors duration-150 cursor-pointer"
)
HEADER_BUTTON = (
    "inline-flex h-11 items-center gap-1.5 rounded-full px-3 text-ink font-medium hover:bg-hover transition-colors "
    "duration-150 cursor-pointer"
)
HEADER_STAFF = (
    "hidden h-11 items-center whitespace-nowrap rounded-full px-3 font-medium text-brand hover:bg-hover "
    "transition-colors duration-150 lg:inline-flex"
)
HEADER_WISHLIST = (
    "relative hidden min-[22.5rem]:inline-flex size-11 shrink-0 items-center justify-center rounded-full text-ink "
    "hover:bg-hover transition-colors duration-150 cursor-pointer"
)
HEADER_ACTIONS = "ml-auto flex items-center gap-0.5 lg:ml-0 lg:justify-end lg:gap-1"
HEADER_SEARCH = "hidden lg:block w-full max-w-2xl mx-auto"
SEARCH_ROW = "page pt-3 lg:hidden"
SEARCH_FORM = "relative flex w-full"
SEARCH_INPUT = (
    "h-11 w-full rounded-full border border-line-strong bg-surface pl-5 pr-12 text-ink placeholder:text-ink-3 "
    "[&::-webkit-search-cancel-button]:hidden"
)
SEARCH_BUTTON = (
    "absolute right-0 top-0 inline-flex size-11 items-center justify-center rounded-full text-ink-2 hover:text-ink "
    "cursor-pointer"
)
CART_COUNT = (
    "absolute -right-0.5 -top-0.5 min-w-5 h-5 px-1 rounded-full bg-accent text-on-accent text-xs font-extrabold tnum "
    "inline-flex items-center justify-center"
)

# Footer.
FOOTER = "border-t border-line bg-sunken"
FOOTER_GRID = (
    "page grid grid-cols-2 gap-x-6 gap-y-9 py-12 lg:grid-cols-[1.4fr_1fr_1fr_1fr] [&>:first-child]:col-span-2 "
    "lg:[&>:first-child]:col-span-1"
)
FOOTER_HEADING = "text-sm font-semibold text-ink mb-2"
FOOTER_LINK = "inline-flex min-h-11 items-center text-ink-2 hover:text-ink hover:underline underline-offset-4"
FOOTER_BASE = (
    "page flex flex-wrap items-center justify-between gap-x-6 gap-y-4 border-t border-line py-5 text-sm text-ink-3"
)

# Buttons.
BUTTON_PRIMARY = (
    "inline-flex min-h-11 items-center justify-center gap-2 rounded-md px-5 font-semibold text-center "
    "transition-colors "
    "duration-150 cursor-pointer disabled:cursor-not-allowed bg-brand text-on-brand hover:bg-brand-hover "
    "disabled:bg-hover disabled:text-ink-3"
)
BUTTON_SECONDARY = (
    "inline-flex min-h-11 items-center justify-center gap-2 rounded-md px-5 font-semibold text-center "
    "transition-colors "
    "duration-150 cursor-pointer disabled:cursor-not-allowed border border-line-strong bg-surface "
    "text-ink hover:bg-hover"
)
BUTTON_QUIET = (
    "inline-flex min-h-11 items-center justify-center gap-2 rounded-md px-3 font-medium text-ink-2 hover:text-ink "
    "hover:bg-hover transition-colors duration-150 cursor-pointer"
)
BUTTON_QUIET_DANGER = (
    "inline-flex min-h-11 items-center justify-center gap-2 rounded-md px-3 font-medium text-danger "
    "hover:bg-danger-soft transition-colors duration-150 cursor-pointer"
)
BUTTON_DANGER = (
    "inline-flex min-h-11 items-center justify-center gap-2 rounded-md px-5 font-semibold text-center "
    "transition-opacity duration-150 cursor-pointer disabled:cursor-not-allowed bg-danger text-on-danger "
    "hover:opacity-90 disabled:bg-hover disabled:text-ink-3"
)
BUTTON_LARGE = (
    "inline-flex min-h-13 items-center justify-center gap-2 rounded-md px-6 text-lg font-semibold text-center "
    "transition-colors duration-150 cursor-pointer disabled:cursor-not-allowed bg-brand text-on-brand "
    "hover:bg-brand-hover disabled:bg-hover disabled:text-ink-3"
)

# Fields.
LABEL = "block text-sm font-semibold text-ink mb-1.5"
INPUT = (
    "block h-11 w-full rounded-md border border-line-strong bg-surface px-3.5 text-ink placeholder:text-ink-3 "
    "aria-invalid:border-danger"
)
SELECT = (
    "block h-11 w-full rounded-md border border-line-strong bg-surface pl-3.5 pr-9 text-ink appearance-none "
    "cursor-pointer"
)
HINT = "mt-1.5 text-sm text-ink-3"
FIELD_ERROR = "mt-1.5 text-sm font-medium text-danger"

# Badges and notes.
BADGE_SALE = "inline-flex items-center rounded-sm bg-accent px-2 py-0.5 text-xs font-extrabold text-on-accent"
BADGE_BRAND = "inline-flex items-center rounded-sm bg-brand-soft px-2 py-0.5 text-xs font-semibold text-brand"
BADGE_SUCCESS = "inline-flex items-center rounded-sm bg-success-soft px-2 py-0.5 text-xs font-semibold text-success"
BADGE_WARNING = "inline-flex items-center rounded-sm bg-warning-soft px-2 py-0.5 text-xs font-semibold text-warning"
BADGE_DANGER = "inline-flex items-center rounded-sm bg-danger-soft px-2 py-0.5 text-xs font-semibold text-danger"
NOTE_WARNING = "rounded-md bg-warning-soft px-4 py-3 text-sm text-warning"
NOTE_DANGER = "rounded-md bg-danger-soft px-4 py-3 text-sm text-danger"
NOTE_INFO = "rounded-md bg-brand-soft px-4 py-3 text-sm text-brand"

# Product cards.
GRID = "grid grid-cols-2 gap-x-4 gap-y-8 md:grid-cols-3 lg:gap-x-6 lg:gap-y-10 xl:grid-cols-4"
GRID_BESIDE = "grid grid-cols-2 gap-x-4 gap-y-8 md:grid-cols-3 lg:gap-x-6 lg:gap-y-10"
CARD = "group relative flex flex-col min-w-0"
CARD_MEDIA = "relative aspect-[4/5] overflow-hidden rounded-lg bg-sunken"
CARD_IMAGE = "absolute inset-0 size-full object-cover"
# Not drawn, and so not fetched, before a mouse asks for it.
CARD_IMAGE_HOVER = (
    "absolute inset-0 hidden size-full object-cover opacity-0 transition-opacity transition-discrete duration-150 "
    "[@media(hover:hover)]:group-hover:block [@media(hover:hover)]:group-hover:opacity-100 "
    "[@media(hover:hover)]:group-hover:starting:opacity-0"
)
CARD_BADGE = "absolute left-2.5 top-2.5"
CARD_BODY = "mt-3 flex flex-col gap-1"
CARD_BRAND = "text-xs text-ink-3 leading-4 min-h-4 truncate"
CARD_TITLE = "text-base font-semibold leading-snug text-ink line-clamp-2"
CARD_LINK = (
    "after:absolute after:inset-0 after:rounded-lg focus-visible:outline-none focus-visible:after:outline-2 "
    "focus-visible:after:outline-brand focus-visible:after:outline-offset-4 group-hover:underline underline-offset-4 "
    "decoration-1"
)
CARD_RATING = "flex items-center gap-1.5 text-sm text-ink-3 min-h-5"
CARD_PRICE = "flex flex-wrap items-baseline gap-x-2 tnum"
CARD_NOTE = "text-sm text-ink-3"
CARD_NOTE_LOW = "text-sm font-medium text-warning"
CARD_NOTE_OUT = "text-sm font-medium text-danger"
# True to the layout: two columns on a phone are just under half of it, and the next larger picture is twice the bytes.
CARD_SIZES = "(min-width:80rem) 288px, (min-width:64rem) 23vw, (min-width:48rem) 31vw, calc(50vw - 24px)"
TILE_SIZES = "(min-width:80rem) 288px, (min-width:40rem) 23vw, calc(50vw - 24px)"

CARD_HEART = (
    "absolute right-1.5 top-1.5 z-10 inline-flex size-11 items-center justify-center rounded-full bg-surface/85 "
    "text-ink hover:bg-surface cursor-pointer"
)

PRICE = "font-extrabold text-ink"
PRICE_WAS = "text-sm text-ink-3 line-through"
STAR = "size-4"
STAR_ON = "size-4 text-star"
STAR_OFF = "size-4 text-line forced-colors:invisible"
STARS_ON = "text-star"
STARS_OFF = "text-line forced-colors:hidden"
STARS = "h-4 w-20 shrink-0"
STARS_LARGE = "h-5 w-25 shrink-0"

# Rails. One that is out of view costs a phone nothing: it is drawn when it comes near the window, and until then taken
# to be as tall as a picture of a card and the lines around it. What is drawn outside a card, its focus ring, has room.
RAIL_SECTION = (
    f"{SECTION} -mx-2 px-2 -mb-2 pb-2 [content-visibility:auto] "
    "[contain-intrinsic-height:auto_calc(min(13.5vw,11rem)+22rem)]"
)
RAIL = (
    "grid grid-flow-col auto-cols-[44%] sm:auto-cols-[30%] lg:auto-cols-[calc((100%-6rem)/4.35)] gap-4 lg:gap-6 "
    "overflow-x-auto overscroll-x-contain snap-x snap-mandatory scroll-px-1 px-1 -mx-1 py-1 -my-1 "
    "[scrollbar-width:none]"
)
RAIL_ITEM = "snap-start min-w-0"
RAIL_BUTTONS = "hidden lg:flex gap-1 min-h-11"

# Home.
HERO = "relative grid overflow-hidden rounded-xl bg-sunken lg:grid-cols-[1.05fr_1fr] lg:min-h-[26rem]"
HERO_TEXT = "flex flex-col justify-center gap-5 p-6 py-9 sm:p-10 lg:p-14"
HERO_TITLE = "text-hero font-extrabold tracking-tight text-ink max-w-[14ch] focus:outline-none"
HERO_MEDIA = "relative aspect-[4/3] lg:aspect-auto bg-sunken"
HERO_IMAGE = "absolute inset-0 size-full object-cover"
TILES = "grid grid-cols-2 gap-4 sm:grid-cols-4 lg:gap-6"
TILE = "group relative flex flex-col gap-2.5"
TILE_MEDIA = "relative aspect-square overflow-hidden rounded-lg bg-sunken"
TILE_LABEL = "flex items-baseline justify-between gap-2 font-semibold text-ink [&>:first-child]:min-w-0"
SERVICES = "mt-14 lg:mt-20 grid gap-x-8 gap-y-6 border-y border-line py-8 sm:grid-cols-2 lg:grid-cols-4"
SERVICE = "group relative flex gap-3.5"
SERVICE_ICON = "mt-0.5 size-6 shrink-0 text-brand"

# Breadcrumb.
CRUMBS = "flex flex-wrap items-center gap-x-1.5 text-sm text-ink-3 min-h-8 -ml-1"
CRUMB_LINK = "inline-flex min-h-8 items-center px-1 hover:text-ink hover:underline underline-offset-4 rounded-sm"
CRUMB_CURRENT = "inline-flex min-h-8 items-center px-1 text-ink-2"

# Listing.
LISTING_TOTAL = "text-lg font-normal tracking-normal text-ink-3 tnum"
LISTING_SIDE = "hidden lg:block"
LISTING_SIDE_LINK = (
    "flex min-h-10 items-center justify-between gap-3 rounded-md px-3 -mx-3 text-ink-2 hover:bg-hover hover:text-ink"
)
LISTING_SIDE_CURRENT = (
    "flex min-h-10 items-center justify-between gap-3 rounded-md px-3 -mx-3 bg-brand-soft font-semibold text-brand"
)
CHIPS = "flex gap-2 overflow-x-auto pb-1 -mx-1 px-1 lg:hidden [scrollbar-width:none]"
CHIP = "inline-flex min-h-11 shrink-0 items-center rounded-full border border-line-strong bg-surface px-4 text-ink-2"
CHIP_CURRENT = (
    "inline-flex min-h-11 shrink-0 items-center rounded-full border border-brand bg-brand-soft px-4 font-semibold "
    "text-brand"
)
LISTING_FOOT = "mt-12 flex flex-col items-center gap-4"
PROGRESS = (
    "h-1.5 w-52 appearance-none overflow-hidden rounded-full bg-hover [&::-webkit-progress-bar]:bg-hover "
    "[&::-webkit-progress-value]:bg-brand [&::-moz-progress-bar]:bg-brand"
)
CHEVRON_IN_SELECT = "pointer-events-none absolute right-3 top-3.5 size-4 text-ink-3"

# Product.
PRODUCT = "mt-2 grid gap-8 lg:grid-cols-[1.08fr_1fr] lg:gap-14"
GALLERY = "flex min-w-0 flex-col gap-3"
# The large picture comes first in the HTML: a page that is still arriving must not push it about.
GALLERY_WITH_THUMBS = "lg:grid lg:grid-cols-[4.5rem_1fr] lg:items-start lg:gap-4"
GALLERY_THUMBS = (
    "flex gap-2.5 overflow-x-auto p-1 -m-1 lg:col-start-1 lg:row-start-1 lg:flex-col lg:overflow-visible "
    "[scrollbar-width:none]"
)
GALLERY_THUMB = (
    "relative block w-16 aspect-[4/5] shrink-0 overflow-hidden rounded-md bg-sunken cursor-pointer outline-offset-2 "
    "lg:w-[4.5rem]"
)
GALLERY_THUMB_CURRENT = "ring-2 ring-ink"
GALLERY_MAIN = "relative aspect-[4/5] w-full min-w-0 overflow-hidden rounded-lg bg-sunken"
GALLERY_MAIN_BESIDE = "lg:col-start-2 lg:row-start-1"
GALLERY_IMAGE = "absolute inset-0 size-full object-cover"
PRODUCT_SIZES = "(min-width:80rem) 520px, (min-width:64rem) 45vw, 100vw"
PRODUCT_INFO = "flex min-w-0 flex-col"
PRODUCT_BRAND = "text-sm font-medium text-ink-3 min-h-5"
PRODUCT_TITLE = "mt-1 text-3xl font-extrabold tracking-tight text-ink focus:outline-none"
PRODUCT_RATING = "mt-2 flex min-h-8 items-center gap-2 text-sm"
PRODUCT_PRICE = "mt-3 flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 tnum"
PRODUCT_PRICE_NOW = "text-2xl font-extrabold text-ink"
PRODUCT_PRICE_WAS = "text-lg text-ink-3 line-through"
PRODUCT_SUMMARY = "mt-4 text-ink-2 max-w-[60ch]"
OPTION = "mt-6"
OPTION_NAME = "mb-2.5 text-sm text-ink-2"
OPTION_VALUES = "flex flex-wrap gap-2.5"
OPTION_VALUE = (
    "relative inline-flex min-h-11 min-w-11 cursor-pointer items-center justify-center gap-2 rounded-md border "
    "border-line-strong bg-surface px-4 text-ink hover:bg-hover has-focus-visible:outline-2 "
    "has-focus-visible:outline-brand has-focus-visible:outline-offset-2 [overflow-wrap:anywhere]"
)
OPTION_VALUE_SELECTED = "border-ink bg-surface font-semibold shadow-[inset_0_0_0_1px_var(--ink)]"
OPTION_VALUE_OUT = "border-dashed text-ink-3 line-through"
OPTION_REASON = "mt-2 text-sm text-ink-3"
SWATCH = "size-5 rounded-full border border-line-strong forced-color-adjust-none"
STOCK = "mt-6 flex min-h-6 items-center gap-2 font-medium"
STOCK_IN = "text-success"
STOCK_LOW = "text-warning"
STOCK_OUT = "text-danger"
STOCK_DOT = "size-2 rounded-full bg-current"
DELIVERY = "mt-1 min-h-6 text-ink-2"
BUY_ROW = "mt-5 flex gap-3"
BUY_BUTTON = (
    "inline-flex min-h-12 flex-1 items-center justify-center gap-2 rounded-md px-6 text-lg font-semibold text-center "
    "transition-colors duration-150 cursor-pointer disabled:cursor-not-allowed bg-brand text-on-brand "
    "hover:bg-brand-hover disabled:bg-hover disabled:text-ink-3"
)
STEPPER = "inline-flex h-12 shrink-0 items-stretch rounded-md border border-line-strong bg-surface"
STEPPER_SMALL = "inline-flex h-11 shrink-0 items-stretch rounded-md border border-line-strong bg-surface"
STEPPER_BUTTON = (
    "inline-flex w-11 items-center justify-center rounded-md text-ink hover:bg-hover cursor-pointer "
    "disabled:cursor-not-allowed disabled:text-line-strong disabled:hover:bg-surface"
)
STEPPER_INPUT = (
    "w-10 bg-transparent text-center text-ink tnum [appearance:textfield] "
    "[&::-webkit-inner-spin-button]:appearance-none"
)
WISH_BUTTON = (
    "inline-flex size-12 shrink-0 items-center justify-center rounded-md border border-line-strong bg-surface text-ink "
    "hover:bg-hover cursor-pointer"
)
ALERT = "mt-4 rounded-lg bg-sunken p-4"
ALERT_ROW = "mt-2 flex flex-wrap gap-3"
ASSURANCES = "mt-6 grid gap-2 border-t border-line pt-5 text-sm text-ink-2"
ASSURANCE = "flex items-center gap-2.5"
ASSURANCE_ICON = "size-5 shrink-0 text-ink-3"
PROSE = (
    "max-w-[68ch] text-ink-2 [overflow-wrap:anywhere] "
    "[&_p]:mb-4 [&_h2]:mb-2 [&_h2]:mt-6 [&_h2]:text-xl [&_h2]:font-semibold [&_h2]:text-ink "
    "[&_h3]:mb-2 [&_h3]:mt-5 [&_h3]:font-semibold [&_h3]:text-ink [&_ul]:mb-4 [&_ul]:list-disc [&_ul]:pl-5 [&_li]:mb-1 "
    "[&_a]:text-brand [&_a]:underline [&_strong]:text-ink"
)
# The pages about the shop.
INFORMATION = "py-4 lg:grid lg:grid-cols-[13rem_1fr] lg:gap-10 lg:py-8"
INFORMATION_ABOVE = "mb-6 lg:hidden"
INFORMATION_BESIDE = "hidden pt-2 lg:block"
INFORMATION_LINKS = "grid gap-1 lg:sticky lg:top-24"
INFORMATION_MAIN = "min-w-0 max-w-3xl"
# The first paragraph says what the page is about.
INFORMATION_TEXT = (
    "mt-4 max-w-[68ch] break-words text-ink-2 [&_p]:mb-4 [&_h2]:mb-2 [&_h2]:mt-8 [&_h2]:text-xl [&_h2]:font-semibold "
    "[&_h2]:text-ink [&_h3]:mb-2 [&_h3]:mt-5 [&_h3]:font-semibold [&_h3]:text-ink [&_ul]:mb-4 [&_ul]:list-disc "
    "[&_ul]:pl-5 [&_ol]:mb-4 [&_ol]:list-decimal [&_ol]:pl-5 [&_li]:mb-1.5 [&_a]:text-brand [&_a]:underline "
    "[&_strong]:text-ink [&_table]:mb-4 [&_td]:border-b [&_td]:border-line [&_td]:py-2 [&_td]:pr-6 [&_th]:py-2 "
    "[&_th]:pr-6 [&_th]:text-left [&_th]:text-ink [&_pre]:mb-4 [&_pre]:whitespace-pre-wrap [&_blockquote]:border-l-2 "
    "[&_blockquote]:border-line-strong [&_blockquote]:pl-4 [&>div>p:first-child]:text-lg "
    "[&>div>p:first-child]:leading-relaxed"
)
FACTS = "mt-6 mb-8 grid grid-cols-[repeat(auto-fill,minmax(min(100%,14rem),1fr))] gap-4"
FACT = "min-w-0 rounded-lg border border-line bg-surface px-5 pt-4 pb-2.5"
FACT_LABEL = "flex items-center gap-2.5 text-sm text-ink-3"
FACT_ICON = "inline-flex text-brand"
FACT_TEXT = "flex min-h-11 items-center font-semibold [overflow-wrap:anywhere] text-ink"
FACT_LINK = "inline-flex min-h-11 items-center text-brand underline underline-offset-4"
DETAILS = "mt-14 grid gap-10 border-t border-line pt-10 lg:mt-20 lg:grid-cols-[1fr_22rem] lg:gap-16"
REVIEWS = "mt-14 border-t border-line pt-10 lg:mt-20"
REVIEWS_BODY = "mt-6 grid gap-10 lg:grid-cols-[18rem_1fr] lg:gap-16"
HISTOGRAM_ROW = (
    "grid w-full grid-cols-[2.25rem_1fr_2.5rem] items-center gap-3 rounded-md px-2 -mx-2 text-left text-sm text-ink-2 "
    "tnum min-h-11"
)
HISTOGRAM_BUTTON = "cursor-pointer hover:bg-hover disabled:cursor-default disabled:hover:bg-transparent"
HISTOGRAM_CHOSEN = "bg-brand-soft"
HISTOGRAM_BAR = (
    "h-2 w-full appearance-none overflow-hidden rounded-full bg-hover [&::-webkit-progress-bar]:bg-hover "
    "[&::-webkit-progress-value]:bg-star [&::-moz-progress-bar]:bg-star"
)
REVIEW_TOOLS = "mb-6 flex min-h-11 flex-wrap items-center justify-between gap-x-6 gap-y-3"
REVIEW_OWN = "mb-8 rounded-lg bg-sunken p-5 focus:outline-none"
REVIEW_FORM = "mb-8 grid gap-5 rounded-lg bg-sunken p-5"
REVIEW_HELPFUL = (
    "inline-flex min-h-11 cursor-pointer items-center gap-1 rounded-md border border-line-strong bg-surface px-3.5 "
    "text-sm font-medium text-ink-2 hover:bg-hover aria-pressed:border-brand aria-pressed:bg-brand-soft "
    "aria-pressed:text-brand"
)
REVIEW = "border-b border-line py-6 first:pt-0 last:border-0"
EMPTY = "flex flex-col items-center gap-4 py-16 text-center [&>p]:[overflow-wrap:anywhere]"
EMPTY_ICON = "size-12 text-line-strong"
MISSING = "py-10 lg:py-16 max-w-3xl"
MISSING_CODE = "text-sm font-semibold text-brand mb-2 tnum"
