"""``/account``, ``/account/profile``, ``/account/security``"""

import reflex as rx

from shophub.components.store.order_actions import ListedOrderEvents
from shophub.components.store.overview import overview
from shophub.components.store.profile import ProfileEvents, profile
from shophub.components.store.security import SecurityEvents, SecurityProblems, security
from shophub.components.ui.meter import password_meter
from shophub.pages.store.account_layout import account_page
from shophub.pages.store.second_factor import second_factor
from shophub.state.store.account import ProfileState
from shophub.state.store.orders import OrdersState
from shophub.state.store.overview import OverviewState
from shophub.state.store.password_meter import PasswordMeterState
from shophub.state.store.security import SecurityState
from shophub.state.store.wishes import WishState

_SECURITY = SecurityEvents(
    judge_password=PasswordMeterState.judge,
    ask_email=SecurityState.ask_email,
    withdraw_email=SecurityState.withdraw_email,
    end_device=SecurityState.end_device,
    end_others=SecurityState.end_others,
    download=SecurityState.download,
    ask_deletion=SecurityState.ask_deletion,
    delete_account=SecurityState.delete_account,
)


def account_overview() -> rx.Component:
    """What the account holds, in short."""
    events = ListedOrderEvents(buy_again=OrdersState.buy_again, buying=OrdersState.buying)
    return account_page(
        "/account",
        overview(OverviewState.view, events, has_wishlist=WishState.is_on),
        loaded=OverviewState.loaded,
        title="Your account",
    )


def account_profile() -> rx.Component:
    """Who the customer is."""
    events = ProfileEvents(
        save_name=ProfileState.save_name,
        set_marketing=ProfileState.set_marketing,
        set_stock_mails=ProfileState.set_stock_mails,
        name_error=ProfileState.name_error,
        name_note=ProfileState.name_note,
    )
    return account_page(
        "/account/profile",
        profile(ProfileState.view, events),
        loaded=ProfileState.loaded,
        title="Your profile",
    )


def account_security() -> rx.Component:
    """How the account is protected."""
    problems = SecurityProblems(
        current_password=SecurityState.current_error,
        new_password=SecurityState.password_error,
        new_email=SecurityState.email_error,
        confirmation=SecurityState.deletion_error,
        is_deleting=SecurityState.is_deleting,
    )
    return account_page(
        "/account/security",
        security(
            SecurityState.view,
            SecurityState.devices,
            _SECURITY,
            problems,
            meter=password_meter(PasswordMeterState.score, PasswordMeterState.label, PasswordMeterState.advice),
            second_factor=second_factor(),
        ),
        loaded=SecurityState.loaded,
        title="Security",
        fallback=4,
    )
