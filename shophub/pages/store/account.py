"""``/account``, ``/account/security``"""

import reflex as rx

from shophub.components.store.account_frame import account_frame, account_skeleton
from shophub.components.store.profile import ProfileEvents, profile
from shophub.components.store.security import SecurityEvents, SecurityProblems, security
from shophub.components.ui.meter import password_meter
from shophub.pages.store.layout import shop_page
from shophub.pages.store.second_factor import second_factor
from shophub.pages.store.verify_email import confirm_banner
from shophub.state.store.account import ProfileState
from shophub.state.store.password_meter import PasswordMeterState
from shophub.state.store.security import SecurityState

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


def account_profile() -> rx.Component:
    """Who the customer is."""
    events = ProfileEvents(
        save_name=ProfileState.save_name,
        set_marketing=ProfileState.set_marketing,
        set_stock_mails=ProfileState.set_stock_mails,
        name_error=ProfileState.name_error,
        name_note=ProfileState.name_note,
    )
    return shop_page(
        account_frame("/account", confirm_banner(), profile(ProfileState.view, events)),
        loaded=ProfileState.loaded,
        title="Your profile",
        fallback=account_skeleton("/account", 3),
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
    return shop_page(
        account_frame(
            "/account/security",
            confirm_banner(),
            security(
                SecurityState.view,
                SecurityState.devices,
                _SECURITY,
                problems,
                meter=password_meter(PasswordMeterState.score, PasswordMeterState.label, PasswordMeterState.advice),
                second_factor=second_factor(),
            ),
        ),
        loaded=SecurityState.loaded,
        title="Security",
        fallback=account_skeleton("/account/security", 4),
    )
