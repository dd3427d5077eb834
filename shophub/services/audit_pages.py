"""The audit log for who may read it. Nothing here writes it: see ``services/audit``."""

import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shophub.db import AsyncSession
from shophub.lib.csv_cells import table as csv_table
from shophub.lib.money import decimal_string, percent_text
from shophub.lib.tables import ColumnSpec, FilterSpec, TableQuery, TableSpec, table_address
from shophub.repositories import audit_lists
from shophub.repositories.audit_lists import DAYS, NO_ID, EntryPage, ListedEntry
from shophub.schemas.audit_pages import AuditChange, AuditLine
from shophub.schemas.tables import TableView
from shophub.services import saved_views, stores
from shophub.services.views.tables import Edge, Found, table_view

TARGETS = (
    ("order", "Orders"),
    ("product", "Products"),
    ("coupon", "Coupons"),
    ("review", "Reviews"),
    ("user", "People"),
    ("invite", "Invites"),
    ("settings", "Settings"),
)
AUDIT_LOG = TableSpec(
    name="audit-log",
    path="/admin/audit-log",
    columns=(
        ColumnSpec("moment", "When", sort="number", descends_first=True, is_fixed=True),
        ColumnSpec("actor", "Who"),
        ColumnSpec("action", "Did what"),
        ColumnSpec("target", "To what"),
        ColumnSpec("changes", "Before and after"),
        ColumnSpec("place", "From where", is_shown=False),
    ),
    default_sort="-moment",
    filters=(
        FilterSpec("actor", "Who"),
        FilterSpec("action", "Did"),
        FilterSpec("target", "What", TARGETS),
        FilterSpec("days", "When", tuple(DAYS.items())),
    ),
    search="Action, or the id of what it was done to",
    export_path="/admin/audit-log.csv",
)
NOTHING = "\u2013"
_PLACES = {"order": "/admin/orders/", "product": "/admin/products/", "coupon": "/admin/coupons/"}
_LONGEST = 300
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::[\d.]+)?(?:Z|\+00:00)?")
CSV_HEADER = ("Number", "When (UTC)", "Who", "Did what", "To what", "Id", "Before", "After", "From where")


@dataclass(frozen=True)
class AuditPage:
    """A page of the log with what is around it."""

    lines: tuple[AuditLine, ...]
    table: TableView


async def list_entries(session: AsyncSession, query: TableQuery, viewer_id: UUID | None) -> AuditPage:
    """Return the rows that a query asks for. Six statements, whatever is found."""
    actions = await audit_lists.list_actions(session)
    total = await audit_lists.count_entries(session, query, actions)
    page = await audit_lists.list_entries(session, query, actions)
    actors = await audit_lists.list_actors(session)
    currency = (await stores.get_store(session)).currency
    views = await saved_views.list_views(session, viewer_id, AUDIT_LOG)
    did = [(one, action_words(one)) for one in actions]
    found = Found(
        counts={"": total},
        total=total,
        most=audit_lists.MOST_COUNTED,
        shown=len(page.rows),
        first=_edge(page, 0),
        last=_edge(page, -1),
        has_previous=page.has_previous,
        has_next=page.has_next,
        choices={
            "actor": [("shop", "The shop itself"), *actors],
            "action": did,
        },
    )
    return AuditPage(tuple(_line(row, currency) for row in page.rows), table_view(AUDIT_LOG, query, found, views))


async def csv_lines(session: AsyncSession, query: TableQuery) -> AsyncIterator[str]:
    """Return what a query finds as parts of a CSV file, all pages, the newest first."""
    currency = (await stores.get_store(session)).currency
    yield csv_table(CSV_HEADER, ())
    actions = await audit_lists.list_actions(session)
    async for rows in audit_lists.stream_entries(session, query, actions):
        yield csv_table((), (_cells(row, currency) for row in rows)).partition("\n")[2]


def _cells(row: ListedEntry, currency: str) -> tuple[str | int, ...]:
    changes = difference(row.before, row.after, currency)
    return (
        row.number,
        f"{row.created_at:%Y-%m-%d %H:%M:%S}",
        _who(row),
        row.action,
        row.target_type,
        row.target_id,
        "; ".join(f"{one.name}: {one.before}" for one in changes if one.before != NOTHING),
        "; ".join(f"{one.name}: {one.after}" for one in changes if one.after != NOTHING),
        row.network_address,
    )


def action_words(action: str) -> str:
    """Return an action as people say it: ``order.clear_review`` becomes ``Order: clear review``."""
    target, _, verb = action.replace("_", " ").partition(".")
    return f"{target.capitalize()}: {verb}" if verb else target.capitalize()


def difference(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, currency: str = "USD"
) -> tuple[AuditChange, ...]:
    """Return what differs, in words, each name once; what was not there on one side is a dash.

    Amounts are said in the currency that stands beside them, or else in ``currency``.
    """
    old, new = before or {}, after or {}
    names = [
        name for name in dict.fromkeys([*old, *new]) if before is None or after is None or _differs(old, new, name)
    ]
    return tuple(AuditChange(_name(name), _words(old, name, currency), _words(new, name, currency)) for name in names)


def _name(name: str) -> str:
    for unit in ("_minor", "_ppm", "_bp", "_at"):
        name = name.removesuffix(unit)
    return name.replace("_", " ")


def _differs(old: Mapping[str, Any], new: Mapping[str, Any], name: str) -> bool:
    # Of what is personal only the fact of a change is kept, so that both sides may read the same.
    return (name in old) != (name in new) or old[name] != new[name] or old[name] == "(personal)"


def _words(values: Mapping[str, Any], name: str, currency: str) -> str:
    value = values.get(name)
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return _figure(value, name, str(values.get("currency") or currency))
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)[:_LONGEST] or NOTHING
    if isinstance(value, str) and (moment := _MOMENT.fullmatch(value)):
        return f"{moment[1]} {moment[2]} UTC"
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))[:_LONGEST]


def _figure(value: int, name: str, currency: str) -> str:
    if name.endswith("_minor"):
        return f"{decimal_string(value, currency)} {currency}"
    if name.endswith("_ppm"):
        return f"{percent_text(value)} %"
    if name.endswith("_bp"):
        return f"{percent_text(value * 100)} %"
    return str(value)


def _who(row: ListedEntry) -> str:
    return row.actor_name or ("Somebody who was erased" if row.actor_id else "The shop itself")


def _line(row: ListedEntry, currency: str) -> AuditLine:
    actor = str(row.actor_id) if row.actor_id else "shop"
    where = _PLACES.get(row.target_type, "")
    return AuditLine(
        id=str(row.number),
        moment_iso=row.created_at.isoformat(),
        moment_text=f"{row.created_at.day} {row.created_at:%b %Y, %H:%M:%S} UTC",
        actor=_who(row),
        actor_url=_only("actor", actor),
        action=action_words(row.action),
        action_url=_only("action", row.action),
        target=row.target_type,
        target_id=row.target_id,
        target_url=f"{where}{row.target_id}" if where and row.target_id else "",
        place=row.network_address or NOTHING,
        changes=difference(row.before, row.after, currency),
    )


def _only(name: str, value: str) -> str:
    query = TableQuery(sort=AUDIT_LOG.default_sort, filters={name: value}, hidden=AUDIT_LOG.hidden_at_first)
    return table_address(AUDIT_LOG, query)


def _edge(page: EntryPage, place: int) -> Edge | None:
    return (page.rows[place].number, NO_ID) if page.rows else None
