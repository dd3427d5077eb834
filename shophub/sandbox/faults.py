"""Lets a test make a sandbox fail or dawdle for its next calls, whichever process answers them."""

import asyncio
from dataclasses import dataclass
from typing import LiteralString

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shophub.sandbox.storage import Storage

TABLES: tuple[LiteralString, ...] = (
    """
    CREATE TABLE IF NOT EXISTS sandbox.fault (
        service text PRIMARY KEY,
        remaining integer NOT NULL CHECK (remaining >= 0),
        status integer NOT NULL,
        delay_ms integer NOT NULL CHECK (delay_ms >= 0),
        after_effect boolean NOT NULL
    )
    """,
)


class FaultOrder(BaseModel):
    """The body of ``POST …/_test/fail``.

    ``status`` 0 only delays. ``afterEffect`` does the work first and then answers with the failure, as when a
    connection breaks after the service has acted.
    """

    model_config = ConfigDict(extra="forbid")

    count: int = Field(1, ge=0, le=1_000)
    status: int = Field(500, ge=0, le=599)
    delayMs: int = Field(0, ge=0, le=60_000)
    afterEffect: bool = False


@dataclass(frozen=True)
class Fault:
    """What goes wrong in this call; ``status`` 0 is nothing."""

    status: int = 0
    after_effect: bool = False

    @property
    def before(self) -> bool:
        """Whether the call fails without having done anything."""
        return self.status > 0 and not self.after_effect

    @property
    def after(self) -> bool:
        """Whether the call does its work and then fails."""
        return self.status > 0 and self.after_effect


class Faults:
    """The failures ordered for one service."""

    def __init__(self, storage: Storage, service: str) -> None:
        """Keep them in ``storage`` under the name ``service``."""
        self._storage = storage
        self._service = service

    async def take(self) -> Fault:
        """Count one call down and return what is to go wrong in it, after the ordered delay."""
        async with self._storage.transaction() as connection:
            cursor = await connection.execute(
                "UPDATE sandbox.fault SET remaining = remaining - 1 WHERE service = %s AND remaining > 0"
                " RETURNING status, delay_ms, after_effect",
                (self._service,),
            )
            row = await cursor.fetchone()
        if row is None:
            return Fault()
        await asyncio.sleep(row["delay_ms"] / 1000)
        return Fault(status=row["status"], after_effect=row["after_effect"])

    async def handle(self, request: Request) -> Response:
        """Answer ``POST …/_test/fail``: order failures for the next calls, replacing what was ordered before."""
        try:
            order = FaultOrder.model_validate_json(await request.body())
        except ValidationError as error:
            return JSONResponse({"error": error.errors(include_url=False, include_context=False)}, 400)
        async with self._storage.transaction() as connection:
            await connection.execute(
                "INSERT INTO sandbox.fault (service, remaining, status, delay_ms, after_effect)"
                " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (service) DO UPDATE SET remaining = excluded.remaining,"
                " status = excluded.status, delay_ms = excluded.delay_ms, after_effect = excluded.after_effect",
                (self._service, order.count, order.status, order.delayMs, order.afterEffect),
            )
        return JSONResponse(order.model_dump())
