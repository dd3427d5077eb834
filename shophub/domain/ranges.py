"""Ranges of days that figures are asked for, and the range before each. Days are UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shophub.errors import InvalidInputError

PRESETS: tuple[tuple[str, int, str], ...] = (
    ("7d", 7, "Last 7 days"),
    ("30d", 30, "Last 30 days"),
    ("90d", 90, "Last 90 days"),
    ("12m", 365, "Last 12 months"),
)
DEFAULT = "30d"
CUSTOM = "custom"
MAX_DAYS = 2 * 366
# Earlier than any shop; and the range before has to have a date too.
FIRST_YEAR = 2000
# Longer ranges are drawn in weeks: nobody reads four hundred points.
MAX_DAILY = 92


@dataclass(frozen=True)
class DayRange:
    """The days from ``start`` to ``end``, both included."""

    name: str
    start: date
    end: date

    @property
    def days(self) -> int:
        """Return how many days there are, one at least."""
        return (self.end - self.start).days + 1

    @property
    def before(self) -> "DayRange":
        """Return the range of as many days that ends where this one begins."""
        return DayRange(self.name, self.start - timedelta(days=self.days), self.start - timedelta(days=1))

    @property
    def step_days(self) -> int:
        """Return how many days one point of a chart stands for."""
        return 1 if self.days <= MAX_DAILY else 7

    @property
    def steps(self) -> int:
        """Return how many points a chart has; the last may stand for fewer days than the others."""
        return -(-self.days // self.step_days)

    def step_of(self, day: date) -> int:
        """Return the point that a day belongs to."""
        return (day - self.start).days // self.step_days


@dataclass(frozen=True)
class Question:
    """What figures are asked for: a range, whether against the one before, in which currency (empty: the store's)."""

    days: DayRange
    is_compared: bool = True
    currency: str = ""


def parse_question(given: Mapping[str, str], today: date) -> Question:
    """Return what an address asks for; what it says wrongly it does not say."""
    days = parse_range(given.get("range", ""), given.get("from", ""), given.get("to", ""), today)
    currency = given.get("currency", "")
    is_code = len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()
    return Question(days, given.get("compare") != "no", currency if is_code else "")


def parse_range(name: str, start: str, end: str, today: date) -> DayRange:
    """Return what an address asks for; what it does not say, or says wrongly, is the last thirty days.

    Two days make a range of their own, at most two years long and not in the future.
    """
    first, last = _day(start), _day(end)
    if first is not None and last is not None and first <= min(last, today):
        last = min(last, today)
        return DayRange(CUSTOM, max(first, last - timedelta(days=MAX_DAYS - 1)), last)
    days = next((days for preset, days, _ in PRESETS if preset == name), 0)
    if not days:
        name, days = DEFAULT, 30
    return DayRange(name, today - timedelta(days=days - 1), today)


def exact_range(
    preset: str | None, first: date | None, last: date | None, currency: str | None, today: date
) -> Question:
    """Return what a program asks for. Other than for people's addresses, what cannot be had is not guessed at.

    Raises:
        InvalidInputError: Half a range, two at once, one that ends before it begins, or one of more than two years.
    """
    if (first is None) != (last is None):
        raise _refusal("from" if first is None else "to", "Give both days, or neither.")
    if first is None or last is None:
        return Question(parse_range(preset or DEFAULT, "", "", today), currency=currency or "")
    if preset is not None:
        raise _refusal("preset", "Give two days or a preset, not both.")
    if first.year < FIRST_YEAR or last > today + timedelta(days=1):
        raise _refusal("from" if first.year < FIRST_YEAR else "to", "There are no figures of that day.")
    if last < first:
        raise _refusal("to", "Has to be from or later.")
    if (last - first).days >= MAX_DAYS:
        raise _refusal("to", f"At most {MAX_DAYS} days.")
    return Question(DayRange(CUSTOM, first, last), currency=currency or "")


def _refusal(field: str, sentence: str) -> InvalidInputError:
    return InvalidInputError("That range cannot be had.", {field: sentence})


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
    return day if day is not None and day.year >= FIRST_YEAR else None
