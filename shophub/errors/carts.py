"""Errors about carts and coupons."""

from shophub.errors.families import ConflictError, InvalidInputError, NotFoundError


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
