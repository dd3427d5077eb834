"""Ranges of days."""

from datetime import date

import pytest

from shophub.domain.ranges import MAX_DAYS, DayRange, parse_range

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("name", "start", "end", "expected"),
    [
        ("7d", "", "", DayRange("7d", date(2026, 11, 17), TODAY)),
        ("12m", "", "", DayRange("12m", date(2025, 11, 24), TODAY)),
        ("", "", "", DayRange("30d", date(2026, 10, 25), TODAY)),
        ("' OR 1=1", "", "", DayRange("30d", date(2026, 10, 25), TODAY)),
        ("7d", "2026-02-01", "2026-02-28", DayRange("custom", date(2026, 2, 1), date(2026, 2, 28))),
        ("7d", "2026-11-01", "2099-01-01", DayRange("custom", date(2026, 11, 1), TODAY)),
        ("7d", "2026-02-30", "2026-03-01", DayRange("7d", date(2026, 11, 17), TODAY)),
        ("7d", "2026-03-02", "2026-03-01", DayRange("7d", date(2026, 11, 17), TODAY)),
        ("7d", "0001-01-01", "2026-03-01", DayRange("7d", date(2026, 11, 17), TODAY)),
        ("7d", "2026-12-01", "2026-12-02", DayRange("7d", date(2026, 11, 17), TODAY)),
    ],
    ids=["week", "year", "nothing", "nonsense", "own", "future-end", "no-such-day", "backwards", "ancient", "future"],
)
def test_address_names_a_range(name: str, start: str, end: str, expected: DayRange) -> None:
    assert parse_range(name, start, end, TODAY) == expected


def test_range_before_is_as_long_and_ends_the_day_before() -> None:
    february = DayRange("custom", date(2026, 2, 1), date(2026, 2, 28))

    assert february.before == DayRange("custom", date(2026, 1, 4), date(2026, 1, 31))
    assert february.before.days == february.days == 28


def test_range_of_ones_own_is_two_years_at_most() -> None:
    assert parse_range("", "2001-01-01", "2026-11-23", TODAY).days == MAX_DAYS


def test_long_ranges_are_drawn_in_weeks() -> None:
    month, year = parse_range("30d", "", "", TODAY), parse_range("12m", "", "", TODAY)

    assert (month.steps, month.step_of(month.start), month.step_of(month.end)) == (30, 0, 29)
    assert (year.steps, year.step_of(year.start), year.step_of(year.end)) == (53, 0, 52)
