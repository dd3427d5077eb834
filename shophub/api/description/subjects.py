"""What the API is about, in the order in which a reader needs it: each operation belongs to the subject of its path."""

from dataclasses import dataclass
from typing import Any

from fastapi.routing import APIRoute


@dataclass(frozen=True)
class Subject:
    """A part of the API: its name, what it is for, and the beginnings of its paths."""

    name: str
    about: str
    below: tuple[str, ...]


SUBJECTS = (
    Subject(
        "Catalog",
        "Products, their variants and categories, as shoppers see them. Public answers may be kept: they carry an "
        "`ETag`, and `Cache-Control` says for how long.",
        ("/api/products", "/api/categories", "/api/search"),
    ),
    Subject(
        "Reviews",
        "What buyers think. Everybody reads; who has an account writes one review per product.",
        ("/api/reviews",),
    ),
    Subject(
        "Signing in",
        "Accounts and sessions. The `token` of an answer is what `Authorization: Bearer` takes.",
        ("/api/register", "/api/auth"),
    ),
    Subject("Profile", "The account's own name and addresses.", ("/api/user",)),
    Subject(
        "Cart",
        "One cart per caller: an account's, or a guest's by its cookie. Prices are worked out anew in every answer.",
        ("/api/cart",),
    ),
    Subject("Wishlist", "Products that an account wants to remember.", ("/api/wishlist",)),
    Subject(
        "Checkout",
        "Sets stock aside, works out the final amount, and opens a payment at Stripe. The order is made when the "
        "payment succeeds, exactly once.",
        ("/api/checkout", "/api/test-create-order"),
    ),
    Subject("Orders", "The caller's own orders, frozen as they were paid.", ("/api/orders",)),
    Subject(
        "Store",
        "What everybody may know of the store, and whether it is well.",
        ("/api/public-settings", "/api/health", "/api/monitoring", "/metrics"),
    ),
    Subject("Webhooks", "What Stripe calls.", ("/api/webhooks",)),
    Subject(
        "Admin: products",
        "The catalog for the staff: drafts included, and everything that can be changed.",
        ("/api/admin/products", "/api/admin/upload"),
    ),
    Subject("Admin: orders", "All orders: packing, shipping, cancelling, refunds.", ("/api/admin/orders",)),
    Subject("Admin: coupons", "Discounts by code.", ("/api/admin/coupons",)),
    Subject("Admin: reviews", "Reviews before and after they are shown.", ("/api/admin/reviews",)),
    Subject("Admin: analytics", "What was sold, and what wants attention.", ("/api/admin/analytics",)),
    Subject(
        "Admin: people", "Accounts, roles, and invites.", ("/api/admin/users", "/api/admin/invite", "/api/admin/accept")
    ),
    Subject("Admin: settings", "How the store is run.", ("/api/admin/settings",)),
    Subject("Admin: audit log", "Who did what, and when.", ("/api/admin/audit-log",)),
    Subject("Admin: navigation", "Where somebody of the staff may go.", ("/api/admin/palette",)),
)


def subject_of(path: str) -> Subject:
    """Return the subject of a path: the one that names the longest beginning of it.

    Raises:
        LookupError: It belongs to none; add it to one of ``SUBJECTS``.
    """
    if path.startswith("/api/products/") and path.endswith("/reviews"):
        return next(one for one in SUBJECTS if one.name == "Reviews")
    fitting = [(len(start), one) for one in SUBJECTS for start in one.below if path.startswith(start)]
    if not fitting:
        raise LookupError(f"{path} belongs to no subject of the API's description")
    return max(fitting, key=lambda found: found[0])[1]


@dataclass(frozen=True)
class Described:
    """One operation of the description, which is filled in step by step."""

    method: str
    route: APIRoute
    operation: dict[str, Any]

    @property
    def path(self) -> str:
        """Return the path, with the names of what stands in it."""
        return self.route.path_format
