"""The copy of one's own data: all of one's own, nothing of anybody else, nothing secret."""

import json
from typing import Any

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.lib.clock import utc_now
from shophub.models.accounts import RecoveryCode, SecondFactor, User
from shophub.models.community import Review, StockAlert, Wishlist, WishlistItem
from shophub.models.orders import OrderEvent, OrderNote, Shipment
from shophub.services import account_data, sessions
from shophub.services.audit import Actor
from tests.factories import make_address, make_cart, make_order, make_product, make_user, variants_of


async def export(session: AsyncSession, user: User) -> dict[str, Any]:
    document = json.loads(await account_data.export(session, user.id, Actor(user.id)))
    assert isinstance(document, dict)
    return document


async def full_life(session: AsyncSession, user: User) -> None:
    """Give an account something of everything."""
    product = await make_product(session, name="Oak lamp")
    (variant,) = await variants_of(session, product)
    await make_address(session, user, is_default=True)
    order = await make_order(session, user=user, variants=[variant])
    session.add(OrderEvent(order_id=order.id, type="note", is_public=False, note="suspicious, watch"))
    session.add(OrderNote(order_id=order.id, body="rang twice, rude"))
    session.add(Shipment(order_id=order.id, carrier="UPS", tracking_number="1Z9", shipped_at=utc_now()))
    session.add(Review(product_id=product.id, user_id=user.id, author_name="Ada S.", rating=5, comment="Bright."))
    wishlist = Wishlist(user_id=user.id, share_token=f"share-{user.id}")
    session.add(wishlist)
    await session.flush()
    session.add(WishlistItem(wishlist_id=wishlist.id, product_id=product.id, added_price_minor=100))
    session.add(StockAlert(variant_id=variant.id, user_id=user.id, email=user.email, email_key=user.email))
    session.add(SecondFactor(user_id=user.id, secret_encrypted="sealed-secret", confirmed_at=utc_now()))
    session.add(RecoveryCode(user_id=user.id, code_hash="hash-of-a-code"))
    await make_cart(session, user=user, lines=[(variant, 3)])
    await sessions.start(session, user.id, user_agent="Firefox/140", network_address="192.0.2.9")
    await session.flush()


async def test_document_holds_all_of_ones_own(session: AsyncSession) -> None:
    user = await make_user(session, email="ada@example.com", full_name="Ada Lovelace")
    await full_life(session, user)

    document = await export(session, user)

    assert document["account"]["email"] == "ada@example.com"
    assert document["account"]["twoFactorSince"] is not None
    assert document["addresses"][0]["address"] == "1 Market Street"
    (order,) = document["orders"]
    assert (order["total"], order["currency"], order["items"][0]["name"]) == (5_000, "USD", "Desk Lamp")
    assert [event["type"] for event in order["events"]] == ["placed", "paid"]
    assert order["shipments"][0]["trackingNumber"] == "1Z9"
    assert document["reviews"][0] | {"createdAt": ""} == {
        "product": "Oak lamp",
        "rating": 5,
        "comment": "Bright.",
        "author": "Ada S.",
        "createdAt": "",
    }
    assert [one["product"] for one in document["wishlist"]] == ["Oak lamp"]
    assert [one["quantity"] for one in document["cart"]] == [3]
    assert [one["email"] for one in document["stockAlerts"]] == ["ada@example.com"]
    assert document["sessions"][0]["networkAddress"] == "192.0.2.9"


async def test_document_holds_no_secret_no_note_of_the_staff_and_nobody_else(session: AsyncSession) -> None:
    user = await make_user(session, password_hash="a-password-hash")
    other = await make_user(session, email="bob@example.com", full_name="Bob Other")
    await full_life(session, user)
    await full_life(session, other)
    await make_order(session, email="guest@example.com")

    written = json.dumps(await export(session, user))

    for secret in ("a-password-hash", "sealed-secret", "hash-of-a-code", "rude", "suspicious", "share-"):
        assert secret not in written
    for stranger in ("bob@example.com", "Bob Other", "guest@example.com", str(other.id)):
        assert stranger not in written


async def test_account_without_anything_gets_a_document_with_empty_lists(session: AsyncSession) -> None:
    user = await make_user(session)

    document = await export(session, user)

    assert {name for name, value in document.items() if value == []} == {
        "addresses",
        "orders",
        "reviews",
        "wishlist",
        "viewedProducts",
        "cart",
        "stockAlerts",
        "sessions",
    }
    logged = await session.execute(text("SELECT action FROM audit_log WHERE actor_id = :id"), {"id": user.id})
    assert logged.scalars().all() == ["user.export"]
