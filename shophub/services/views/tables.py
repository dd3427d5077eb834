"""From what was asked of a table, and what was found, to what its page shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode
from uuid import UUID

from shophub.lib.tables import (
    Cursor,
    FilterSpec,
    SortValue,
    TableQuery,
    TableSpec,
    table_address,
    table_parameters,
)
from shophub.schemas.tables import (
    SavedViewView,
    TableChip,
    TableChoice,
    TableColumn,
    TableFilter,
    TableTab,
    TableView,
)

Choices = Sequence[tuple[str, str]]
Edge = tuple[SortValue, UUID]


@dataclass(frozen=True)
class Found:
    """What a page of a table holds.

    ``counts`` maps tabs to how many rows each has ("" is all), ``total`` counts the rows of the tab that is shown.
    ``first`` and ``last`` are the page's edges (sort value and id), with whether there is something beyond them.
    Where counting ended at ``most`` (0: nowhere), a larger ``total`` means more than that. With ``at_least`` that much
    was looked at of all tabs together: each count says how many there are at the least.
    """

    counts: Mapping[str, int]
    total: int
    shown: int
    first: Edge | None = None
    last: Edge | None = None
    has_previous: bool = False
    has_next: bool = False
    choices: Mapping[str, Choices] = field(default_factory=dict)
    most: int = 0
    at_least: bool = False


def table_view(spec: TableSpec, query: TableQuery, found: Found, views: Iterable[tuple[UUID, str, str]]) -> TableView:
    """Return the view of a table; ``views`` are the person's saved ones as id, name and parameters."""
    plain = replace(query, cursor=None)
    key = table_address(spec, plain)
    filters = tuple(_filter(spec, plain, one, found.choices.get(one.name, one.choices)) for one in spec.filters)
    bare = replace(plain, q="", filters={}, tab="")
    return TableView(
        name=spec.name,
        key=key,
        address=table_address(spec, query),
        q=query.q,
        search_url=table_address(spec, replace(plain, q="")),
        tabs=tuple(
            TableTab(
                label=tab.label,
                count_text=_count(found, found.counts.get(tab.value, 0)),
                url=table_address(spec, replace(plain, tab=tab.value)),
                is_current=tab.value == query.tab,
            )
            for tab in spec.tabs
        ),
        filters=filters,
        chips=_chips(spec, plain, filters),
        clear_url=table_address(spec, bare),
        columns=_columns(spec, plain),
        hidden=query.hidden,
        is_compact=query.is_compact,
        density_url=table_address(spec, replace(query, is_compact=not query.is_compact)),
        total=found.total,
        total_text=_total(found),
        shown_text=_shown(found),
        previous_url=_page(spec, query, found.first if found.has_previous else None, is_before=True),
        next_url=_page(spec, query, found.last if found.has_next else None, is_before=False),
        export_url=table_address(spec, plain, spec.export_path) if spec.export_path else "",
        views=tuple(saved_view(spec, plain, *view) for view in views),
    )


def parameters_text(spec: TableSpec, query: TableQuery) -> str:
    """Return what a saved view keeps of a query: all but the page."""
    return urlencode(table_parameters(spec, replace(query, cursor=None)))


def saved_view(spec: TableSpec, query: TableQuery, view_id: UUID, name: str, parameters: str) -> SavedViewView:
    """Return a saved view as its table shows it; it is current where it asks for what ``query`` asks for."""
    return SavedViewView(
        id=str(view_id),
        name=name,
        url=f"{spec.path}?{parameters}" if parameters else spec.path,
        is_current=parameters == parameters_text(spec, query),
    )


def _filter(spec: TableSpec, plain: TableQuery, one: FilterSpec, choices: Choices) -> TableFilter:
    def choice(value: str, label: str) -> TableChoice:
        filters = {name: kept for name, kept in plain.filters.items() if name != one.name}
        if value:
            filters[one.name] = value
        return TableChoice(label, table_address(spec, replace(plain, filters=filters)), plain.of(one.name) == value)

    return TableFilter(one.name, one.label, (choice("", "Any"), *(choice(*each) for each in choices)))


def _chips(spec: TableSpec, plain: TableQuery, filters: Sequence[TableFilter]) -> tuple[TableChip, ...]:
    chips = []
    if plain.q:
        chips.append(TableChip(f"“{plain.q}”", table_address(spec, replace(plain, q=""))))
    for one in filters:
        chosen = next((choice for choice in one.choices[1:] if choice.is_selected), None)
        if plain.of(one.name):
            label = chosen.label if chosen else plain.of(one.name)
            chips.append(TableChip(f"{one.label}: {label}", one.choices[0].url))
    return tuple(chips)


def _columns(spec: TableSpec, plain: TableQuery) -> tuple[TableColumn, ...]:
    def view(place: int) -> TableColumn:
        column = spec.columns[place]
        is_current = plain.sort_name == column.name
        turned = not plain.descends if is_current else column.descends_first
        sort = f"-{column.name}" if turned else column.name
        others = tuple(name for name in plain.hidden if name != column.name)
        hidden = others if column.name in plain.hidden else (*others, column.name)
        in_order = tuple(one.name for one in spec.columns if one.name in hidden)
        return TableColumn(
            name=column.name,
            label=column.label,
            sort=("descending" if plain.descends else "ascending") if is_current else "none",
            sort_url=table_address(spec, replace(plain, sort=sort)) if column.sort else "",
            toggle_url="" if column.is_fixed else table_address(spec, replace(plain, hidden=in_order)),
            is_shown=column.name not in plain.hidden,
            is_fixed=column.is_fixed,
        )

    return tuple(view(place) for place in range(len(spec.columns)))


def _page(spec: TableSpec, query: TableQuery, edge: Edge | None, *, is_before: bool) -> str:
    return "" if edge is None else table_address(spec, replace(query, cursor=Cursor(*edge, is_before)))


def _shown(found: Found) -> str:
    if found.shown == found.total and not found.at_least:
        return f"{found.total:,} in all" if found.total != 1 else "1 in all"
    return f"{found.shown:,} of {_total(found)}"


def _total(found: Found) -> str:
    return _count(found, found.total)


def _count(found: Found, count: int) -> str:
    if 0 < found.most < count:
        return f"{found.most:,}+"
    if found.at_least:
        return f"{count:,}+" if count else "few"
    return f"{count:,}"
