"""Test controls under ``/_test``: what Stripe, the network and banks do, on demand. Only a sandbox has them.

JSON in, JSON out, authenticated like the API with the sandbox's secret key. They change the sandbox's own tables only.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.storage import Storage
from shophub.sandbox.stripe import disputes, faults, objects, payments, refunds
from shophub.sandbox.stripe.errors import ApiError, invalid
from shophub.sandbox.stripe.ids import new_id
from shophub.sandbox.stripe.work import Work, release_held

Control = Callable[[Work, dict[str, Any], str], Awaitable[dict[str, Any]]]
_RULES = ("drop", "drop_percent", "delay_ms", "shuffle_ms", "repeat", "repeat_up_to", "reorder", "hold", "seed")
_TABLES = ("objects", "idempotency", "deliveries", "delivery_order", "rules", "faults", "timers")


def _number(body: dict[str, Any], name: str, default: int) -> int:
    value = body.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise invalid(f"{name} must be a whole number of zero or more.", param=name)
    return value


async def _set_rules(work: Work, body: dict[str, Any], _id: str) -> dict[str, Any]:
    """Bend deliveries; zero switches a rule off.

    Lose the next ``drop``, or ``drop_percent`` of all by chance; wait ``delay_ms``, and by chance up to ``shuffle_ms``
    more; send ``repeat`` more copies, and by chance up to ``repeat_up_to`` more; hold the next ``reorder`` and send
    them in reverse; ``hold`` all until released. With a ``seed`` chance can be repeated.
    """
    for name in body:
        if name not in _RULES:
            raise invalid(f"Unknown rule: {name}. Rules are {', '.join(_RULES)}.", param=name)
        await work.connection.execute(
            "INSERT INTO sandbox.stripe_rules (name, value) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value",
            (name, _number(body, name, 0)),
        )
    cursor = await work.connection.execute("SELECT name, value FROM sandbox.stripe_rules WHERE value > 0")
    return {row["name"]: row["value"] for row in await cursor.fetchall()}


async def _release(work: Work, body: dict[str, Any], _id: str) -> dict[str, Any]:
    """Send what is held, oldest first, or newest first with ``{"newest_first": true}``."""
    await work.connection.execute("DELETE FROM sandbox.stripe_rules WHERE name IN ('hold', 'reorder')")
    return {"released": await release_held(work.connection, newest_first=body.get("newest_first") is True)}


async def _resend(work: Work, _body: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Send an event again, whatever became of it before."""
    event = await objects.get(work.connection, "event", event_id)
    await work.connection.execute(
        "INSERT INTO sandbox.stripe_deliveries (event_id, event_type) VALUES (%s, %s)", (event.id, event.body["type"])
    )
    return {"resent": event.id}


async def _list_deliveries(work: Work, _body: dict[str, Any], _id: str) -> dict[str, Any]:
    """Show every delivery, newest first."""
    cursor = await work.connection.execute(
        "SELECT id, event_id, event_type, state, attempts, due_at, last_status, last_error, delivered_at"
        " FROM sandbox.stripe_deliveries ORDER BY id DESC LIMIT 500"
    )
    rows = await cursor.fetchall()
    for row in rows:
        for name in ("due_at", "delivered_at"):
            row[name] = row[name].isoformat() if row[name] is not None else None
    return {"data": rows}


async def _add_fault(work: Work, body: dict[str, Any], _id: str) -> dict[str, Any]:
    """Make the next ``count`` requests answer ``status`` (``after_effect``: having worked), or ``delay_ms`` late."""
    status = body.get("status")
    if status is not None and status not in (429, 500, 502, 503):
        raise invalid("status must be 429, 500, 502 or 503.", param="status")
    await faults.add(
        work.connection,
        count=_number(body, "count", 1),
        status=status,
        delay_ms=_number(body, "delay_ms", 0),
        after_effect=body.get("after_effect") is True,
        method=body.get("method"),
        path_contains=body.get("path_contains"),
    )
    return {"added": True}


async def _clear_faults(work: Work, _body: dict[str, Any], _id: str) -> dict[str, Any]:
    """Forget the faults that no request has met yet."""
    await work.connection.execute("DELETE FROM sandbox.stripe_faults")
    return {"cleared": True}


