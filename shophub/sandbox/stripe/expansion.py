"""``expand[]``: ids replaced by their objects (https://docs.stripe.com/expand)."""

from typing import Any

from shophub.sandbox.storage import Connection
from shophub.sandbox.stripe import objects
from shophub.sandbox.stripe.errors import invalid

_KINDS = {
    "charge": "charge",
    "latest_charge": "charge",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
}
# Expandable at Stripe, and always null here.
_ALWAYS_NULL = frozenset(
    {"application", "balance_transaction", "customer", "failure_balance_transaction", "on_behalf_of", "review"}
)
_MAX_DEPTH = 4


async def expand(connection: Connection, body: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    """Return ``body`` with each dotted path expanded; ``data.`` reaches into the items of a list.

    Raises:
        ApiError: A path that cannot be expanded, or one deeper than four levels.
    """
    for path in paths:
        parts = path.split(".")
        if len(parts) > _MAX_DEPTH:
            raise invalid(f"You cannot expand more than {_MAX_DEPTH} levels of a property.", param="expand")
        await _expand(connection, body, parts, path)
    return body


async def _expand(connection: Connection, node: dict[str, Any], parts: list[str], path: str) -> None:
    name, rest = parts[0], parts[1:]
    if name == "data" and isinstance(node.get("data"), list):
        for item in node["data"]:
            if rest:
                await _expand(connection, item, rest, path)
        return
    if name == "refunds" and node.get("object") == "charge":
        refunds = await objects.children(connection, "refund", charge=node["id"])
        node["refunds"] = {
            "object": "list",
            "data": [refund.body for refund in refunds],
            "has_more": False,
            "url": f"/v1/charges/{node['id']}/refunds",
        }
        return
    if name not in node or (name not in _KINDS and name not in _ALWAYS_NULL):
        raise invalid(f"This property cannot be expanded ({path}).", param="expand")
    value = node[name]
    if isinstance(value, str):
        value = node[name] = (await objects.get(connection, _KINDS[name], value)).body
    if rest and isinstance(value, dict):
        await _expand(connection, value, rest, path)
