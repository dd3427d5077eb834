"""Errors about reviews and wishlists."""

from shophub.errors.families import ConflictError, ForbiddenError, NotFoundError


class FeatureOffError(ForbiddenError):
    """The store has switched this off."""

    code = "feature_off"


class ReviewNotFoundError(NotFoundError):
    """No such review, or it is not the caller's."""

    code = "review_not_found"


class NotReceivedError(ForbiddenError):
    """Only who has received a product can review it."""

    code = "not_received"


class ReviewExistsError(ConflictError):
    """The customer has reviewed this product already."""

    code = "already_reviewed"


class OwnReviewError(ConflictError):
    """Nobody finds their own review helpful."""

    code = "own_review"


class WishlistNotFoundError(NotFoundError):
    """No list is shared under that link, or no longer."""

    code = "wishlist_not_found"


class WishlistFullError(ConflictError):
    """The list holds as much as it can."""

    code = "wishlist_full"
