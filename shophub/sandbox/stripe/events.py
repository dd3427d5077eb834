"""Events: https://docs.stripe.com/api/events."""

from typing import Any

from psycopg.sql import SQL, Composable, Literal

from shophub.sandbox.stripe import objects
from shophub.sandbox.stripe.errors import invalid
from shophub.sandbox.stripe.work import Call


async def _count_pending(call: Call, bodies: list[dict[str, Any]]) -> None:
    """Fill in how many deliveries of each event are still to come."""
    cursor = await call.connection.execute(
        "SELECT event_id, count(*) AS pending FROM sandbox.stripe_deliveries"
        " WHERE state IN ('pending', 'held') AND event_id = ANY(%s) GROUP BY event_id",
        ([body["id"] for body in bodies],),
    )
    pending = {row["event_id"]: row["pending"] for row in await cursor.fetchall()}
    for body in bodies:
        body["pending_webhooks"] = pending.get(body["id"], 0)


async def retrieve(call: Call) -> dict[str, Any]:
    """GET /v1/events/:id."""
    call.params.only()
    event = await objects.get(call.connection, "event", call.path["id"])
    await _count_pending(call, [event.body])
    return event.body


def _type_filter(name: str) -> Composable:
    if name.endswith(".*") or name == "*":
        return SQL("starts_with(body->>'type', {})").format(Literal(name.removesuffix("*")))
    return SQL("body->>'type' = {}").format(Literal(name))


async def list_all(call: Call) -> dict[str, Any]:
    """GET /v1/events, all or of some types (``type=charge.*``), delivered or not."""
    params = call.params
    params.only("type", "types", "delivery_success", "created", "limit", "starting_after", "ending_before")
    single, several = params.text("type"), params.strings("types")
    if single and several:
        raise invalid("You may only specify one of these parameters: type, types.", param="type")
    filters: list[Composable] = []
    if single or several:
        wanted = [_type_filter(name) for name in ([single] if single else several)]
        filters.append(SQL("({})").format(SQL(" OR ").join(wanted)))
    delivered = params.boolean("delivery_success")
    if delivered is not None:
        waiting = SQL(
            "EXISTS (SELECT FROM sandbox.stripe_deliveries d"
            " WHERE d.event_id = stripe_objects.id AND d.state <> 'delivered')"
        )
        filters.append(SQL("NOT {}").format(waiting) if delivered else waiting)
    body, records = await objects.page(call.connection, "event", params, filters, "/v1/events")
    await _count_pending(call, [record.body for record in records])
    return body
