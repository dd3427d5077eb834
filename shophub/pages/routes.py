"""Every page of the shop: address, content, title, what it loads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from shophub.lib.ui_texts import HOME_HEADING
from shophub.pages.admin import analytics as admin_analytics
from shophub.pages.admin import audit_log as admin_audit_log
from shophub.pages.admin import coupons as admin_coupons
from shophub.pages.admin import customers as admin_customers
from shophub.pages.admin import dashboard as admin_dashboard
from shophub.pages.admin import health as admin_health
from shophub.pages.admin import order as admin_order
from shophub.pages.admin import orders as admin_orders
from shophub.pages.admin import product_editor as admin_product_editor
from shophub.pages.admin import product_import as admin_product_import
from shophub.pages.admin import products as admin_products
from shophub.pages.admin import reviews as admin_reviews
from shophub.pages.admin import settings as admin_settings
from shophub.pages.admin import users as admin_users
from shophub.pages.admin import work as admin_work
from shophub.pages.store import (
    accept_invite,
    account,
    address_book,
    cart,
    checkout,
    home,
    information,
    listing,
    not_found,
    order_lookup,
    orders,
    passwords,
    product,
    register,
    sign_in,
    verify_email,
    wishlist,
)
from shophub.state.admin.analytics import AnalyticsState
from shophub.state.admin.audit_log import AuditLogState
from shophub.state.admin.coupons import CouponsState, CouponState
from shophub.state.admin.customers import CustomersState, CustomerState
from shophub.state.admin.dashboard import DashboardState
from shophub.state.admin.health import HealthState
from shophub.state.admin.order import OrderDeskState
from shophub.state.admin.orders import OrderListState
from shophub.state.admin.product_editor import ProductEditorState
from shophub.state.admin.product_import import ProductImportState
from shophub.state.admin.products import ProductsState
from shophub.state.admin.reviews import ReviewQueueState
from shophub.state.admin.search_words import SearchWordsState
from shophub.state.admin.settings import SettingsState
from shophub.state.admin.users import UsersState
from shophub.state.admin.work import LongWorkState
from shophub.state.admin_shell import AdminShellState
from shophub.state.store.accept_invite import AcceptInviteState
from shophub.state.store.account import ProfileState
from shophub.state.store.address_book import AddressBookState
from shophub.state.store.auth import AuthState
from shophub.state.store.checkout import CheckoutState
from shophub.state.store.home import HomeState
from shophub.state.store.information import InformationState
from shophub.state.store.listing import ListingState
from shophub.state.store.order_lookup import OrderLookupState
from shophub.state.store.orders import OrdersState, OrderState
from shophub.state.store.overview import OverviewState
from shophub.state.store.password_meter import PasswordMeterState
from shophub.state.store.password_reset import ForgotPasswordState, ResetPasswordState
from shophub.state.store.product import ProductState
from shophub.state.store.second_factor import SecondFactorState
from shophub.state.store.security import SecurityState
from shophub.state.store.shared_wishlist import SharedWishlistState
from shophub.state.store.shell import ShellState
from shophub.state.store.sign_in import SignInState
from shophub.state.store.success import SuccessState
from shophub.state.store.verification import VerificationState
from shophub.state.store.wishlist import WishlistState


@dataclass(frozen=True)
class Page:
    """One page; ``loads`` are the events that run when it is opened."""

    route: str
    content: Callable[[], rx.Component]
    title: str
    loads: tuple[Any, ...] = field(default=(ShellState.load,))
    description: str | None = None


PAGES: tuple[Page, ...] = (
    Page("/", home.page, HOME_HEADING, (ShellState.load, HomeState.load)),
    Page("/products", listing.page, "Products", (ShellState.load, ListingState.load)),
    Page("/categories/[slug]", listing.page, "Products", (ShellState.load, ListingState.load)),
    Page("/search", listing.page, "Search", (ShellState.load, ListingState.load)),
    Page("/products/[slug]", product.page, "Product", (ShellState.load, ProductState.load)),
    Page("/cart", cart.page, "Cart", description="What you have chosen so far, with prices, delivery and your coupon."),
    Page("/wishlist", wishlist.own, "Your wishlist", (ShellState.load, WishlistState.load)),
    Page("/wishlist/shared/[token]", wishlist.shared, "Wishlist", (ShellState.load, SharedWishlistState.load)),
    Page(
        "/login",
        sign_in.login,
        "Sign in",
        (ShellState.load, SignInState.load),
        "Sign in to see your orders, addresses and wishlist, or make an account in a minute.",
    ),
    Page(
        "/register",
        register.register,
        "Create an account",
        (ShellState.load, PasswordMeterState.load, AuthState.load),
        "Make an account: your orders, addresses and wishlist in one place, on every device.",
    ),
    Page(
        "/forgot-password", passwords.forgot_password, "Forgotten password", (ShellState.load, ForgotPasswordState.load)
    ),
    Page(
        "/reset-password",
        passwords.reset_password,
        "New password",
        (ShellState.load, PasswordMeterState.load, ResetPasswordState.load),
    ),
    Page("/verify-email", verify_email.verify_email, "Confirm your address", (ShellState.load, VerificationState.load)),
    Page(
        "/admin/accept-invite",
        accept_invite.accept_invite,
        "Join the store",
        (ShellState.load, PasswordMeterState.load, AcceptInviteState.load),
    ),
    Page(
        "/account",
        account.account_overview,
        "Your account",
        (ShellState.load, VerificationState.load, OverviewState.load),
    ),
    Page(
        "/account/addresses",
        address_book.addresses,
        "Addresses",
        (ShellState.load, VerificationState.load, AddressBookState.load),
    ),
    Page(
        "/account/profile",
        account.account_profile,
        "Your profile",
        (ShellState.load, VerificationState.load, ProfileState.load),
    ),
    Page(
        "/account/security",
        account.account_security,
        "Security",
        (
            ShellState.load,
            PasswordMeterState.load,
            VerificationState.load,
            SecondFactorState.load,
            SecurityState.load,
        ),
    ),
    Page("/checkout", checkout.checkout, "Checkout", (ShellState.load_store, CheckoutState.load)),
    Page("/checkout/success", checkout.success, "Your order", (ShellState.load, SuccessState.load)),
    Page("/orders", orders.orders, "Your orders", (ShellState.load, VerificationState.load, OrdersState.load)),
    Page("/orders/[number]", orders.order, "Order", (ShellState.load, OrderState.load)),
    Page("/order-lookup", order_lookup.order_lookup, "Find your order", (ShellState.load, OrderLookupState.load)),
    Page("/contact", information.contact, "Contact", (ShellState.load, InformationState.load)),
    Page("/returns", information.returns, "Delivery and returns", (ShellState.load, InformationState.load)),
    Page("/privacy", information.privacy, "Privacy", (ShellState.load, InformationState.load)),
    Page("/terms", information.terms, "Terms", (ShellState.load, InformationState.load)),
    Page("/admin", admin_dashboard.dashboard, "Dashboard", (AdminShellState.load, DashboardState.load)),
    Page("/admin/analytics", admin_analytics.analytics, "Analytics", (AdminShellState.load, AnalyticsState.load)),
    Page("/admin/products", admin_products.products, "Products", (AdminShellState.load, ProductsState.load)),
    Page(
        "/admin/products/new",
        admin_product_editor.new_product,
        "New product",
        (AdminShellState.load, ProductEditorState.load),
    ),
    Page(
        "/admin/products/import",
        admin_product_import.product_import,
        "Import products",
        (AdminShellState.load, ProductImportState.load),
    ),
    Page(
        "/admin/products/[product_id]",
        admin_product_editor.product,
        "Product",
        (AdminShellState.load, ProductEditorState.load),
    ),
    Page("/admin/orders", admin_orders.orders, "Orders", (AdminShellState.load, OrderListState.load)),
    Page("/admin/orders/[number]", admin_order.order, "Order", (AdminShellState.load, OrderDeskState.load)),
    Page("/admin/customers", admin_customers.customers, "Customers", (AdminShellState.load, CustomersState.load)),
    Page(
        "/admin/customers/[customer_id]",
        admin_customers.customer,
        "Customer",
        (AdminShellState.load, CustomerState.load),
    ),
    Page("/admin/coupons", admin_coupons.coupons, "Coupons", (AdminShellState.load, CouponsState.load)),
    Page("/admin/coupons/new", admin_coupons.coupon, "New coupon", (AdminShellState.load, CouponState.load)),
    Page("/admin/coupons/[coupon_id]", admin_coupons.coupon, "Coupon", (AdminShellState.load, CouponState.load)),
    Page("/admin/reviews", admin_reviews.reviews, "Reviews", (AdminShellState.load, ReviewQueueState.load)),
    Page("/admin/audit-log", admin_audit_log.audit_log, "Audit log", (AdminShellState.load, AuditLogState.load)),
    Page("/admin/jobs", admin_work.work, "Work", (AdminShellState.load, LongWorkState.load)),
    Page("/admin/health", admin_health.health, "Health", (AdminShellState.load, HealthState.load)),
    Page("/admin/users", admin_users.users, "People", (AdminShellState.load, UsersState.load)),
    Page(
        "/admin/settings",
        admin_settings.settings,
        "Settings",
        (AdminShellState.load, SettingsState.load, SearchWordsState.load),
    ),
)
NOT_FOUND = Page("404", not_found.page, "Page not found")


def add_pages(app: rx.App) -> None:
    """Add every page to ``app``."""
    for page in (*PAGES, NOT_FOUND):
        app.add_page(
            page.content,
            route=page.route,
            title=page.title,
            description=page.description,
            on_load=list(page.loads),
            image="/favicon.svg",
        )
