"""PaymentIntents, up to their confirmation: https://docs.stripe.com/api/payment_intents."""

from typing import Any

from psycopg.sql import SQL, Composable, Literal

from shophub.sandbox.stripe import objects, payment_methods
from shophub.sandbox.stripe.currencies import MAXIMUM, MINIMUMS, SUPPORTED, display, has_chargeable_digits
from shophub.sandbox.stripe.errors import invalid, unexpected_state
from shophub.sandbox.stripe.ids import new_id, now, random_part
from shophub.sandbox.stripe.objects import Record
from shophub.sandbox.stripe.params import Params
from shophub.sandbox.stripe.payments import confirm_intent
from shophub.sandbox.stripe.shipping import shipping_of
from shophub.sandbox.stripe.views import client_view
from shophub.sandbox.stripe.work import Call, emit

UPDATABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
CANCELABLE = ("requires_payment_method", "requires_capture", "requires_confirmation", "requires_action")
_CONFIRM_PARAMS = (
    "payment_method",
    "payment_method_data",
    "payment_method_options",
    "return_url",
    "receipt_email",
    "shipping",
    "off_session",
    "use_stripe_sdk",
    "error_on_requires_action",
    "mandate_data",
    "setup_future_usage",
    # what stripe.js sends along
    "expected_payment_method_type",
    "client_context",
    "confirmation_token",
)
_CREATE_PARAMS = (
    "amount",
    "currency",
    "automatic_payment_methods",
    "payment_method_types",
    "metadata",
    "description",
    "confirm",
    "capture_method",
    "confirmation_method",
    "statement_descriptor",
    *_CONFIRM_PARAMS,
)
_NULL_AT_FIRST = (
    "allowed_payment_method_types",
    "application",
    "application_fee_amount",
    "canceled_at",
    "cancellation_reason",
    "customer",
    "customer_account",
    "excluded_payment_method_types",
    "last_payment_error",
    "latest_charge",
    "next_action",
    "on_behalf_of",
    "payment_method",
    "processing",
    "review",
    "source",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
)


def _amount(params: Params, currency: str) -> int:
    params.required("amount")
    amount = params.integer("amount") or 0
    if amount < 1:
        raise invalid(
            "This value must be greater than or equal to 1.", code="parameter_invalid_integer", param="amount"
        )
    minimum = MINIMUMS.get(currency, 1)
    if amount < minimum:
        raise invalid(
            f"Amount must be at least {display(minimum, currency)} {currency}",
            code="amount_too_small",
            param="amount",
        )
    if amount > MAXIMUM:
        raise invalid(
            f"Amount must be no more than {display(MAXIMUM, currency)}", code="amount_too_large", param="amount"
        )
    if not has_chargeable_digits(amount, currency):
        raise invalid(f"The last digit of an amount in {currency} must be 0.", param="amount")
    return amount


def _currency(params: Params) -> str:
    currency = params.required("currency").lower()
    if currency not in SUPPORTED:
        raise invalid(
            f"Invalid currency: {currency}. Stripe currently supports these currencies: "
            + ", ".join(sorted(SUPPORTED)),
            param="currency",
        )
    return currency


def _method_types(params: Params, currency: str) -> tuple[list[str], dict[str, Any] | None]:
    """Return the intent's payment method types, chosen by Stripe or named by the caller."""
    automatic = params.inner("automatic_payment_methods")
    named = params.strings("payment_method_types")
    enabled = automatic is not None and automatic.boolean("enabled")
    if automatic is not None:
        automatic.only("enabled", "allow_redirects")
    if named and enabled:
        raise invalid("You may only specify one of these parameters: automatic_payment_methods, payment_method_types.")
    if named:
        unknown = [name for name in named if name not in ("card", "us_bank_account")]
        if unknown:
            raise invalid(
                f"The payment method type provided: {unknown[0]} is invalid.",
                code="payment_intent_invalid_parameter",
                param="payment_method_types",
            )
        return named, None
    redirects = (automatic.text("allow_redirects") if automatic is not None else None) or "always"
    types = ["card", "us_bank_account"] if currency == "usd" else ["card"]
    return types, {"allow_redirects": redirects, "enabled": True}


def _new_body(params: Params) -> dict[str, Any]:
    currency = _currency(params)
    amount = _amount(params, currency)
    types, automatic = _method_types(params, currency)
    if params.choice("capture_method", ("automatic", "automatic_async", "manual")) == "manual":
        raise invalid("This sandbox captures at once: capture_method manual is not supported.", param="capture_method")
    intent_id = new_id("pi")
    return {
        **dict.fromkeys(_NULL_AT_FIRST),
        "id": intent_id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "automatic_payment_methods": automatic,
        "capture_method": params.text("capture_method") or "automatic_async",
        "client_secret": f"{intent_id}_secret_{random_part(25)}",
        "confirmation_method": params.choice("confirmation_method", ("automatic", "manual")) or "automatic",
        "created": now(),
        "currency": currency,
        "description": params.text("description"),
        "livemode": False,
        "metadata": params.metadata({}),
        "payment_method_configuration_details": None if automatic is None else {"id": "pmc_sandbox", "parent": None},
        "payment_method_options": {
            "card": {"installments": None, "network": None, "request_three_d_secure": "automatic"}
        },
        "payment_method_types": types,
        "receipt_email": params.text("receipt_email"),
        "setup_future_usage": params.choice("setup_future_usage", ("on_session", "off_session")),
        "shipping": shipping_of(params),
        "statement_descriptor": params.text("statement_descriptor"),
        "status": "requires_payment_method",
    }


