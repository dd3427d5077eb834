"""Who agreed to it is reminded of a cart: once per content, and never after buying."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from shophub.api.app import create_api
from shophub.db import AsyncSession, transaction
from shophub.jobs import notices, worker
from shophub.lib.clock import utc_now
from shophub.models.accounts import User
from shophub.models.carts import Cart
from shophub.models.catalog import Variant
from shophub.services import abandoned_carts
from shophub.services.emails.outbox import EmailKind
from shophub.services.flows.send_email import send_email
from shophub.settings import get_settings
from tests.factories import make_cart, make_order, make_user, make_variant
from tests.jobs.conftest import Mailbox, jobs, make_due
from tests.jobs.goods import NASTY, address, product_of, run, set_stock


async def left_cart(
    session: AsyncSession,
    *,
    hours: int = 5,
    agrees: bool = True,
    verified: bool = True,
    stock: int = 5,
    name: str = "Lamp",
) -> tuple[User, Cart, Variant]:
    user = await make_user(session, email=address(), full_name="Ada <b>Shopper</b>", verified=verified)
    user.accepts_marketing = agrees
    _, variant = await product_of(session, name=name, stock=stock)
    cart = await make_cart(session, user=user, lines=[(variant, 2)])
    session.add(user)
    await session.flush()
    await age(session, cart, hours)
    return user, cart, variant


async def age(session: AsyncSession, cart: Cart, hours: int) -> None:
    at = utc_now() - timedelta(hours=hours)
    await session.execute(
        text("UPDATE cart_lines SET created_at = :at, updated_at = :at WHERE cart_id = :id"), {"id": cart.id, "at": at}
    )


async def test_cart_is_reminded_of_once_per_content(mailbox: Mailbox) -> None:
    async with transaction() as session:
        user, cart, _ = await left_cart(session, name=NASTY)
    for _ in range(2):
        await notices.remind_of_carts()
    await worker.run_due()
    await send_email(EmailKind.ABANDONED_CART, cart.id)

    (message,) = await mailbox.to(user.email)

    assert message["subject"] == "You left something in your cart at ShopHub"
    assert f"{get_settings().public_url}/cart" in message["text"]
    assert f"2 × {NASTY}" in message["text"]
    assert "<script" not in message["html"]
    assert "<b>" not in message["html"]
    assert message["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    await run("UPDATE cart_lines SET updated_at = now() - interval '4 hours 40 minutes'")  # changed, and changed back
    await notices.remind_of_carts()
    assert await jobs() == []

    await run("UPDATE cart_lines SET quantity = 3, updated_at = now() - interval '4 hours 30 minutes'")
    await notices.remind_of_carts()
    await worker.run_due()
    assert len(await mailbox.to(user.email)) == 2


async def test_taking_something_out_is_no_reason_for_another_reminder(mailbox: Mailbox) -> None:
    async with transaction() as session:
        user, cart, _ = await left_cart(session)
        extra = await make_variant(session)
        await make_line(session, cart, extra)
        await age(session, cart, 5)
    await notices.remind_of_carts()
    await worker.run_due()
    await run("DELETE FROM cart_lines WHERE variant_id = :id", id=extra.id)

    await notices.remind_of_carts()
    await worker.run_due()

    assert len(await mailbox.to(user.email)) == 1


async def make_line(session: AsyncSession, cart: Cart, variant: Variant) -> None:
    await session.execute(
        text("""INSERT INTO cart_lines (id, cart_id, variant_id, quantity, added_price_minor)
                VALUES (:id, :cart_id, :variant_id, 1, 2000)"""),
        {"id": uuid4(), "cart_id": cart.id, "variant_id": variant.id},
    )


@pytest.mark.parametrize(
    "values",
    [{"agrees": False}, {"verified": False}, {"hours": 3}, {"hours": 24 * 8}],
    ids=["never agreed", "address unverified", "still shopping", "long forgotten"],
)
async def test_cart_is_left_alone(mailbox: Mailbox, values: dict[str, Any]) -> None:
    async with transaction() as session:
        user, _, _ = await left_cart(session, **values)

    await notices.remind_of_carts()
    await worker.run_due()

    assert await mailbox.to(user.email) == []
    assert await jobs() == []


@pytest.mark.parametrize("as_guest", [False, True])
@pytest.mark.parametrize("is_queued", [False, True])
async def test_who_bought_meanwhile_is_not_reminded(mailbox: Mailbox, is_queued: bool, as_guest: bool) -> None:
    async with transaction() as session:
        user, _, _ = await left_cart(session)
    if is_queued:
        await notices.remind_of_carts()
        assert len(await jobs()) == 1
    async with transaction() as session:
        await make_order(session, **({"email": user.email.upper()} if as_guest else {"user": user}))

    await notices.remind_of_carts()
    await worker.run_due()

    assert await mailbox.to(user.email) == []


async def test_who_is_paying_is_not_reminded(mailbox: Mailbox) -> None:
    async with transaction() as session:
        user, cart, _ = await left_cart(session)
    await run(
        """INSERT INTO checkouts (id, cart_id, email, email_key, status, currency, opened_at, expires_at)
           VALUES (:id, :cart_id, 'a@example.com', 'a@example.com', 'open', 'USD', now(), now())""",
        id=uuid4(),
        cart_id=cart.id,
    )

    await notices.remind_of_carts()

    assert await jobs() == []
    assert await mailbox.to(user.email) == []


async def test_cart_with_nothing_left_to_buy_is_not_written_about(mailbox: Mailbox) -> None:
    async with transaction() as session:
        user, _, variant = await left_cart(session)
    await set_stock(variant, 0)
    await notices.remind_of_carts()

    await worker.run_due()

    assert await mailbox.to(user.email) == []
    assert await jobs() == []


async def test_of_eight_workers_at_once_one_reminds(database: str) -> None:
    async with transaction() as session:
        for _ in range(3):
            await left_cart(session)

    await asyncio.gather(*(notices.remind_of_carts() for _ in range(8)))

    assert len(await jobs()) == 3


async def test_cart_that_another_worker_or_its_owner_has_in_hand_is_passed_by(database: str) -> None:
    async with transaction() as session:
        _, cart, _ = await left_cart(session)

    async with transaction() as first, transaction() as second:
        told = await abandoned_carts.remind(first, utc_now()), await abandoned_carts.remind(second, utc_now())
    assert told == (1, 0)

    await run("UPDATE carts SET reminded_of = NULL")
    async with transaction() as owner, transaction() as job:
        await owner.execute(text("SELECT 1 FROM carts WHERE id = :id FOR NO KEY UPDATE"), {"id": cart.id})
        assert await abandoned_carts.remind(job, utc_now()) == 0


async def test_link_of_the_reminder_ends_reminders(mailbox: Mailbox) -> None:
    async with transaction() as session:
        user, cart, _ = await left_cart(session)
    await notices.remind_of_carts()
    await worker.run_due()
    (message,) = await mailbox.to(user.email)
    link = message["headers"]["List-Unsubscribe"].strip("<>")

    transport = httpx.ASGITransport(create_api())
    async with httpx.AsyncClient(transport=transport) as mail_program:
        answer = await mail_program.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200

    await run("UPDATE cart_lines SET quantity = 4, updated_at = now() - interval '4 hours 30 minutes'")
    await notices.remind_of_carts()
    await send_email(EmailKind.ABANDONED_CART, cart.id)
    assert await jobs() == []
    assert len(await mailbox.to(user.email)) == 1


async def test_reminder_while_resend_is_down_is_sent_once_it_is_up(mailbox: Mailbox) -> None:
    async with transaction() as session:
        user, _, _ = await left_cart(session)
    await notices.remind_of_carts()
    await mailbox.fail(count=1, status=500)
    for _ in range(3):
        await worker.run_due()
        await make_due()

    assert len(await mailbox.to(user.email)) == 1
    assert await jobs() == []
