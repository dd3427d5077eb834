"""Moments in words."""

from datetime import datetime, timedelta

from shophub.services.views.orders import date_text

_WEEK = timedelta(days=7)
_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def ago_text(moment: datetime, now: datetime) -> str:
    """Return ``3 hours ago`` for less than a week, otherwise ``on`` a date."""
    passed = now - moment
    if passed >= _WEEK:
        return f"on {date_text(moment)}"
    for unit, name in _UNITS:
        count = passed // unit
        if count >= 1:
            return f"{count} {name}{'s' if count != 1 else ''} ago"
    return "just now"
