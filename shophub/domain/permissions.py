"""Who may do what: one table of permissions by role."""

from enum import StrEnum

from shophub.domain.statuses import Role


class Permission(StrEnum):
    """Something that a handler or a route lets its caller do. Each declares one."""

    VISIT = "visit"  # everybody: browse, search, keep a cart, check out
    OWN_ACCOUNT = "own_account"  # orders, addresses, wishlist, reviews, profile: one's own
    ENTER_BACK_OFFICE = "enter_back_office"  # all staff: its frame, and what leads to the pages that they may use
    MANAGE_PRODUCTS = "manage_products"
    MANAGE_ORDERS = "manage_orders"
    REFUND_ORDERS = "refund_orders"
    MANAGE_COUPONS = "manage_coupons"
    MODERATE_REVIEWS = "moderate_reviews"
    SEE_ANALYTICS = "see_analytics"
    MANAGE_USERS = "manage_users"
    MANAGE_INVITES = "manage_invites"
    MANAGE_SETTINGS = "manage_settings"
    SEE_AUDIT_LOG = "see_audit_log"


_GUEST = frozenset({Permission.VISIT})
_CUSTOMER = _GUEST | {Permission.OWN_ACCOUNT}
_ADMIN = _CUSTOMER | {
    Permission.ENTER_BACK_OFFICE,
    Permission.MANAGE_PRODUCTS,
    Permission.MANAGE_ORDERS,
    Permission.REFUND_ORDERS,
    Permission.MANAGE_COUPONS,
    Permission.MODERATE_REVIEWS,
    Permission.SEE_ANALYTICS,
}
_SUPER_ADMIN = frozenset(Permission)

PERMISSIONS: dict[Role | None, frozenset[Permission]] = {
    None: _GUEST,
    Role.CUSTOMER: _CUSTOMER,
    Role.ADMIN: _ADMIN,
    Role.SUPER_ADMIN: _SUPER_ADMIN,
}
STAFF = frozenset({Role.ADMIN, Role.SUPER_ADMIN})
# What only staff may: there a second factor may be required as well.
STAFF_ONLY = _SUPER_ADMIN - _CUSTOMER


def may(role: Role | None, permission: Permission) -> bool:
    """Return whether a role (None: a guest) has a permission."""
    return permission in PERMISSIONS[role]
