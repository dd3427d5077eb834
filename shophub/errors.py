"""Every error class of the shop.

One class per case. ``message`` is safe to show to the person who caused it, ``code`` is stable for programs.
Errors know nothing of HTTP: ``api/errors.py`` maps the five families to a status.
"""

from uuid import UUID


class ShopHubError(Exception):
    """Base of all errors that the shop raises on purpose."""

    code = "error"

    def __init__(self, message: str) -> None:
        """Keep ``message``, one sentence that may be shown to the person who caused it."""
        super().__init__(message)
        self.message = message


# Families. Catch these at the doors.


class InvalidInputError(ShopHubError):
    """What was sent cannot be accepted; ``fields`` says which field is wrong and how to mend it."""

    code = "invalid_data"

    def __init__(self, message: str, fields: dict[str, str] | None = None) -> None:
        """Keep the message and, per field name, the sentence to show beside it."""
        super().__init__(message)
        self.fields: dict[str, str] = fields or {}


class NotFoundError(ShopHubError):
    """The thing does not exist, or is not the caller's to see."""

    code = "not_found"


class ConflictError(ShopHubError):
    """The thing exists, but its present state does not allow the step."""

    code = "conflict"


class ForbiddenError(ShopHubError):
    """The caller is known and may not do this."""

    code = "forbidden"


class StepUpRequiredError(ForbiddenError):
    """Password or code have to be entered again first: the last time is too long ago."""

    code = "step_up_required"


class TwoFactorRequiredError(ForbiddenError):
    """The store requires a second factor of its staff, and this account has none."""

    code = "two_factor_required"


class UnauthenticatedError(ShopHubError):
    """The caller must sign in first."""

    code = "unauthenticated"


class ThrottledError(ShopHubError):
    """Too many tries; ``retry_after_seconds`` says when the next one is heard."""

    code = "too_many_requests"

    def __init__(self, message: str, retry_after_seconds: int) -> None:
        """Keep the waiting time in whole seconds."""
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class ProviderError(ShopHubError):
    """A vendor (Stripe, Cloudinary, Resend) refused or could not be reached."""

    code = "provider_unavailable"

    def __init__(self, message: str, *, retryable: bool, provider_code: str | None = None) -> None:
        """Say whether the same call may go through later."""
        super().__init__(message)
        self.retryable = retryable
        self.provider_code = provider_code


class UnavailableError(ShopHubError):
    """The database could not be asked, or its last answer was lost; the same call may be made again."""

    code = "unavailable"


class BusyError(UnavailableError):
    """More are waiting for the same costly thing than can be served soon; a moment later there is room."""

    code = "busy"


class ConfigurationError(ShopHubError):
    """The environment is not complete or not safe; the message says which setting and what to do."""

    code = "configuration"


# Catalog and stock.


class ProductNotFoundError(NotFoundError):
    """No such product or variant, or it is not on sale."""

    code = "product_not_found"


class SlugMovedError(NotFoundError):
    """The product has another address now: ``slug``."""

    code = "product_moved"

    def __init__(self, message: str, slug: str) -> None:
        """Keep the address that replaced the one asked for."""
        super().__init__(message)
        self.slug = slug


class CategoryNotFoundError(NotFoundError):
    """No such category."""

    code = "category_not_found"


class InsufficientStockError(InvalidInputError):
    """Fewer are available than were asked for."""

    code = "insufficient_stock"

    def __init__(self, message: str, *, variant_id: str, available: int) -> None:
        """Name the variant and how many can still be had."""
        super().__init__(message)
        self.variant_id = variant_id
        self.available = available


class HoardingError(InvalidInputError):
    """More of a variant than is set aside for guests of one network address; an account has no such bound."""

    code = "hoarding_limit"

    def __init__(self, message: str, *, variant_id: str, allowed: int) -> None:
        """Name the variant and how many may be held."""
        super().__init__(message)
        self.variant_id = variant_id
        self.allowed = allowed


# Carts and coupons.


class CartLineNotFoundError(NotFoundError):
    """The line is not in the caller's cart."""

    code = "cart_item_not_found"


class CouponNotFoundError(InvalidInputError):
    """No coupon has that code."""

    code = "coupon_not_found"


class CouponNotApplicableError(InvalidInputError):
    """The coupon exists, but not for this cart now; the message says why."""

    code = "coupon_not_applicable"


class UnknownCouponError(NotFoundError):
    """No coupon has that id; it may have been deleted."""

    code = "coupon_not_found"


class CouponCodeTakenError(ConflictError):
    """Another coupon has that code; case does not matter."""

    code = "coupon_code_taken"


class CouponExhaustedError(CouponNotApplicableError):
    """All uses of the coupon are taken or held by checkouts under way."""

    code = "coupon_exhausted"


# Checkout, payment, orders.


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


# Accounts.


class EmailTakenError(ConflictError):
    """An account with that address exists."""

    code = "email_taken"


class WrongCredentialsError(UnauthenticatedError):
    """E-mail or password is wrong; never says which."""

    code = "wrong_credentials"


class CodeRequiredError(UnauthenticatedError):
    """The password is right, and the account also asks for a code of its second factor.

    ``pending`` is what the code has to come with, where password and code are sent one after the other.
    """

    code = "totp_required"

    def __init__(self, message: str, pending: str = "") -> None:
        """Keep the sealed proof that the password was right."""
        super().__init__(message)
        self.pending = pending


class WrongCodeError(UnauthenticatedError):
    """The code of the second factor does not fit, or was used before."""

    code = "wrong_code"


class LinkOverError(ConflictError):
    """The link that was mailed is unknown, used or over; never says which."""

    code = "link_over"


class AddressNotFoundError(NotFoundError):
    """No such address in the caller's book."""

    code = "address_not_found"


# People and invites.


class UserNotFoundError(NotFoundError):
    """No such account, or it was erased."""

    code = "user_not_found"


class OwnAccountError(ForbiddenError):
    """Nobody takes away their own role or activity."""

    code = "own_account"


class LastOwnerError(ConflictError):
    """The last active SUPER_ADMIN stays one."""

    code = "last_super_admin"


class InviteRequiredError(ConflictError):
    """Nobody joins the staff without an invite."""

    code = "invite_required"


class InviteNotFoundError(NotFoundError):
    """No such invite, or it was used, revoked, replaced or is over; never says which."""

    code = "invite_not_found"


class InviteOpenError(ConflictError):
    """The address has an open invite already."""

    code = "invite_open"


class InviteSignInError(UnauthenticatedError):
    """The invited address has an account: its owner has to sign in to accept."""

    code = "sign_in_required"


class InviteOtherAccountError(ForbiddenError):
    """The invite is for another account than the one that is signed in."""

    code = "other_account"
