"""The audit log: written with what it records, chained, and not to be changed by anybody."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shophub.db import transaction
from shophub.lib.ids import new_id
from shophub.services import audit
from shophub.services.audit import Actor
from tests.rows import rows


async def write(count: int = 1, actor: Actor | None = None) -> None:
    """Append rows, each in a transaction of its own."""
    for number in range(count):
        async with transaction() as session:
            await audit.record(
                session,
                actor or Actor(),
                "coupon.update",
                target="coupon",
                target_id=f"{number}",
                after={"max_uses": 5},
            )


async def seal() -> int:
    async with transaction() as session:
        return await audit.seal(session)


async def breaks() -> tuple[str, ...]:
    async with transaction() as session:
        return await audit.verify(session)


async def test_row_says_who_did_what_to_what_and_where(database: str):
    actor = Actor(new_id(), "203.0.113.7")

    async with transaction() as session:
        await audit.record(
            session,
            actor,
            "user.deactivate",
            target="user",
            target_id="42",
            before={"is_active": True, "role": "ADMIN"},
            after={"is_active": False, "role": "ADMIN"},
        )

    ((actor_id, action, target, target_id, before, after, address),) = await rows(
        "SELECT actor_id, action, target_type, target_id, before, after, network_address FROM audit_log"
    )
    assert (actor_id, action, target, target_id) == (actor.user_id, "user.deactivate", "user", "42")
    assert (before, after) == ({"is_active": True, "role": "ADMIN"}, {"is_active": False, "role": "ADMIN"})
    assert address == "203.0.113.7"


async def test_personal_values_are_noted_as_changed_and_not_kept(database: str):
    async with transaction() as session:
        await audit.record(
            session,
            Actor(),
            "user.update",
            target="user",
            before={"email": "ada@example.com", "phone": ""},
            after={"email": "eve@example.com", "phone": "+1 503 555 0100"},
        )

    ((kept,),) = await rows("SELECT before::text || after::text FROM audit_log")
    assert kept == '{"email": "(personal)", "phone": ""}{"email": "(personal)", "phone": "(personal)"}'


async def test_what_was_rolled_back_was_never_recorded(database: str):
    async def fail() -> None:
        async with transaction() as session:
            await audit.record(session, Actor(), "coupon.delete", target="coupon")
            raise LookupError

    with pytest.raises(LookupError):
        await fail()

    assert await rows("SELECT count(*) FROM audit_log") == [(0,)]


async def test_sealed_rows_are_one_chain_also_when_many_write_and_seal_at_once(database: str):
    await write(3)
    await asyncio.gather(*(write(5) for _ in range(8)), *(seal() for _ in range(8)))
    await seal()

    assert await seal() == 0
    assert await rows("SELECT count(*), count(DISTINCT position), max(position) FROM audit_log") == [(43, 43, 43)]
    assert await breaks() == ()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_log SET action = 'other'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "UPDATE audit_log SET hash = 'x'",
    ],
)
async def test_database_refuses_every_change_of_a_sealed_row(database: str, change):
    await write()
    await seal()

    with pytest.raises(DBAPIError, match="append-only"):
        await rows(f"{change} RETURNING 1" if "TRUNCATE" not in change else change)

    assert await breaks() == ()


async def forge(statement: str, **values: object) -> None:
    """Change the log as somebody could who owns the database server."""
    async with transaction() as session:
        await session.execute(text("SET LOCAL session_replication_role = replica"))
        await session.execute(text(statement), values)


async def test_row_that_was_changed_behind_the_guards_is_found(database: str):
    await write(4)
    await seal()
    await forge("UPDATE audit_log SET after = '{\"max_uses\": 500}' WHERE position = 2")

    assert await breaks() == ("Row 2 was changed after it had been sealed.",)


async def test_row_that_was_taken_out_behind_the_guards_is_found(database: str):
    await write(4)
    await seal()
    await forge("DELETE FROM audit_log WHERE position = 3")

    assert await breaks() == ("Something is missing before row 4.",)


async def test_actor_of_a_row_may_be_erased_without_breaking_the_chain(database: str):
    someone = UUID("01890000-0000-7000-8000-000000000000")  # an account that exists nowhere any more
    await write(2, Actor(someone))
    await seal()

    assert await breaks() == ()
