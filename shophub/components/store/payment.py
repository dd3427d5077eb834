"""Stripe's Payment Element."""

import reflex as rx

from shophub.lib import ui_classes as ui

PAYMENT_CLASSES = {
    "waiting": "skeleton min-h-64 rounded-lg",
    "error": "mt-3 font-medium text-danger empty:hidden",
    "button": f"{ui.BUTTON_LARGE} mt-5 w-full",
    "blocked": f"{ui.NOTE_DANGER} grid gap-3",
    "retry": f"{ui.BUTTON_SECONDARY} w-fit",
}


HOLD_CLASSES = {
    "held": "mb-5 flex items-start gap-2.5 rounded-md bg-sunken px-4 py-3 text-sm text-ink-2",
    "hurry": "mb-5 flex items-start gap-2.5 rounded-md bg-warning-soft px-4 py-3 text-sm text-warning",
    "over": "mb-5 flex items-start gap-2.5 rounded-md bg-warning-soft px-4 py-3 text-sm text-warning",
    "icon": "size-5 shrink-0",
    "text": "flex-1",
    "left": "shrink-0 font-semibold tnum",
}
HOLD_TEXTS = {
    "held": "We hold your items for you until {time}.",
    "hurry": "We hold your items for you until {time}. After that somebody else may buy them.",
    "over": "We hold your items no longer. Press Pay to have them held again, if they are still there.",
}


class HoldTimer(rx.NoSSRComponent):
    """See ``assets/hold_timer.jsx``: until when the shopper's items are held, in their own time."""

    library = "$/public/hold_timer.jsx"
    tag = "HoldTimer"
    until: rx.Var[str]
    seconds: rx.Var[int]
    texts: rx.Var[dict[str, str]]
    classes: rx.Var[dict[str, str]]
    icon: rx.Var[str]
    on_renew: rx.EventHandler[rx.event.no_args_event_spec]


class StripePayment(rx.NoSSRComponent):
    """See ``assets/stripe_payment.jsx``. In a chunk of its own that only the checkout loads."""

    library = "$/public/stripe_payment.jsx"
    tag = "StripePayment"
    lib_dependencies: list[str] = ["@stripe/react-stripe-js@7.0.1", "@stripe/stripe-js@10.2.1"]  # noqa: RUF012 - Reflex's
    publishable_key: rx.Var[str]
    client_secret: rx.Var[str]
    script_url: rx.Var[str]
    amount_text: rx.Var[str]
    return_path: rx.Var[str]
    go: rx.Var[int]
    refused: rx.Var[int]
    error: rx.Var[str]
    classes: rx.Var[dict[str, str]]
    on_press: rx.EventHandler[rx.event.no_args_event_spec]
    on_shown: rx.EventHandler[rx.event.no_args_event_spec]
    on_failed: rx.EventHandler[rx.event.passthrough_event_spec(str)]
