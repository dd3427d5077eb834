"""The public catalog as programs and browsers ask for it: one process of the built app, 16 connections, many requests.

Each line says what processor time an answer took of the app and of the database, beside what the clock says.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.askers import CONNECTIONS, Load
from benchmarks.listings import fill_shop
from benchmarks.report import Row
from benchmarks.shop import clean_database, free_port, process, use
from shophub.api.notice_cache import MAX_ANSWERS
from shophub.db import close_database
from shophub.lib.frontend_export import export_if_changed

PROJECT = Path(__file__).parents[1]
SECONDS = 8.0
SIZES = (1_000, 100_000)
CACHED_AIM, UNCACHED_AIM = 1_500, 600
P99_AIM_MS = 60
# Twice as many as are kept, asked for in turn: each has gone again by the time that it comes up once more.
ADDRESSES = 2 * MAX_ANSWERS
# Pages that a shop of 1,000 has, in each order.
SORTS = ("newest", "price_asc", "price_desc", "best_selling", "rating")
PAGES = [f"/api/products?sort={sort}&page={page}" for page in range(1, 41) for sort in SORTS]


def measure(server: str) -> list[Row]:
    """Serve the built shop with 1,000 and with 100,000 products, and ask for what is kept and for what is not."""
    export_if_changed(PROJECT, os.environ)
    rows = []
    with clean_database(server, "api") as database:
        filled = 0
        for size in SIZES:
            asyncio.run(_fill(filled, size))
            filled = size
            with _served() as (base, pid):
                if size == SIZES[0]:
                    rows.append(_ceiling(base))
                rows += _measure(base, pid, database, size)
    return rows


async def _fill(first: int, last: int) -> None:
    await fill_shop(first, last)
    await close_database()


@contextmanager
def _served() -> Iterator[tuple[str, int]]:
    """Give the address of the app and the number of its one process."""
    port = free_port()
    use(
        PORT=str(port),
        THROTTLE_API_READS=str(10**9),
        REFLEX_ENV_MODE="prod",
        __REFLEX_SKIP_COMPILE="true",
        __REFLEX_MOUNT_FRONTEND_COMPILED_APP="true",
    )
    base = f"http://127.0.0.1:{port}"
    command = ["-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1", "--port", str(port)]
    with process(*command, "shophub.shophub:app", answers=f"{base}/api/health"):
        yield base, _worker(port)


def _worker(port: int) -> int:
    """Return which process answers: the child of the one that was started with this port."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            is_main = f"\0{port}\0".encode() in (folder / "cmdline").read_bytes()
            children = (folder / "task" / folder.name / "children").read_text().split()
        except OSError:
            continue
        if is_main and children:
            return max((int(child) for child in children), key=_memory_mb)
    raise RuntimeError("Nobody listens.")


def _ceiling(base: str) -> Row:
    """Return what those who ask can bear themselves: a file's answer costs the app next to nothing."""
    load = _ask(base, ["/api/health"])
    return Row("bare answer (/api/health)", _words(load), f"{CONNECTIONS} connections")


def _measure(base: str, pid: int, database: str, size: int) -> list[Row]:
    """Measure lists at each size, and single products where there are enough to ask for each once."""
    lists = [f"{PAGES[number % len(PAGES)]}&maxPrice={10**9 + number // len(PAGES)}" for number in range(ADDRESSES)]
    counted = [f"{PAGES[number % len(PAGES)]}&minPrice={number}" for number in range(ADDRESSES)]
    ways = {
        "API, 24 products, kept": (["/api/products"], CACHED_AIM),
        "API, 24 products, other addresses": (lists, UNCACHED_AIM),
        "API, 24 products, each list counted anew": (counted, 0),
    }
    if size >= ADDRESSES:
        for name, path in (("API, one product", "/api/products/product-"), ("page of a product", "/products/product-")):
            others = [f"{path}{number}" for number in range(1, ADDRESSES + 1)]
            ways[f"{name}, kept"] = (others[:1], CACHED_AIM)
            ways[f"{name}, other addresses"] = (others, UNCACHED_AIM if "API" in name else 0)
    rows = [_row(f"{name}, of {size:,}", base, pid, database, paths, aim) for name, (paths, aim) in ways.items()]
    return [*rows, Row(f"memory of the process after that, {size:,} products", f"{_memory_mb(pid)} MB")]


def _row(what: str, base: str, pid: int, database: str, paths: list[str], aim: int) -> Row:
    _ask(base, paths, 1.0)  # caches, connections, prepared statements
    with psycopg.connect(database, autocommit=True) as watcher:
        own, theirs = _processor(pid), _processor_of_database(watcher)
        load = _ask(base, paths)
        own = (_processor(pid) - own) / load.requests
        theirs = (_processor_of_database(watcher) - theirs) / load.requests
    busy = f"processors: app {own * 1000:.2f} ms, database {theirs * 1000:.2f} ms an answer"
    is_late = aim > 0 and (load.rate < aim or load.p99 > P99_AIM_MS)
    return Row(what, _words(load), f"{busy}; aim {aim:,} a second" if aim else busy, is_late)


def _words(load: Load) -> str:
    size = load.bytes / load.requests / 1024
    return f"{load.rate:,.0f} a second, p50 {load.p50:.1f} ms, p99 {load.p99:.1f} ms, {size:.1f} KB each"


def _processor(pid: int) -> float:
    """Return how long a process and its threads have run, in seconds."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def _processor_of_database(watcher: psycopg.Connection) -> float:
    found = watcher.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'shophub'").fetchall()
    return sum(_processor(pid) for (pid,) in found if Path(f"/proc/{pid}").exists())


def _memory_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) // 1024


def _ask(base: str, paths: list[str], seconds: float = SECONDS) -> Load:
    """Have another process ask for these in turn."""
    asked = json.dumps({"base": base, "paths": paths, "seconds": seconds})
    command = [sys.executable, "-m", "benchmarks.askers"]
    done = subprocess.run(command, cwd=PROJECT, input=asked, capture_output=True, text=True, check=True)
    return Load(**json.loads(done.stdout))
