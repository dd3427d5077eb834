"""The audit log: who did what to what, when and from where. Written in the transaction of what it records.

Ids stand for people and no personal value is kept, so that erasing a person never breaks the log. Rows are appended
without waiting for each other; a job seals them afterwards into one chain of hashes, and ``verify`` follows it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shophub.db import AsyncSession
from shophub.repositories import audit

Value = str | int | bool | None | list[str]
# Names of fields whose values belong to a person: they are noted as changed, never as what.
PERSONAL = frozenset({"email", "full_name", "phone", "address", "address2", "city", "zip_code", "note"})
HIDDEN = "(personal)"


@dataclass(frozen=True)
class Actor:
    """Who acts: an account (None: the shop itself, or a guest) and the network address it acts from."""

    user_id: UUID | None = None
    network_address: str = ""


SHOP = Actor()


async def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    *,
    target: str,
    target_id: str = "",
    before: Mapping[str, Value] | None = None,
    after: Mapping[str, Value] | None = None,
) -> None:
    """Append what was done, in the caller's transaction. ``action`` reads like ``user.deactivate``.

    Of fields that hold something personal only the fact of a change is kept.
    """
    await audit.insert(
        session,
        actor_id=actor.user_id,
        action=action,
        target_type=target,
        target_id=target_id,
        before=None if before is None else _without_persons(before),
        after=None if after is None else _without_persons(after),
        network_address=actor.network_address,
    )


async def record_many(
    session: AsyncSession,
    actor: Actor,
    action: str,
    *,
    target: str,
    changes: Mapping[str, tuple[Mapping[str, Value], Mapping[str, Value]]],
) -> None:
    """Append what was done to many things of a kind: ``changes`` maps their ids to the values before and after."""
    if changes:
        await audit.insert_many(
            session,
            actor_id=actor.user_id,
            action=action,
            target_type=target,
            changes={one: (_without_persons(old), _without_persons(new)) for one, (old, new) in changes.items()},
            network_address=actor.network_address,
        )


def _without_persons(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: HIDDEN if name in PERSONAL and value else value for name, value in values.items()}


async def seal(session: AsyncSession, limit: int = 1_000) -> int:
    """Chain up to ``limit`` rows that are not sealed yet; returns how many. While another one seals, none."""
    if not await audit.lock_sealing(session):
        return 0
    head = await audit.find_head(session)
    rows = await audit.list_unsealed(session, limit)
    for row in rows:
        head = await audit.append(session, row, head)
    return len(rows)


async def describe_head(session: AsyncSession) -> str:
    """Return the end of the chain in words. Kept somewhere else (a log), it shows that none was cut off at the end."""
    head = await audit.find_head(session)
    return f"{head.position} sealed, the last one {head.hash[:16]}"


async def verify(session: AsyncSession) -> tuple[str, ...]:
    """Follow the chain from its beginning; returns what is wrong with it in sentences, nothing where all is well."""
    return await audit.find_breaks(session)
