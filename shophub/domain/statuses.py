"""The statuses of the shop's things, and which step may follow which. Stored as text with a CHECK on these values."""

from enum import StrEnum


class Role(StrEnum):
    """What an account may do; guests have no account."""

    CUSTOMER = "CUSTOMER"
    ADMIN = "ADMIN"
    SUPER_ADMIN = "SUPER_ADMIN"


class ProductStatus(StrEnum):
    """Whether shoppers see a product. An archived one keeps its history and its address."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


class StockReason(StrEnum):
    """Why the stock of a variant changed."""

    INITIAL = "initial"
    RESTOCK = "restock"
    CORRECTION = "correction"
    ORDER = "order"
    CANCELLATION = "cancellation"
    REFUND = "refund"
    IMPORT = "import"


class DiscountType(StrEnum):
    """How a coupon reckons its discount."""

    PERCENTAGE = "PERCENTAGE"
    FIXED = "FIXED"
    FREE_SHIPPING = "FREE_SHIPPING"


class RedemptionState(StrEnum):
    """A coupon's use: held by a checkout, used by an order, or given back."""

    HELD = "held"
    USED = "used"
    RELEASED = "released"


class CheckoutStatus(StrEnum):
    """Where a checkout stands. The last two are final."""

    OPEN = "open"
    PROCESSING = "processing"
    COMPLETED = "completed"
    EXPIRED = "expired"


LIVE_CHECKOUT = frozenset({CheckoutStatus.OPEN, CheckoutStatus.PROCESSING})


class ReservationState(StrEnum):
    """Stock set aside: still held, turned into a sale, or given back."""

    HELD = "held"
    CONSUMED = "consumed"
    RELEASED = "released"


class OrderStatus(StrEnum):
    """Where an order stands on its way to the customer."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"


ORDER_STEPS: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PENDING: frozenset({OrderStatus.PROCESSING, OrderStatus.CANCELLED}),
    OrderStatus.PROCESSING: frozenset({OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    OrderStatus.SHIPPED: frozenset({OrderStatus.DELIVERED}),
    OrderStatus.DELIVERED: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
}


class PaymentStatus(StrEnum):
    """Where an order's payment stands."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    PAID = "PAID"
    FAILED = "FAILED"
    PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED"
    REFUNDED = "REFUNDED"


PAYMENT_STEPS: dict[PaymentStatus, frozenset[PaymentStatus]] = {
    PaymentStatus.PENDING: frozenset({PaymentStatus.PROCESSING, PaymentStatus.PAID, PaymentStatus.FAILED}),
    PaymentStatus.PROCESSING: frozenset({PaymentStatus.PAID, PaymentStatus.FAILED}),
    PaymentStatus.PAID: frozenset({PaymentStatus.PARTIALLY_REFUNDED, PaymentStatus.REFUNDED}),
    PaymentStatus.PARTIALLY_REFUNDED: frozenset({PaymentStatus.REFUNDED}),
    PaymentStatus.FAILED: frozenset(),
    PaymentStatus.REFUNDED: frozenset(),
}

# A refund that had succeeded may fail at the bank: what was counted as given back is the shop's again.
PAYMENT_CORRECTIONS: dict[PaymentStatus, frozenset[PaymentStatus]] = {
    PaymentStatus.PENDING: frozenset(),
    PaymentStatus.PROCESSING: frozenset(),
    PaymentStatus.PAID: frozenset(),
    PaymentStatus.PARTIALLY_REFUNDED: frozenset({PaymentStatus.PAID}),
    PaymentStatus.FAILED: frozenset(),
    PaymentStatus.REFUNDED: frozenset({PaymentStatus.PAID, PaymentStatus.PARTIALLY_REFUNDED}),
}


class RefundStatus(StrEnum):
    """Where a refund stands at the payment provider."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


# Two answers of the provider may be applied in another order than they were asked for: none leads back.
REFUND_STEPS: dict[RefundStatus, frozenset[RefundStatus]] = {
    RefundStatus.PENDING: frozenset({RefundStatus.SUCCEEDED, RefundStatus.FAILED}),
    RefundStatus.SUCCEEDED: frozenset({RefundStatus.FAILED}),
    RefundStatus.FAILED: frozenset(),
}


class RefundSource(StrEnum):
    """Who asked for a refund: the shop, or somebody at the payment provider's own dashboard."""

    SHOP = "shop"
    PROVIDER = "provider"


class AlertKind(StrEnum):
    """What somebody of the shop has to look at."""

    INVARIANT = "invariant"
    UNKNOWN_PAYMENT = "unknown_payment"
    SECOND_PAYMENT = "second_payment"
    REFUND_FAILED = "refund_failed"
    DISPUTE = "dispute"
    NEEDS_REVIEW = "needs_review"
    EMAIL_FAILED = "email_failed"
    EVENT_FAILED = "event_failed"


class AddressType(StrEnum):
    """What an address in the book is for."""

    HOME = "HOME"
    SHIPPING = "SHIPPING"
    BILLING = "BILLING"


class EmailTokenPurpose(StrEnum):
    """What a link in an e-mail lets its reader do."""

    VERIFY_EMAIL = "verify_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
    CHANGE_EMAIL = "change_email"


class ProviderEventStatus(StrEnum):
    """What became of an event that a provider sent."""

    HANDLED = "handled"
    IGNORED = "ignored"
    ALERT = "alert"


class WorkState(StrEnum):
    """Where long work stands. The last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED_WORK = frozenset({WorkState.QUEUED, WorkState.RUNNING})
