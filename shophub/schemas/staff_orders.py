"""An order as the staff see it. Nothing of this is ever sent to a customer's browser."""

from dataclasses import dataclass, field

from shophub.schemas.orders import OrderView


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
    is_kept: bool = False  # what Stripe sent is there to be read


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


@dataclass(frozen=True)
class StaffNote:
    """What somebody of the staff wrote for the others."""

    body: str = ""
    author: str = ""
    at_iso: str = ""
    at_text: str = ""


@dataclass(frozen=True)
class CustomerFacts:
    """Who bought. ``user_id`` is empty for guests; the sums are of all orders with that address."""

    user_id: str = ""
    name: str = ""
    email: str = ""
    orders_url: str = ""
    order_count: int = 0
    spent_text: str = ""
    since_text: str = ""


@dataclass(frozen=True)
class RefundLine:
    """A line as the refund dialog offers it; ``left`` units of it have not gone back."""

    sku: str = ""
    name: str = ""
    options_text: str = ""
    quantity: int = 0
    left: int = 0
    unit_text: str = ""


@dataclass(frozen=True)
class OrderActions:
    """What can be done with the order now."""

    review: bool = False
    pack: bool = False
    ship: bool = False
    deliver: bool = False
    cancel: bool = False
    refund: bool = False


@dataclass(frozen=True)
class OrderDesk:
    """An order on the page where it is worked on, beside what its customer sees of it."""

    staff: StaffOrderView = field(default_factory=StaffOrderView)
    notes: tuple[StaffNote, ...] = ()
    customer: CustomerFacts = field(default_factory=CustomerFacts)
    actions: OrderActions = field(default_factory=OrderActions)
    refundable: tuple[RefundLine, ...] = ()
    left_text: str = ""
    delivery_minor: int = 0
    delivery_text: str = ""
    currency: str = ""


@dataclass(frozen=True)
class OrderPeek:
    """An order beside its list, with the numbers of those above and below; empty where there is none."""

    order: OrderView = field(default_factory=OrderView)
    desk: OrderDesk = field(default_factory=OrderDesk)
    url: str = ""
    previous: str = ""
    following: str = ""


@dataclass(frozen=True)
class RefundChoice:
    """A line in the refund dialog with how much of it is chosen."""

    line: RefundLine = field(default_factory=RefundLine)
    units: int = 0


@dataclass(frozen=True)
class RefundDraft:
    """A refund that is being put together; ``amount_text`` is what the button says, empty while nothing is chosen."""

    choices: tuple[RefundChoice, ...] = ()
    beside: str = ""
    has_units: bool = False
    amount_minor: int = 0
    amount_text: str = ""
    problem: str = ""
