"""The audit log as its page shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AuditChange:
    """A value before and after."""

    name: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class AuditLine:
    """Who did what to what, when and from where."""

    id: str = ""
    moment_iso: str = ""
    moment_text: str = ""
    actor: str = ""
    actor_url: str = ""
    action: str = ""
    action_url: str = ""
    target: str = ""
    target_id: str = ""
    target_url: str = ""
    place: str = ""
    changes: tuple[AuditChange, ...] = ()