async def create(call: Call) -> dict[str, Any]:
    """POST /v1/payment_intents; with ``confirm=true`` it is confirmed in the same step."""
    params = call.params
    params.only(*_CREATE_PARAMS)
    intent = Record("payment_intent", _new_body(params))
    intent.payment_intent = intent.id
    await objects.insert(call.connection, intent)
    await emit(call.work, "payment_intent.created", intent.body)
    if params.boolean("confirm"):
        await confirm_intent(call.work, intent, params, client=False)
    else:
        await _attach_method(call, intent, params)
        await objects.save(call.connection, intent)
    return intent.body


async def retrieve(call: Call) -> dict[str, Any]:
    """GET /v1/payment_intents/:id, with the secret key, or the publishable one and the client secret."""
    call.params.only("client_secret")
    intent = await objects.get(call.connection, "payment_intent", call.path["id"], param="intent")
    if call.publishable:
        check_client_secret(intent, call.params)
        return client_view(intent.body)
    return intent.body


def check_client_secret(intent: Record, params: Params) -> None:
    """Refuse a browser that does not hold the intent's client secret.

    Raises:
        ApiError: It is missing or another intent's.
    """
    if params.required("client_secret") != intent.body["client_secret"]:
        raise invalid(
            "The client_secret provided does not match the client_secret associated with this PaymentIntent.",
            code="payment_intent_invalid_parameter",
            param="client_secret",
        )


async def update(call: Call) -> dict[str, Any]:
    """POST /v1/payment_intents/:id: amount, metadata and the rest change together or not at all."""
    params = call.params
    params.only(*(name for name in _CREATE_PARAMS if name != "confirm"))
    intent = await objects.get(call.connection, "payment_intent", call.path["id"], lock=True, param="intent")
    body = intent.body
    for name in params:
        if name not in ("metadata", "description") and body["status"] not in UPDATABLE:
            raise unexpected_state(
                f"This PaymentIntent's {name} could not be updated because it has a status of {body['status']}. You "
                f"may only update the {name} of a PaymentIntent with one of the following statuses: "
                f"{', '.join(UPDATABLE)}.",
                body,
            )
    if "currency" in params:
        body["currency"] = _currency(params)
    if "amount" in params or "currency" in params:
        amount = _amount(params if "amount" in params else Params({"amount": str(body["amount"])}), body["currency"])
        if body["status"] == "requires_action" and amount != body["amount"]:
            # The authentication under way was for the old amount: it must not pay the new one.
            body["status"], body["next_action"] = "requires_confirmation", None
        body["amount"] = amount
    body["metadata"] = params.metadata(body["metadata"])
    for name in ("description", "receipt_email", "statement_descriptor", "setup_future_usage"):
        if name in params:
            body[name] = params.text(name)
    if "shipping" in params:
        body["shipping"] = shipping_of(params)
    await _attach_method(call, intent, params)
    await objects.save(call.connection, intent)
    return body


async def _attach_method(call: Call, intent: Record, params: Params) -> None:
    data, method_id = params.inner("payment_method_data"), params.text("payment_method")
    if data is not None:
        method = await payment_methods.create_from(call.work, data)
    elif method_id is not None:
        method = await payment_methods.resolve(call.work, method_id)
    else:
        return
    intent.body["payment_method"] = method.id
    intent.body["status"], intent.body["next_action"] = "requires_confirmation", None


async def confirm(call: Call) -> dict[str, Any]:
    """POST /v1/payment_intents/:id/confirm, with the secret key, or the publishable one and the client secret."""
    params = call.params
    params.only(*_CONFIRM_PARAMS, "client_secret")
    intent = await objects.get(call.connection, "payment_intent", call.path["id"], lock=True, param="intent")
    if call.publishable:
        check_client_secret(intent, params)
    await confirm_intent(call.work, intent, params, client=call.publishable)
    return client_view(intent.body) if call.publishable else intent.body


async def cancel(call: Call) -> dict[str, Any]:
    """POST /v1/payment_intents/:id/cancel; from then on nothing can be paid with the intent."""
    call.params.only("cancellation_reason")
    reason = call.params.choice(
        "cancellation_reason", ("duplicate", "fraudulent", "requested_by_customer", "abandoned")
    )
    intent = await objects.get(call.connection, "payment_intent", call.path["id"], lock=True, param="intent")
    body = intent.body
    if body["status"] not in CANCELABLE:
        raise unexpected_state(
            f"You cannot cancel this PaymentIntent because it has a status of {body['status']}. Only a PaymentIntent "
            f"with one of the following statuses may be canceled: {', '.join(CANCELABLE)}.",
            body,
        )
    body.update(status="canceled", canceled_at=now(), cancellation_reason=reason, next_action=None)
    await objects.save(call.connection, intent)
    await emit(call.work, "payment_intent.canceled", body)
    return body


async def list_all(call: Call) -> dict[str, Any]:
    """GET /v1/payment_intents."""
    call.params.only("customer", "created", "limit", "starting_after", "ending_before")
    filters: list[Composable] = (
        [SQL("body->>'customer' = {}").format(Literal(name))] if (name := call.params.text("customer")) else []
    )
    body, _ = await objects.page(call.connection, "payment_intent", call.params, filters, "/v1/payment_intents")
    return body
