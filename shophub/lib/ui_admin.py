"""Class strings of the back office: 14 px text, controls of 36 px. Whole literals: Tailwind reads this file.

On phones what is typed into has 16 px, or the page would be zoomed into.
"""

# Frame.
ROOT = (
    "app-root min-h-dvh text-sm text-ink lg:grid lg:grid-cols-[15rem_minmax(0,1fr)] "
    "narrow:grid-cols-[4rem_minmax(0,1fr)] print:block!"
)
SIDE = "sticky top-0 hidden h-dvh flex-col border-r border-line bg-surface lg:flex"
SIDE_HEAD = "flex h-14 shrink-0 items-center gap-2 px-5 narrow:justify-center narrow:px-2"
SIDE_FOOT = "grid gap-0.5 border-t border-line p-3 narrow:px-2"
BAR = (
    "sticky top-0 z-30 flex h-14 items-center gap-2 border-b border-line bg-bg/95 px-4 backdrop-blur-sm lg:gap-3 "
    "lg:px-8"
)
MAIN = "mx-auto w-full min-w-0 max-w-[84rem] px-4 pt-5 pb-16 focus:outline-none lg:px-8 lg:pt-7"
HEAD = "mb-5 flex flex-wrap items-center justify-between gap-x-6 gap-y-3 lg:mb-6"
H1 = "text-xl font-extrabold tracking-tight text-ink focus:outline-none lg:text-2xl"
H2 = "text-base font-semibold text-ink"
LEAD = "mt-1 max-w-[68ch] text-ink-2"
MENU_ITEM = (
    "flex min-h-9 w-full cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-left text-sm text-ink "
    "hover:bg-hover"
)

# Cards: one surface with a quiet line, no shadow.
CARD = "min-w-0 rounded-lg border border-line bg-surface"
CARD_BODY = "p-4 lg:p-5"
CARD_HEAD = (
    "flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-2 lg:px-5"
)

# Controls.
BUTTON_PRIMARY = (
    "inline-flex min-h-9 items-center justify-center gap-1.5 rounded-md px-3.5 text-sm font-semibold text-center "
    "transition-colors duration-150 cursor-pointer disabled:cursor-not-allowed bg-brand text-on-brand "
    "hover:bg-brand-hover disabled:bg-hover disabled:text-ink-3"
)
BUTTON_SECONDARY = (
    "inline-flex min-h-9 items-center justify-center gap-1.5 rounded-md px-3.5 text-sm font-semibold text-center "
    "transition-colors duration-150 cursor-pointer disabled:cursor-not-allowed border border-line-strong bg-surface "
    "text-ink hover:bg-hover disabled:text-ink-3"
)
BUTTON_QUIET = (
    "inline-flex min-h-9 items-center justify-center gap-1.5 rounded-md px-2.5 text-sm font-medium text-ink-2 "
    "transition-colors duration-150 cursor-pointer hover:bg-hover hover:text-ink disabled:cursor-not-allowed "
    "disabled:text-ink-3"
)
BUTTON_DANGER = (
    "inline-flex min-h-9 items-center justify-center gap-1.5 rounded-md px-3.5 text-sm font-semibold text-center "
    "transition-opacity duration-150 cursor-pointer disabled:cursor-not-allowed bg-danger text-on-danger "
    "hover:opacity-90 disabled:bg-hover disabled:text-ink-3"
)
BUTTON_QUIET_DANGER = (
    "inline-flex min-h-9 items-center justify-center gap-1.5 rounded-md px-2.5 text-sm font-medium text-danger "
    "transition-colors duration-150 cursor-pointer hover:bg-danger-soft"
)
ICON_BUTTON = (
    "inline-flex size-9 shrink-0 items-center justify-center rounded-md text-ink-2 hover:bg-hover hover:text-ink "
    "transition-colors duration-150 cursor-pointer disabled:cursor-not-allowed disabled:text-line-strong"
)
LABEL = "mb-1 block text-sm font-semibold text-ink"
INPUT = (
    "block h-9 w-full rounded-md border border-line-strong bg-surface px-2.5 text-base lg:text-sm text-ink "
    "placeholder:text-ink-3 aria-invalid:border-danger"
)
TEXTAREA = (
    "block w-full rounded-md border border-line-strong bg-surface px-2.5 py-2 text-base lg:text-sm text-ink "
    "placeholder:text-ink-3 aria-invalid:border-danger"
)
SELECT = (
    "block h-9 w-full appearance-none rounded-md border border-line-strong bg-surface pl-2.5 pr-8 text-base lg:text-sm "
    "text-ink cursor-pointer"
)
HINT = "mt-1 text-xs text-ink-3"
FIELD_ERROR = "mt-1 text-xs font-medium text-danger"
CHECKBOX = "size-4 shrink-0 cursor-pointer accent-(--brand)"
LINK = "text-brand font-medium underline-offset-4 hover:underline"
QUIET = "text-xs text-ink-3"

# Tabs above a list.
TABS = "flex gap-1 overflow-x-auto border-b border-line [scrollbar-width:none]"
TAB = (
    "inline-flex min-h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-3 -mb-px text-sm font-medium "
    "text-ink-2 hover:text-ink"
)
TAB_CURRENT = (
    "inline-flex min-h-9 shrink-0 items-center gap-1.5 border-b-2 border-brand px-3 -mb-px text-sm font-semibold "
    "text-ink"
)

# Quiet tables.
TABLE = "w-full border-collapse text-sm"
TABLE_HEAD = "text-left text-xs font-semibold text-ink-3"
TH = "px-3 py-2 font-semibold first:pl-4 last:pr-4 lg:first:pl-5 lg:last:pr-5"
TD = "px-3 py-2 align-middle first:pl-4 last:pr-4 lg:first:pl-5 lg:last:pr-5"
TD_NUMBER = "px-3 py-2 align-middle text-right tnum first:pl-4 last:pr-4 lg:first:pl-5 lg:last:pr-5"
TR = "border-t border-line hover:bg-sunken"

# Badges: a word with an icon.
BADGE_NEUTRAL = (
    "inline-flex items-center gap-1 rounded-sm bg-sunken px-1.5 py-0.5 text-xs font-semibold "
    "whitespace-nowrap text-ink-2"
)
BADGE_BRAND = (
    "inline-flex items-center gap-1 rounded-sm bg-brand-soft px-1.5 py-0.5 text-xs font-semibold "
    "whitespace-nowrap text-brand"
)
BADGE_SUCCESS = (
    "inline-flex items-center gap-1 rounded-sm bg-success-soft px-1.5 py-0.5 text-xs font-semibold "
    "whitespace-nowrap text-success"
)
BADGE_WARNING = (
    "inline-flex items-center gap-1 rounded-sm bg-warning-soft px-1.5 py-0.5 text-xs font-semibold "
    "whitespace-nowrap text-warning"
)
BADGE_DANGER = (
    "inline-flex items-center gap-1 rounded-sm bg-danger-soft px-1.5 py-0.5 text-xs font-semibold "
    "whitespace-nowrap text-danger"
)
EMPTY = "flex flex-col items-center gap-2 px-4 py-12 text-center"
DIALOG = (
    "w-[min(94vw,32rem)] max-h-[92dvh] overflow-y-auto rounded-xl border border-line bg-surface p-5 text-sm text-ink "
    "shadow-modal backdrop:bg-black/45"
)
