"""An order as the staff see it. Nothing of this is ever sent to a customer's browser."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A name and what it is; ``is_code`` for ids that are copied rather than read."""

    name: str = ""
    text: str = ""
    is_code: bool = False


@dataclass(frozen=True)
class StaffDispute:
    """A contested payment."""

    title: str = ""
    state: str = ""
    tone: str = "danger"
    facts: tuple[Fact, ...] = ()
    is_open: bool = False


@dataclass(frozen=True)
class StaffRefund:
    """A refund with what went wrong."""

    amount_text: str = ""
    state: str = ""
    tone: str = "brand"
    text: str = ""
    failure: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class StaffEntry:
    """A line of the log: what happened, when, by whom."""

    label: str = ""
    at_iso: str = ""
    at_text: str = ""
    actor: str = ""
    note: str = ""
    is_public: bool = True


@dataclass(frozen=True)
class StaffProviderEvent:
    """What the payment provider told us."""

    type: str = ""
    id: str = ""
    at_iso: str = ""
    at_text: str = ""
    outcome: str = ""
    tone: str = "brand"


@dataclass(frozen=True)
class StaffOrderView:
    """What the panel shows; ``is_staff`` says that there is one."""

    is_staff: bool = False
    review_reason: str = ""
    needs_review: bool = False
    disputes: tuple[StaffDispute, ...] = ()
    payment: tuple[Fact, ...] = ()
    refunds: tuple[StaffRefund, ...] = ()
    log: tuple[StaffEntry, ...] = ()
    events: tuple[StaffProviderEvent, ...] = ()
