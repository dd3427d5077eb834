"""What schemathesis is told beside the description: which requests would end its run early, and how refusals look."""

import json
import os
from typing import Any

import httpx
import schemathesis

CALLER = os.environ.get("CONTRACT_EMAIL", "")
PASSWORD = os.environ.get("CONTRACT_PASSWORD", "")
# What closes the store, or asks its staff for a second factor that these callers do not have.
KEPT_OFF = ("maintenanceEnabled", "adminTwoFactorRequired")
# Rules between fields, or about their meaning, that no schema says: the fields which they may call invalid.
# NUL, which no schema can keep out of all texts.
NO_TEXT = "holds a character that is none"
_PRODUCT = (
    "category",
    "options",
    "variants",
    "compareAtPrice",
    "images",
    "image",
    "price",
    "stock",
    "sku",
    "slug",
    "tags",
)
_ADDRESS = ("zipCode", "state", "country", "phone", "address", "city", "fullName")
_COUPON = ("discountValue", "maxAmount", "maxUsesPerCustomer", "applicableCategories", "startDate", "endDate", "code")
RULES: dict[str, tuple[str, ...]] = {
    "post_register": ("password", "fullName", "email"),  # a password that others would try first, or made of the name
    "post_accept_invite": ("password", "fullName"),
    "post_admin_product": _PRODUCT,  # categories that there are; of what has variants, each says its own
    "put_admin_product": _PRODUCT,
    "patch_admin_product": _PRODUCT,
    "patch_admin_order": ("", "trackingUrl"),  # a parcel belongs to one step only
    "put_profile": ("fullName",),  # one line of text
    "post_address": _ADDRESS,  # as the country writes them
    "put_address": _ADDRESS,
    "post_checkout": ("shippingInfo", *_ADDRESS),
    "post_coupon": _COUPON,  # what fits the kind of discount, and ends after it starts
    "patch_coupon": _COUPON,
    "get_admin_orders": ("to",),
    "get_audit_log": ("to",),
    "get_analytics": ("from", "to", "preset"),  # both days, in this order, or neither
    "put_settings": ("shipToCountries", "currency", "logo", "shippingFee", "freeShippingThreshold"),
}


class Token:
    """Signs requests. Signing out gets a session of its own, so that the caller's lasts to the end."""

    def get(self, case: Any, _context: Any) -> str:
        """Return the token for a request."""
        is_end = case.operation.path == "/api/auth/signout"
        return _sign_in(case.operation.base_url) if is_end else os.environ["CONTRACT_TOKEN"]

    def set(self, case: Any, data: str, _context: Any) -> None:
        """Send it."""
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


if CALLER:
    schemathesis.auth(refresh_interval=None)(Token)


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
    """Keep the store open, and its staff able to work in it."""
    if case.path == "/api/admin/settings" and isinstance(case.body, dict):
        case.body |= {name: False for name in KEPT_OFF if case.body.get(name) is True}


def _sign_in(url: str) -> str:
    answer = httpx.post(f"{url.rstrip('/')}/api/auth/signin", json={"email": CALLER, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["token"])


@schemathesis.check
def refusals_are_the_described_ones(_context: Any, response: Any, case: Any) -> None:
    """Each refusal has one of the codes that the description names for its status.

    What the description calls valid is refused for a reason of the operation's own; only where a rule cannot be said in
    a schema may it be called invalid, and then the answer names the field.
    """
    if response.status_code < 400 or response.status_code == 405:
        return
    described = case.operation.definition.raw["responses"].get(str(response.status_code), {})
    error = json.loads(response.content)
    if "code" not in error and "status" in error:  # how the parts of the store are, while one of them is not well
        return
    codes = described.get("content", {}).get("application/json", {}).get("examples", {})
    assert error["code"] in codes, f"{response.status_code} {error['code']} is not described"
    if response.status_code == 400 and error["code"] == "invalid_data" and _is_valid(case):
        rule = RULES.get(case.operation.definition.raw["operationId"], ())
        fields = {one["field"].split(".")[0] for one in error["details"] if not one["message"].endswith(NO_TEXT)}
        assert fields <= set(rule), f"called invalid though the description allows it: {error['details']}"


def _is_valid(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive
