"""Moments in words."""

from datetime import datetime, timedelta

_WEEK = timedelta(days=7)
_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def date_text(moment: datetime) -> str:
    """Return a day with its year: ``5 Dec 2026``."""
    return f"{moment.day} {moment:%b %Y}"


def ago_text(moment: datetime, now: datetime) -> str:
    """Return ``3 hours ago`` for less than a week, otherwise ``on`` a date."""
    return recent_text(moment, now) or f"on {date_text(moment)}"


def recent_text(moment: datetime, now: datetime) -> str:
    """Return ``3 hours ago`` for less than a week, otherwise nothing."""
    passed = now - moment
    if passed >= _WEEK:
        return ""
    for unit, name in _UNITS:
        count = passed // unit
        if count >= 1:
            return f"{count} {name}{'s' if count != 1 else ''} ago"
    return "just now"