async def _settle(work: Work, body: dict[str, Any], intent_id: str) -> dict[str, Any]:
    """End a payment that is processing: ``{"outcome": "succeeded"}`` or ``"failed"``."""
    intent = await objects.get(work.connection, "payment_intent", intent_id, lock=True)
    await payments.settle(work, intent, succeeded=_outcome(body, "succeeded", "failed"))
    return intent.body


async def _finish_refund(work: Work, body: dict[str, Any], refund_id: str) -> dict[str, Any]:
    """Let a refund succeed or fail: ``{"outcome": "succeeded"}`` or ``"failed"``."""
    refund = await refunds.lock(work, refund_id)
    await refunds.finish(work, refund, succeeded=_outcome(body, "succeeded", "failed"))
    return refund.body


async def _dispute(work: Work, body: dict[str, Any], charge_id: str) -> dict[str, Any]:
    """Dispute a charge."""
    found = await objects.get(work.connection, "charge", charge_id)
    await objects.get(work.connection, "payment_intent", found.body["payment_intent"], lock=True)
    charge = await objects.get(work.connection, "charge", charge_id)
    return (await disputes.open_dispute(work, charge, str(body.get("reason", "fraudulent")))).body


async def _close_dispute(work: Work, body: dict[str, Any], dispute_id: str) -> dict[str, Any]:
    """End a dispute: ``{"outcome": "won"}`` or ``"lost"``."""
    dispute = await disputes.lock(work, dispute_id)
    await disputes.close_dispute(work, dispute, won=_outcome(body, "won", "lost"))
    return dispute.body


async def _forget_keys(work: Work, _body: dict[str, Any], _id: str) -> dict[str, Any]:
    """Forget every idempotency key, as Stripe does after a day."""
    await work.connection.execute("DELETE FROM sandbox.stripe_idempotency")
    return {"forgotten": True}


async def _reset(work: Work, _body: dict[str, Any], _id: str) -> dict[str, Any]:
    """Forget everything."""
    for table in _TABLES:
        await work.connection.execute(f"DELETE FROM sandbox.stripe_{table}")  # noqa: S608 - names from the tuple above
    return {"reset": True}


def _outcome(body: dict[str, Any], good: str, bad: str) -> bool:
    outcome = body.get("outcome")
    if outcome not in (good, bad):
        raise invalid(f"outcome must be {good} or {bad}.", param="outcome")
    return bool(outcome == good)


def control_routes(config: SandboxConfig, storage: Storage, on_commit: Callable[[], None]) -> list[Route]:
    """Return the routes under ``/_test``."""

    def route(path: str, control: Control, method: str = "POST") -> Route:
        async def respond(request: Request) -> Response:
            try:
                if request.headers.get("authorization") != f"Bearer {config.stripe_secret_key}":
                    raise ApiError(401, "invalid_request_error", "Send the sandbox's secret key as a bearer token.")
                raw = await request.body()
                body = json.loads(raw) if raw else {}
                if not isinstance(body, dict):
                    raise invalid("Send a JSON object.")
                async with storage.transaction() as connection:
                    answer = await control(Work(connection, config), body, request.path_params.get("id", ""))
            except json.JSONDecodeError:
                return JSONResponse({"error": {"message": "Invalid JSON"}}, status_code=400)
            except ApiError as error:
                return JSONResponse(error.body(new_id("req")), status_code=error.status)
            on_commit()
            return JSONResponse(answer)

        return Route("/_test" + path, respond, methods=[method])

    return [
        route("/deliveries", _list_deliveries, "GET"),
        route("/deliveries/rules", _set_rules),
        route("/deliveries/release", _release),
        route("/events/{id}/resend", _resend),
        route("/faults", _add_fault),
        route("/faults/clear", _clear_faults),
        route("/payment_intents/{id}/settle", _settle),
        route("/refunds/{id}/finish", _finish_refund),
        route("/charges/{id}/dispute", _dispute),
        route("/disputes/{id}/close", _close_dispute),
        route("/idempotency/forget", _forget_keys),
        route("/reset", _reset),
    ]
