"""200 people signing in at once, and what everybody else notices of it: pages are asked for before and meanwhile.

Run as a module with an address it is the storm: a process of its own, so that what is measured is the shop and not the
client that asks.
"""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from time import perf_counter

import httpx
from sqlalchemy import text

from benchmarks.report import Row, percentiles_ms
from benchmarks.shop import PLENTY, clean_database, free_port, make_variants, process, use
from shophub.db import close_database, transaction
from shophub.lib.frontend_export import export_if_changed
from shophub.lib.ids import new_id
from shophub.services import passwords, sessions

PROJECT = Path(__file__).parents[1]
PEOPLE = 200
PASSWORD = "blue kettle sings"  # noqa: S105 - of accounts that live for a minute
QUIET_REQUESTS = 150
PAUSE_SECONDS = 0.02
PAGES = ("/", "/products", "/products/unit", "/api/auth/session")


def measure(server: str) -> list[Row]:
    """Serve the built shop; half of those who sign in have an account, each has a network address of its own."""
    export_if_changed(PROJECT, os.environ)
    with clean_database(server, "sign_in_storm"):
        port = free_port()
        use(
            TRUSTED_PROXIES="127.0.0.1/32",
            PORT=str(port),
            REFLEX_ENV_MODE="prod",
            __REFLEX_SKIP_COMPILE="true",
            __REFLEX_MOUNT_FRONTEND_COMPILED_APP="true",
        )
        base = f"http://127.0.0.1:{port}"
        command = ["-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1", "--port", str(port)]
        with process(*command, "shophub.shophub:app", answers=base):
            return asyncio.run(_measure(base))


async def _measure(base: str) -> list[Row]:
    cookie = await _make_people()
    async with httpx.AsyncClient(trust_env=False, base_url=base, headers={"cookie": cookie}, timeout=60) as visitor:
        await _ask(visitor, 2 * len(PAGES))  # caches and connections
        before = await _ask(visitor, QUIET_REQUESTS)
        crowd = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.sign_in_storm", base, stdout=subprocess.PIPE
        )
        assert crowd.stdout is not None
        await crowd.stdout.readline()  # it begins
        during: list[float] = []
        while crowd.returncode is None:
            during += await _ask(visitor, len(PAGES))
        said = (await crowd.stdout.read()).decode().strip()
    await close_database()
    ratio = _p95(during) / _p95(before)
    return [
        Row("pages while nobody signs in", percentiles_ms(before), f"{len(before)} requests"),
        Row(f"pages while {PEOPLE} sign in at once", percentiles_ms(during), f"p95 {ratio:.1f} times; {said}"),
    ]


async def _make_people() -> str:
    """Make accounts and a product; returns the cookie of somebody who is signed in already."""
    await make_variants(1, PLENTY)
    hashed = await passwords.hash_password(PASSWORD)
    ids = [new_id() for _ in range(PEOPLE // 2)]
    async with transaction() as session:
        await session.execute(
            text("""
            INSERT INTO users (id, email, full_name, password_hash, role)
            SELECT id, 'person' || n - 1 || '@example.com', 'Ada Shopper', :hash, 'CUSTOMER'
            FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS p(id, n)"""),
            {"ids": ids, "hash": hashed},
        )
        return f"{sessions.SESSION_COOKIE}={await sessions.start(session, ids[0])}"


async def _ask(visitor: httpx.AsyncClient, count: int) -> list[float]:
    """Ask for one page after the other; returns the seconds that each took."""
    taken = []
    for number in range(count):
        begun = perf_counter()
        (await visitor.get(PAGES[number % len(PAGES)])).raise_for_status()
        taken.append(perf_counter() - begun)
        await asyncio.sleep(PAUSE_SECONDS)
    return taken


def _p95(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=20)[18]


async def storm(base: str) -> None:
    """Sign everybody in at once, and say what came of it."""
    limits = httpx.Limits(max_connections=PEOPLE)
    async with httpx.AsyncClient(trust_env=False, base_url=base, timeout=120, limits=limits) as client:
        sys.stdout.write("begins\n")
        sys.stdout.flush()

        async def sign_in(number: int) -> int:
            body = {"email": f"person{number}@example.com", "password": PASSWORD}
            address = {"X-Forwarded-For": f"198.51.{number >> 8}.{number & 255}"}
            return (await client.post("/api/auth/signin", json=body, headers=address)).status_code

        begun = perf_counter()
        answers = Counter(await asyncio.gather(*(sign_in(number) for number in range(PEOPLE))))
        seconds = perf_counter() - begun
    counts = ", ".join(f"{count} answered {status}" for status, count in sorted(answers.items()))
    sys.stdout.write(f"{counts} within {seconds:.1f} s\n")


if __name__ == "__main__":
    asyncio.run(storm(sys.argv[1]))
