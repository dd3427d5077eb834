"""Reading and writing API objects: one row each, changed only under its lock."""

from dataclasses import dataclass, field
from typing import Any

from psycopg.sql import SQL, Composable, Literal
from psycopg.types.json import Jsonb

from shophub.sandbox.storage import Connection
from shophub.sandbox.stripe.errors import invalid, missing
from shophub.sandbox.stripe.params import Params

_PREFIXES = {
    "payment_intent": "payment_intent",
    "payment_method": "PaymentMethod",
    "charge": "charge",
    "refund": "refund",
    "event": "event",
    "dispute": "dispute",
}
_MAX_PAGE = 100


@dataclass
class Record:
    """One API object: ``body`` is public, ``private`` is what Stripe keeps to itself."""

    kind: str
    body: dict[str, Any]
    private: dict[str, Any] = field(default_factory=dict)
    payment_intent: str | None = None
    charge: str | None = None

    @property
    def id(self) -> str:
        """The object's id."""
        return str(self.body["id"])


def _record(row: dict[str, Any]) -> Record:
    return Record(row["kind"], row["body"], row["private"], row["payment_intent"], row["charge"])


async def insert(connection: Connection, record: Record) -> None:
    """Store a new object."""
    await connection.execute(
        "INSERT INTO sandbox.stripe_objects (id, kind, created, payment_intent, charge, body, private)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (
            record.id,
            record.kind,
            record.body["created"],
            record.payment_intent,
            record.charge,
            Jsonb(record.body),
            Jsonb(record.private),
        ),
    )


async def save(connection: Connection, record: Record) -> None:
    """Write a changed object back; the caller holds its lock, or that of its PaymentIntent."""
    await connection.execute(
        "UPDATE sandbox.stripe_objects SET body = %s, private = %s WHERE id = %s",
        (Jsonb(record.body), Jsonb(record.private), record.id),
    )


async def find(connection: Connection, kind: str, object_id: str, *, lock: bool = False) -> Record | None:
    """Return an object, locked until the transaction ends if asked."""
    statement = "SELECT * FROM sandbox.stripe_objects WHERE id = %s AND kind = %s"
    cursor = await connection.execute(statement + " FOR UPDATE" if lock else statement, (object_id, kind))
    row = await cursor.fetchone()
    return None if row is None else _record(row)


async def get(connection: Connection, kind: str, object_id: str, *, lock: bool = False, param: str = "id") -> Record:
    """Return an object that must exist.

    Everything that belongs to a PaymentIntent (charges, refunds, disputes) changes only under the intent's lock, so
    concurrent confirmations and refunds queue up and each sees what the one before it did.

    Raises:
        ApiError: ``resource_missing``.
    """
    record = await find(connection, kind, object_id, lock=lock)
    if record is None:
        raise missing(_PREFIXES[kind], object_id, param)
    return record


async def children(connection: Connection, kind: str, *, charge: str) -> list[Record]:
    """Return the refunds or disputes of a charge, newest first."""
    cursor = await connection.execute(
        "SELECT * FROM sandbox.stripe_objects WHERE charge = %s AND kind = %s ORDER BY seq DESC", (charge, kind)
    )
    return [_record(row) for row in await cursor.fetchall()]


def _created_filters(params: Params) -> list[Composable]:
    if isinstance(params.values.get("created"), str):
        exact = params.integer("created")
        return [] if exact is None else [SQL("created = {}").format(Literal(exact))]
    created = params.inner("created")
    if created is None:
        return []
    created.only("gt", "gte", "lt", "lte")
    operators = {"gt": SQL(">"), "gte": SQL(">="), "lt": SQL("<"), "lte": SQL("<=")}
    return [
        SQL("created {} {}").format(operators[name], Literal(bound))
        for name in created
        if (bound := created.integer(name)) is not None
    ]


async def page(
    connection: Connection, kind: str, params: Params, filters: list[Composable], url: str
) -> tuple[dict[str, Any], list[Record]]:
    """Return one page, newest first, as Stripe's list object and as records.

    Understands ``limit`` (1 to 100, 10 if missing), ``starting_after``, ``ending_before`` and ``created``.

    Raises:
        ApiError: A limit out of range, both cursors, or a cursor that names nothing.
    """
    limit = params.integer("limit")
    limit = 10 if limit is None else limit
    if not 1 <= limit <= _MAX_PAGE:
        raise invalid(f"This value must be between 1 and {_MAX_PAGE}.", param="limit")
    after, before = params.text("starting_after"), params.text("ending_before")
    if after and before:
        raise invalid("You cannot parameterize both starting_after and ending_before.", param="starting_after")
    conditions = [SQL("kind = {}").format(Literal(kind)), *filters, *_created_filters(params)]
    for name, cursor_id, operator in (("starting_after", after, SQL("<")), ("ending_before", before, SQL(">"))):
        if cursor_id:
            await get(connection, kind, cursor_id, param=name)
            conditions.append(
                SQL("seq {} (SELECT seq FROM sandbox.stripe_objects WHERE id = {})").format(
                    operator, Literal(cursor_id)
                )
            )
    statement = SQL("SELECT * FROM sandbox.stripe_objects WHERE {} ORDER BY seq {} LIMIT {}").format(
        SQL(" AND ").join(conditions), SQL("ASC" if before else "DESC"), Literal(limit + 1)
    )
    rows = await (await connection.execute(statement)).fetchall()
    records = [_record(row) for row in rows[:limit]]
    if before:
        records.reverse()
    body = {"object": "list", "data": [r.body for r in records], "has_more": len(rows) > limit, "url": url}
    return body, records
