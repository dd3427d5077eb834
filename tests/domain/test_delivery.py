"""Delivery dates count working days."""

from datetime import UTC, date, datetime

import pytest

from shophub.domain.delivery import delivery_window


@pytest.mark.parametrize(
    ("day", "country", "first", "last"),
    [
        (date(2026, 11, 23), "US", date(2026, 11, 25), date(2026, 11, 27)),  # a Monday
        (date(2026, 11, 26), "US", date(2026, 11, 30), date(2026, 12, 2)),  # a Thursday: the weekend lies between
        (date(2026, 11, 28), "US", date(2026, 12, 1), date(2026, 12, 3)),  # a Saturday counts from Monday
        (date(2026, 12, 30), "DE", date(2027, 1, 1), date(2027, 1, 5)),  # over the end of the year
        (date(2026, 11, 25), "SA", date(2026, 11, 29), date(2026, 12, 1)),  # Friday and Saturday are off
        (date(2026, 11, 27), "IN", date(2026, 11, 30), date(2026, 12, 2)),  # only Sunday is off
    ],
)
def test_window_is_two_to_four_working_days(day: date, country: str, first: date, last: date) -> None:
    assert delivery_window(datetime(day.year, day.month, day.day, 15, 30, tzinfo=UTC), country) == (first, last)
