"""The parts of the back office: where each is, and who may use it. One table for sidebar, palette and refusals."""

from dataclasses import dataclass

from shophub.domain.permissions import STAFF, Permission, may
from shophub.domain.statuses import Role


@dataclass(frozen=True)
class AdminSection:
    """A part of the back office with its first page; pages below that address belong to it."""

    label: str
    path: str
    icon: str
    permission: Permission
    group: str = ""
    words: str = ""  # what else somebody may call it


DASHBOARD = AdminSection(
    "Dashboard", "/admin", "dashboard", Permission.ENTER_BACK_OFFICE, words="home start figures revenue sales"
)
PRODUCTS_PATH = "/admin/products"
ORDERS_PATH = "/admin/orders"
ANALYTICS_PATH = "/admin/analytics"
CUSTOMERS_PATH = "/admin/customers"
WORK_PATH = "/admin/jobs"
SECTIONS: tuple[AdminSection, ...] = (
    DASHBOARD,
    AdminSection("Orders", ORDERS_PATH, "receipt", Permission.MANAGE_ORDERS, words="sales shipping refunds parcels"),
    AdminSection("Products", PRODUCTS_PATH, "box", Permission.MANAGE_PRODUCTS, words="catalog stock prices variants"),
    AdminSection(
        "Customers", CUSTOMERS_PATH, "users", Permission.MANAGE_ORDERS, words="buyers shoppers guests accounts"
    ),
    AdminSection("Coupons", "/admin/coupons", "ticket", Permission.MANAGE_COUPONS, words="codes discounts vouchers"),
    AdminSection(
        "Analytics", ANALYTICS_PATH, "chart", Permission.SEE_ANALYTICS, words="figures funnel reports statistics visits"
    ),
    AdminSection("Reviews", "/admin/reviews", "star", Permission.MODERATE_REVIEWS, words="ratings stars moderate hide"),
    AdminSection("Work", WORK_PATH, "clock", Permission.ENTER_BACK_OFFICE, "Store", "jobs imports progress running"),
    AdminSection("People", "/admin/users", "lock", Permission.MANAGE_USERS, "Store", "users admins roles invites"),
    AdminSection("Audit log", "/admin/audit-log", "list", Permission.SEE_AUDIT_LOG, "Store", "history changes who did"),
    AdminSection(
        "Health",
        "/admin/health",
        "pulse",
        Permission.MANAGE_SETTINGS,
        "Store",
        "status queue webhooks alerts jobs books",
    ),
    AdminSection(
        "Settings", "/admin/settings", "gear", Permission.MANAGE_SETTINGS, "Store", "currency tax delivery maintenance"
    ),
)

# What the palette offers beside the parts themselves.
ACTIONS: tuple[AdminSection, ...] = (
    AdminSection("New product", f"{PRODUCTS_PATH}/new", "plus", Permission.MANAGE_PRODUCTS, words="add create"),
    AdminSection(
        "Import products", f"{PRODUCTS_PATH}/import", "upload", Permission.MANAGE_PRODUCTS, words="csv upload"
    ),
    AdminSection("New coupon", "/admin/coupons/new", "plus", Permission.MANAGE_COUPONS, words="discount code add"),
    AdminSection("View the shop", "/", "external", Permission.ENTER_BACK_OFFICE, words="store front customers"),
    AdminSection("Keyboard shortcuts", "#keys", "command", Permission.ENTER_BACK_OFFICE, words="keys help"),
    AdminSection("Your profile", "/account/profile", "user", Permission.ENTER_BACK_OFFICE, words="name account"),
    AdminSection("Password and second factor", "/account/security", "lock", Permission.ENTER_BACK_OFFICE),
)


def actions_for(role: Role | None) -> tuple[AdminSection, ...]:
    """Return what a role may do from anywhere."""
    return tuple(action for action in ACTIONS if may(role, action.permission))


def sections_for(role: Role | None) -> tuple[AdminSection, ...]:
    """Return the parts that a role (None: a guest) may use."""
    return tuple(section for section in SECTIONS if may(role, section.permission))


def leads_to(role: Role | None, path: str) -> bool:
    """Return whether there is a part with that first page, and a role may use it."""
    return any(one.path == path for one in sections_for(role))


def section_at(path: str) -> AdminSection | None:
    """Return the part that an address belongs to."""
    below = [one for one in SECTIONS if path == one.path or (one is not DASHBOARD and path.startswith(f"{one.path}/"))]
    return max(below, key=lambda one: len(one.path), default=None)


def may_open(role: Role | None, path: str) -> bool:
    """Return whether a role may open the page at an address of the back office."""
    section = section_at(path)
    return role in STAFF if section is None else may(role, section.permission)
