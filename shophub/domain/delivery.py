"""When a parcel arrives: working days counted from today."""

from datetime import date, datetime, timedelta

EARLIEST_WORKING_DAYS = 2
LATEST_WORKING_DAYS = 4

SATURDAY_SUNDAY = frozenset({5, 6})
# Where the weekend is another one (CLDR, weekData).
WEEKENDS = dict.fromkeys(
    ("BH", "DZ", "EG", "IL", "IQ", "JO", "KW", "LY", "OM", "QA", "SA", "SY", "YE"), frozenset({4, 5})
) | {"IN": frozenset({6}), "UG": frozenset({6}), "IR": frozenset({4}), "AF": frozenset({3, 4})}


def delivery_window(now: datetime, country: str) -> tuple[date, date]:
    """Return the first and last day on which a parcel ordered ``now`` arrives in ``country`` (ISO 3166, two letters).

    Two to four working days after today (UTC); the weekend days of that country do not count.
    """
    weekend = WEEKENDS.get(country, SATURDAY_SUNDAY)
    day = now.date()
    days: list[date] = []
    while len(days) < LATEST_WORKING_DAYS:
        day += timedelta(days=1)
        if day.weekday() not in weekend:
            days.append(day)
    return days[EARLIEST_WORKING_DAYS - 1], days[LATEST_WORKING_DAYS - 1]
