"""A table of the back office as its page shows it. Everything that can be pressed is an address."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TableTab:
    """A tab with how many rows it holds."""

    label: str = ""
    count_text: str = ""
    url: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class TableChoice:
    """A value of a filter."""

    label: str = ""
    url: str = ""
    is_selected: bool = False


@dataclass(frozen=True)
class TableFilter:
    """A filter with all its values; the first one is none."""

    name: str = ""
    label: str = ""
    choices: tuple[TableChoice, ...] = ()


@dataclass(frozen=True)
class TableChip:
    """A filter in force, with the address without it."""

    label: str = ""
    url: str = ""


@dataclass(frozen=True)
class TableColumn:
    """A column; ``sort`` is what ``aria-sort`` says, ``sort_url`` empty where it cannot be sorted by."""

    name: str = ""
    label: str = ""
    sort: str = "none"
    sort_url: str = ""
    toggle_url: str = ""
    is_shown: bool = True
    is_fixed: bool = False


@dataclass(frozen=True)
class SavedViewView:
    """A view that somebody saved."""

    id: str = ""
    name: str = ""
    url: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class TableView:
    """All around a table's rows. ``key`` is the address without the page: it names what a selection is about."""

    name: str = ""
    key: str = ""
    address: str = ""
    q: str = ""
    search_url: str = ""
    tabs: tuple[TableTab, ...] = ()
    filters: tuple[TableFilter, ...] = ()
    chips: tuple[TableChip, ...] = ()
    clear_url: str = ""
    columns: tuple[TableColumn, ...] = ()
    hidden: tuple[str, ...] = ()
    is_compact: bool = False
    density_url: str = ""
    total: int = 0
    total_text: str = ""
    shown_text: str = ""
    previous_url: str = ""
    next_url: str = ""
    export_url: str = ""
    views: tuple[SavedViewView, ...] = ()


@dataclass(frozen=True)
class EditCell:
    """A cell that is edited in place. ``epoch`` rises with every answer; ``note`` says what came of the last one."""

    value: str = ""
    note: str = ""
    epoch: int = 0
    is_error: bool = False
