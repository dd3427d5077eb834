"""How the shop's parts are, as the staff see it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HealthPart:
    """A part of the shop: its state in a word, what was found, and what to do about it."""

    name: str = ""
    icon: str = ""
    word: str = ""
    tone: str = "neutral"
    text: str = ""
    advice: str = ""


@dataclass(frozen=True)
class HealthAlert:
    """Something that somebody of the shop has to look at."""

    id: str = ""
    kind: str = ""
    message: str = ""
    url: str = ""
    since_iso: str = ""
    since_text: str = ""


@dataclass(frozen=True)
class FailedJob:
    """A job that was given up; what comes round by the clock is not tried again by hand."""

    id: str = ""
    name: str = ""
    text: str = ""
    may_retry: bool = False


@dataclass(frozen=True)
class HealthRule:
    """A rule of the books, when it was checked last, and what broke it."""

    name: str = ""
    word: str = ""
    tone: str = "neutral"
    checked_text: str = ""
    offenders: str = ""


@dataclass(frozen=True)
class HealthView:
    """Everything about the shop's health at a moment; what is wrong comes first everywhere."""

    word: str = ""
    tone: str = "neutral"
    at_iso: str = ""
    at_text: str = ""
    parts: tuple[HealthPart, ...] = ()
    alerts: tuple[HealthAlert, ...] = ()
    jobs: tuple[FailedJob, ...] = ()
    rules: tuple[HealthRule, ...] = ()
    rules_text: str = ""
