"""The rows of an import: which belong together, and what each says once it is understood."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from shophub.errors import InvalidInputError
from shophub.lib.money import parse_amount
from shophub.lib.plain_text import plain_text
from shophub.lib.slugs import slugify

LARGEST_PRICE = 10**11
LARGEST_STOCK = 1_000_000_000
LONGEST = {"name": 200, "brand": 80, "sku": 64, "slug": 250, "category": 120}
LONGEST_DESCRIPTION = 20_000
LONGEST_CHOICE = 80
_WHOLE = re.compile(r"\d{1,10}|\d{1,3}(?:,\d{3}){1,3}", re.ASCII)


class Outcome(StrEnum):
    """What became, or would become, of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    ERROR = "error"
    NOT_REACHED = "not reached"


@dataclass(frozen=True)
class ImportLine:
    """A row: the cells of the columns that are mapped. ``problem`` is what is wrong with the row as such."""

    number: int
    cells: Mapping[str, str]
    problem: str = ""

    def text(self, name: str) -> str:
        """Return a cell without the space around it, empty where its column is not mapped."""
        return self.cells.get(name, "").strip()


@dataclass(frozen=True)
class LineGroup:
    """Rows of one product, in their order. ``slug`` is empty where only SKUs say which, or implied by the name."""

    slug: str
    is_implied: bool
    lines: tuple[ImportLine, ...]


@dataclass(frozen=True)
class LineResult:
    """What became of a row, and why not: the columns to look at, and sentences."""

    number: int
    outcome: Outcome
    slug: str = ""
    sku: str = ""
    columns: tuple[str, ...] = ()
    reason: str = ""


@dataclass
class Problems:
    """What is wrong with one row, by column."""

    found: dict[str, str] = field(default_factory=dict)

    def add(self, column: str, sentence: str) -> None:
        """Note what is wrong; the first thing of a column counts."""
        self.found.setdefault(column, sentence)


def group_lines(lines: Iterable[ImportLine]) -> list[LineGroup]:
    """Return the rows product by product, in the order in which the products first come."""
    groups: dict[tuple[str, str], list[ImportLine]] = {}
    for line in lines:
        slug = line.text("slug")
        implied = "" if slug else slugify(line.text("name"))
        if slug:
            key = ("slug", slug)
        elif implied:
            key = ("name", implied)
        else:
            key = ("sku", line.text("sku") or f"row {line.number}")
        groups.setdefault(key, []).append(line)
    return [
        LineGroup("" if kind == "sku" else key, kind == "name", tuple(found)) for (kind, key), found in groups.items()
    ]


def batches(groups: Sequence[LineGroup], size: int, done: int) -> Iterator[tuple[LineGroup, ...]]:
    """Give the groups in batches of about ``size`` rows, without those whose rows are among the first ``done``."""
    batch: list[LineGroup] = []
    rows = passed = 0
    for group in groups:
        passed += len(group.lines)
        if passed <= done:
            continue
        if batch and rows + len(group.lines) > size:
            yield tuple(batch)
            batch, rows = [], 0
        batch.append(group)
        rows += len(group.lines)
    if batch:
        yield tuple(batch)


def repeated_skus(lines: Iterable[ImportLine]) -> dict[int, int]:
    """Return which rows have an SKU that an earlier row has, and the number of that one."""
    first: dict[str, int] = {}
    repeated: dict[int, int] = {}
    for line in lines:
        sku = line.text("sku")
        if sku and first.setdefault(sku, line.number) != line.number:
            repeated[line.number] = first[sku]
    return repeated


def short_text(line: ImportLine, name: str, now: str, problems: Problems) -> str:
    """Return a short text of a row; what it is now is right however it is written."""
    if line.cells.get(name) == now:
        return now
    given = " ".join(line.text(name).split())
    if plain_text(given) != given:
        problems.add(name, "It holds characters that cannot be shown.")
    elif len(given) > LONGEST.get(name, LONGEST_CHOICE):
        problems.add(name, f"It has at most {LONGEST.get(name, LONGEST_CHOICE)} characters.")
    return given


def description(line: ImportLine, now: str, problems: Problems) -> str:
    """Return the description of a row."""
    if line.cells.get("description") == now:
        return now
    given = line.text("description").replace("\r\n", "\n")
    if plain_text(given) != given:
        problems.add("description", "It holds characters that cannot be shown.")
    elif len(given) > LONGEST_DESCRIPTION:
        problems.add("description", f"A description has at most {LONGEST_DESCRIPTION:,} characters.")
    return given


def price(line: ImportLine, name: str, currency: str, problems: Problems) -> int | None:
    """Return an amount in minor units; None where the cell is empty."""
    given = line.text(name)
    if not given:
        return None
    try:
        amount = parse_amount(given, currency)
    except InvalidInputError as error:
        problems.add(name, f"“{_shown(given)}” is no amount. {error.message}")
        return None
    if not 0 < amount <= LARGEST_PRICE:
        problems.add(name, "A price is more than 0." if amount <= 0 else "That is more than can be charged.")
        return None
    return amount


def whole_number(line: ImportLine, name: str, problems: Problems) -> int | None:
    """Return a whole number of zero or more; None where the cell is empty."""
    given = line.text(name)
    if not given:
        return None
    number = int(given.replace(",", "")) if _WHOLE.fullmatch(given) else -1
    if not 0 <= number <= LARGEST_STOCK:
        problems.add(name, f"“{_shown(given)}” is no whole number of 0 or more.")
        return None
    return number


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
