"""``/checkout``, ``/checkout/success``"""

import reflex as rx

from shophub.components.store.address_form import delivery_form
from shophub.components.store.checkout import STEP, changes_dialog, delivery_done, summary_aside, summary_fold
from shophub.components.store.confirmation import confirmation, confirmation_page
from shophub.components.store.payment import HOLD_CLASSES, HOLD_TEXTS, PAYMENT_CLASSES, HoldTimer, StripePayment
from shophub.components.store.skeletons import lines_skeleton
from shophub.components.ui.basics import empty_state, link_button, note
from shophub.lib import ui_classes as ui
from shophub.lib.ui_icons import ICONS
from shophub.pages.store.layout import focused_page, shop_page
from shophub.schemas.checkouts import AddressView
from shophub.state.store.checkout import SUCCESS, CheckoutState
from shophub.state.store.shell import ShellState
from shophub.state.store.success import SuccessState


def _delivery() -> rx.Component:
    return delivery_form(
        email=CheckoutState.email,
        # A saved address is shown where it is picked; the fields below are for another one.
        address=rx.cond(
            (CheckoutState.saved == "") | (CheckoutState.saved == "new"),
            CheckoutState.address,
            CheckoutState.view.address,
        ).to(AddressView),
        errors=CheckoutState.errors,
        problems=CheckoutState.problems,
        message=CheckoutState.message,
        countries=CheckoutState.view.countries,
        book=(CheckoutState.view.saved_addresses, CheckoutState.saved),
        order_note=CheckoutState.note,
        is_signed_in=CheckoutState.view.is_signed_in,
        is_busy=CheckoutState.is_starting,
        form_key=CheckoutState.form_key,
        on_submit=CheckoutState.submit_delivery,
    )


def _payment() -> rx.Component:
    return rx.fragment(
        delivery_done(CheckoutState.email, CheckoutState.address, CheckoutState.edit_delivery),
        rx.el.section(
            rx.el.h2("Payment", id="payment-title", tab_index=-1, class_name=f"{ui.H3} mb-4"),
            HoldTimer.create(
                until=CheckoutState.payment.expires_at_iso,
                seconds=CheckoutState.payment.held_seconds,
                texts=HOLD_TEXTS,
                classes=HOLD_CLASSES,
                icon=ICONS["clock"],
                on_renew=CheckoutState.renew_hold,
            ),
            StripePayment.create(
                publishable_key=CheckoutState.payment.publishable_key,
                client_secret=CheckoutState.payment.client_secret,
                script_url=CheckoutState.payment.script_url,
                amount_text=CheckoutState.payment.amount_text,
                return_path=f"{SUCCESS}?checkout=" + CheckoutState.payment.checkout_id,
                go=CheckoutState.go,
                refused=CheckoutState.refused,
                error=CheckoutState.payment_error,
                classes=PAYMENT_CLASSES,
                on_press=CheckoutState.press_pay,
                on_shown=CheckoutState.payment_shown,
                on_failed=CheckoutState.payment_failed,
            ),
            class_name=STEP,
        ),
    )


def _sign_in_first() -> rx.Component:
    return empty_state(
        "user",
        "Sign in to check out",
        "This store takes orders from account holders. Your cart comes along.",
        link_button("Sign in", href="/login?next=/checkout"),
        link_button("Create an account", href="/register?next=/checkout", kind="secondary"),
        level="h1",
    )


def _title() -> rx.Var[str]:
    is_wrong = (CheckoutState.problems.length() > 0) | (CheckoutState.message != "")
    return rx.cond(~CheckoutState.is_paying & is_wrong, "Error: Checkout", "Checkout")


def checkout() -> rx.Component:
    """Who, where to, and the payment, on one page."""
    view = CheckoutState.view
    filled = rx.fragment(
        rx.el.h1("Checkout", class_name=f"{ui.H1} mb-6 lg:mb-8"),
        summary_fold(view),
        rx.el.div(
            rx.el.div(
                rx.cond(
                    view.notices.length() > 0,
                    note(rx.el.ul(rx.foreach(view.notices, rx.el.li)), tone="warning", role="status"),
                    None,
                ),
                rx.cond(CheckoutState.is_paying, _payment(), _delivery()),
                class_name="min-w-0",
            ),
            summary_aside(view),
            class_name="grid gap-8 lg:grid-cols-[1fr_24rem] lg:gap-14",
        ),
        changes_dialog(CheckoutState.changes, CheckoutState.accept_changes),
    )
    empty = empty_state(
        "bag",
        "Nothing to check out",
        "Your cart is empty. Put something in and come back.",
        link_button("Continue shopping", href="/products"),
        level="h1",
    )
    settling = empty_state(
        "clock",
        "Your bank is confirming the payment",
        "This can take some days. We keep your items and write to you. Until then this cart cannot be paid again.",
        link_button("See where it stands", href=f"{SUCCESS}?checkout=" + view.processing_id),
        link_button("Continue shopping", href="/products", kind="secondary"),
        level="h1",
    )
    return focused_page(
        rx.cond(
            view.processing_id,
            settling,
            rx.cond(
                view.is_empty,
                empty,
                rx.cond(view.is_signed_in | view.guest_allowed, filled, _sign_in_first()),
            ),
        ),
        loaded=CheckoutState.loaded,
        title=_title(),
        fallback=rx.fragment(rx.el.h1("Checkout", class_name=ui.H1), lines_skeleton()),
    )


def success() -> rx.Component:
    """From "confirming" to the order number, by itself."""
    return shop_page(
        confirmation_page(
            SuccessState.status,
            confirmation(
                SuccessState.status,
                is_missing=SuccessState.is_missing,
                is_slow=SuccessState.is_slow,
                has_failed=SuccessState.has_failed,
                is_signed_in=ShellState.user_name != "",
            ),
        ),
        loaded=SuccessState.loaded,
        title=rx.cond(
            SuccessState.status.order_number,
            "Thank you",
            rx.cond(SuccessState.has_failed, "Payment failed", "Confirming your order"),
        ),
        fallback=rx.fragment(rx.el.h1("Confirming your order", class_name=ui.H1), lines_skeleton(1)),
    )
