"""Every page of the shop: address, content, title, what it loads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from shophub.lib.ui_texts import HOME_HEADING
from shophub.pages.store import (
    accept_invite,
    account,
    cart,
    checkout,
    home,
    information,
    listing,
    not_found,
    orders,
    passwords,
    product,
    register,
    sign_in,
    verify_email,
)
from shophub.state.store.accept_invite import AcceptInviteState
from shophub.state.store.account import ProfileState
from shophub.state.store.auth import AuthState
from shophub.state.store.checkout import CheckoutState
from shophub.state.store.home import HomeState
from shophub.state.store.listing import ListingState
from shophub.state.store.orders import OrdersState, OrderState
from shophub.state.store.password_meter import PasswordMeterState
from shophub.state.store.password_reset import ForgotPasswordState, ResetPasswordState
from shophub.state.store.product import ProductState
from shophub.state.store.second_factor import SecondFactorState
from shophub.state.store.security import SecurityState
from shophub.state.store.shell import ShellState
from shophub.state.store.sign_in import SignInState
from shophub.state.store.success import SuccessState
from shophub.state.store.verification import VerificationState


@dataclass(frozen=True)
class Page:
    """One page; ``loads`` are the events that run when it is opened."""

    route: str
    content: Callable[[], rx.Component]
    title: str
    loads: tuple[Any, ...] = field(default=(ShellState.load,))


PAGES: tuple[Page, ...] = (
    Page("/", home.page, HOME_HEADING, (ShellState.load, HomeState.load)),
    Page("/products", listing.page, "Products", (ShellState.load, ListingState.load)),
    Page("/categories/[slug]", listing.page, "Products", (ShellState.load, ListingState.load)),
    Page("/search", listing.page, "Search", (ShellState.load, ListingState.load)),
    Page("/products/[slug]", product.page, "Product", (ShellState.load, ProductState.load)),
    Page("/cart", cart.page, "Cart"),
    Page("/login", sign_in.login, "Sign in", (ShellState.load, SignInState.load)),
    Page(
        "/register", register.register, "Create an account", (ShellState.load, PasswordMeterState.load, AuthState.load)
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
    Page("/contact", information.contact, "Contact"),
    Page("/returns", information.returns, "Delivery and returns"),
    Page("/privacy", information.privacy, "Privacy"),
    Page("/terms", information.terms, "Terms"),
)
NOT_FOUND = Page("404", not_found.page, "Page not found")


def add_pages(app: rx.App) -> None:
    """Add every page to ``app``."""
    for page in (*PAGES, NOT_FOUND):
        app.add_page(page.content, route=page.route, title=page.title, on_load=list(page.loads), image="/favicon.svg")
