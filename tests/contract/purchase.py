"""Buys something with the typed client that was made from the description, and prints the order as the client read it.

Run as a module with the client's folder on the path: its types do not exist before they are made.
"""

import json
import sys

import httpx
from shop_client import AuthenticatedClient, Client
from shop_client.api.cart import get_cart, post_cart_item
from shop_client.api.catalog import get_products
from shop_client.api.checkout import post_checkout, post_test_order
from shop_client.api.orders import get_order
from shop_client.api.signing_in import post_sign_in
from shop_client.models import (
    CartItemForm,
    CartOut,
    CheckoutForm,
    CheckoutRef,
    ErrorOut,
    OrderedOut,
    OrderOut,
    ProductsOut,
    ShippingInfo,
    SignedInOut,
    SignInForm,
    StartedOut,
)

ADDRESS = ShippingInfo(
    full_name="Jane Doe", address="1 Market Street", city="San Francisco", state="CA", zip_code="94105",
    country="US", phone="+1 415 555 0100",
)  # fmt: skip


def buy(url: str, email: str, password: str) -> OrderOut:
    """Sign in, look, fill the cart, check out, pay with a test card, and read the order."""
    signed_in = post_sign_in.sync(client=Client(base_url=url), body=SignInForm(email=email, password=password))
    assert isinstance(signed_in, SignedInOut)
    client = AuthenticatedClient(base_url=url, token=signed_in.token)

    page = get_products.sync(client=client, q="headphones")
    assert isinstance(page, ProductsOut)
    product = page.items[0]
    added = post_cart_item.sync(client=client, body=CartItemForm(id=product.id, quantity=2), idempotency_key="buy-1")
    assert isinstance(added, CartOut)
    assert added.total == 2 * product.price

    started = post_checkout.sync(client=client, body=CheckoutForm(shipping_info=ADDRESS))
    assert isinstance(started, StartedOut)
    _pay(url, started.client_secret)
    ordered = post_test_order.sync(client=client, body=CheckoutRef(checkout_id=started.checkout_id))
    assert isinstance(ordered, OrderedOut)

    emptied = get_cart.sync(client=client)
    assert isinstance(emptied, CartOut)
    assert emptied.items == []
    missing = get_order.sync("SH-NONE", client=client)
    assert isinstance(missing, ErrorOut)
    assert missing.code == "order_not_found"
    order = get_order.sync(ordered.order_number, client=client)
    assert isinstance(order, OrderOut)
    return order


def _pay(url: str, secret: str) -> None:
    """Do what Stripe's own client does with the secret, at the stand-in."""
    intent = secret.split("_secret_")[0]
    answer = httpx.post(
        f"{url}/sandbox/stripe/v1/payment_intents/{intent}/confirm",
        data={"payment_method": "pm_card_visa", "client_secret": secret, "key": "pk_test_sandbox"},
    )
    assert answer.json()["status"] == "succeeded", answer.text


if __name__ == "__main__":
    sys.stdout.write(json.dumps(buy(*sys.argv[1:]).to_dict()))
