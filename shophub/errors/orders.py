"""Errors about checkouts, payments and orders."""

from uuid import UUID

from shophub.errors.families import ConflictError, InvalidInputError, NotFoundError, UnauthenticatedError


class EmptyCartError(InvalidInputError):
    """There is nothing to check out."""

    code = "empty_cart"


class CheckoutNotFoundError(NotFoundError):
    """No such checkout, or it belongs to somebody else."""

    code = "checkout_not_found"


class CheckoutExpiredError(ConflictError):
    """The checkout ended; a new one can be started from the cart."""

    code = "checkout_expired"


class CheckoutChangedError(ConflictError):
    """Price, stock or coupon changed since the shopper looked; ``changes`` are sentences to show and ask about."""

    code = "checkout_changed"

    def __init__(
        self, message: str, changes: tuple[str, ...], *, drops_coupon: bool = False, short: tuple[UUID, ...] = ()
    ) -> None:
        """Keep one sentence per change, whether the cart's coupon has to go, and the variants that are short."""
        super().__init__(message)
        self.changes = changes
        self.drops_coupon = drops_coupon
        self.short = short


class CheckoutBusyError(ConflictError):
    """Another tab of the shopper is just changing the checkout; a moment later it can be paid."""

    code = "checkout_busy"


class PaymentInProgressError(ConflictError):
    """The payment is under way or done; it cannot be changed now."""

    code = "payment_in_progress"


class AmountTooSmallError(InvalidInputError):
    """The total is above zero but below what the payment provider accepts."""

    code = "amount_too_small"


class AmountTooLargeError(InvalidInputError):
    """The total is above what the payment provider accepts at once."""

    code = "amount_too_large"


class AmountNotChargeableError(InvalidInputError):
    """The payment provider takes no such amount: in currencies of three decimals the last has to be 0."""

    code = "amount_not_chargeable"


class CurrencyNotChargeableError(InvalidInputError):
    """The store's currency is one that the payment provider does not take, or counts otherwise than ISO 4217."""

    code = "currency_not_chargeable"


class GuestCheckoutDisabledError(UnauthenticatedError):
    """The store asks shoppers to sign in before they check out."""

    code = "sign_in_required"


class EmailRequiredError(UnauthenticatedError):
    """A guest gave no e-mail address: one of both is needed, an account or an address."""

    code = "email_required"


class OrderNotFoundError(NotFoundError):
    """No such order, or it belongs to somebody else."""

    code = "order_not_found"


class IllegalTransitionError(ConflictError):
    """The order's status does not allow this step."""

    code = "illegal_transition"


class NeedsReviewError(ConflictError):
    """Something about the order's payment has to be looked at first."""

    code = "needs_review"


class NotPaidError(ConflictError):
    """The order's payment has not arrived, or there is none to give back."""

    code = "not_paid"


class PaymentDisputedError(ConflictError):
    """The cardholder's bank contests the payment: while it does, nothing is refunded."""

    code = "payment_disputed"


class RefundTooLargeError(ConflictError):
    """More was asked for than is left of the payment, or of a line; ``left_minor`` says how much is."""

    code = "refund_too_large"

    def __init__(self, message: str, *, left_minor: int) -> None:
        """Keep what can still be refunded, in minor units of the order's currency."""
        super().__init__(message)
        self.left_minor = left_minor


class InvalidWebhookError(InvalidInputError):
    """The event's signature is missing, wrong or too old."""

    code = "invalid_signature"
