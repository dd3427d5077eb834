"""What is back is told to those who wait for it, once each, and to nobody who said no."""

import asyncio
from typing import Any

from shophub.db import AsyncSession, transaction
from shophub.domain.emails import email_key
from shophub.domain.statuses import ProductStatus
from shophub.jobs import notices, worker
from shophub.models.accounts import User
from shophub.models.catalog import Product, Variant
from shophub.models.community import StockAlert, Wishlist, WishlistItem
from shophub.services import back_in_stock
from shophub.settings import get_settings
from tests.factories import make_product, make_user, variants_of
from tests.jobs.conftest import Mailbox, jobs
from tests.jobs.goods import NASTY, address, product_of, run, set_stock


async def ask(session: AsyncSession, variant: Variant, email: str, user: User | None = None) -> StockAlert:
    alert = StockAlert(
        variant_id=variant.id, email=email, email_key=email_key(email), user_id=user.id if user else None
    )
    session.add(alert)
    await session.flush()
    return alert


async def wish(session: AsyncSession, product: Product, **values: Any) -> User:
    user = await make_user(session, email=address(), **values)
    wishlist = Wishlist(user_id=user.id)
    session.add(wishlist)
    await session.flush()
    session.add(WishlistItem(wishlist_id=wishlist.id, product_id=product.id, added_price_minor=2_000))
    await session.flush()
    return user


async def test_back_in_stock_reaches_who_asked_and_who_wishes_once_each(mailbox: Mailbox) -> None:
    async with transaction() as session:
        lamp, variant = await product_of(session, name=NASTY, slug="desk-lamp", stock=0)
        asker = address()
        await ask(session, variant, asker)
        wisher = await wish(session, lamp)
        both = await wish(session, lamp)
        await ask(session, variant, both.email, both)
    await notices.tell_back_in_stock()
    assert await jobs() == []

    await set_stock(variant, 2)
    for _ in range(2):
        await notices.tell_back_in_stock()
    await worker.run_due()

    for email in (asker, wisher.email, both.email):
        (message,) = await mailbox.to(email)
        assert message["subject"] == f"Back in stock: {NASTY}"
        assert f"{get_settings().public_url}/products/desk-lamp" in message["text"]
        assert "$20.00" in message["html"]
        assert "<script" not in message["html"]
        assert message["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        unsubscribe = message["headers"]["List-Unsubscribe"].strip("<>")
        assert unsubscribe.startswith(f"{get_settings().public_url}/unsubscribe?token=stock.")
        assert f'href="{unsubscribe}"' in message["html"]
        assert unsubscribe in message["text"]
    assert "wishlist" in (await mailbox.to(wisher.email))[0]["text"]

    await set_stock(variant, 0)
    await notices.tell_back_in_stock()
    await set_stock(variant, 1)
    await notices.tell_back_in_stock()
    await worker.run_due()

    assert len(await mailbox.to(asker)) == 1  # asked once, told once
    assert len(await mailbox.to(wisher.email)) == 2  # wishes on, and it was sold out again


async def test_goods_in_somebodys_checkout_are_neither_back_nor_sold_out(mailbox: Mailbox) -> None:
    async with transaction() as session:
        lamp, variant = await product_of(session, stock=0)
        asker = address()
        await ask(session, variant, asker)
        wisher = await wish(session, lamp)
        held_product, held = await product_of(session, stock=1)
        other = await wish(session, held_product)
    await set_stock(held, 1, reserved=1)
    await notices.tell_back_in_stock()
    await set_stock(variant, 1, reserved=1)
    await set_stock(held, 1)
    await notices.tell_back_in_stock()
    assert await jobs() == []

    await set_stock(variant, 1)
    await notices.tell_back_in_stock()
    await worker.run_due()

    assert [len(await mailbox.to(email)) for email in (asker, wisher.email, other.email)] == [1, 1, 0]


async def test_wisher_hears_of_the_product_once_though_several_variants_come_back(mailbox: Mailbox) -> None:
    async with transaction() as session:
        shirt = await make_product(session, options={"Size": ["S", "M"]}, stock=0)
        small, medium = await variants_of(session, shirt)
        wisher = await wish(session, shirt)
    await notices.tell_back_in_stock()

    await set_stock(medium, 1)
    await notices.tell_back_in_stock()
    await set_stock(small, 1)
    await notices.tell_back_in_stock()
    await worker.run_due()

    (message,) = await mailbox.to(wisher.email)
    assert "Size: M" in message["text"]
    assert "?size=M" in message["text"]


async def test_who_said_no_or_left_and_what_is_off_sale_is_not_written_about(mailbox: Mailbox) -> None:
    async with transaction() as session:
        lamp, variant = await product_of(session, stock=0)
        unsubscribed, left = await wish(session, lamp), await wish(session, lamp, is_active=False)
        unsubscribed.accepts_stock_mails = False
        session.add(unsubscribed)
        archived, gone = await product_of(session, stock=0, status=ProductStatus.ARCHIVED)
        asker, wisher = address(), await wish(session, archived)
        await ask(session, gone, asker)
    await notices.tell_back_in_stock()
    await set_stock(variant, 1)
    await set_stock(gone, 1)

    await notices.tell_back_in_stock()
    assert await jobs() == []

    people = (unsubscribed.email, left.email, asker, wisher.email)
    assert [await mailbox.to(email) for email in people] == [[], [], [], []]


async def test_store_without_wishlists_writes_to_who_asked_only(mailbox: Mailbox) -> None:
    async with transaction() as session:
        lamp, variant = await product_of(session, stock=0)
        wisher, asker = await wish(session, lamp), address()
        await ask(session, variant, asker)
    await notices.tell_back_in_stock()
    await run("UPDATE store_settings SET wishlist_enabled = false")
    await set_stock(variant, 1)
    await notices.tell_back_in_stock()
    await worker.run_due()

    assert [len(await mailbox.to(email)) for email in (asker, wisher.email)] == [1, 0]


async def test_of_eight_workers_at_once_one_tells_each_that_it_is_back(database: str) -> None:
    async with transaction() as session:
        lamp, variant = await product_of(session, stock=0)
        for _ in range(3):
            await ask(session, variant, address())
            await wish(session, lamp)
    await notices.tell_back_in_stock()
    await set_stock(variant, 5)

    await asyncio.gather(*(notices.tell_back_in_stock() for _ in range(8)))

    assert len(await jobs()) == 6
    assert await run("SELECT count(*), count(DISTINCT email_key) FROM stock_alerts WHERE notified_at IS NOT NULL") == [
        (6, 6)
    ]


async def test_who_is_just_being_told_by_another_worker_is_passed_by(database: str) -> None:
    async with transaction() as session:
        lamp, variant = await product_of(session, stock=0)
        await ask(session, variant, address())
        await wish(session, lamp)
    await notices.tell_back_in_stock()
    await set_stock(variant, 5)

    async with transaction() as first, transaction() as second:
        told = await back_in_stock.tell_waiting(first), await back_in_stock.tell_waiting(second)

    assert told == (2, 0)
    assert len(await jobs()) == 2


async def test_unsubscribing_while_the_mail_waits_stops_it(mailbox: Mailbox) -> None:
    async with transaction() as session:
        lamp, variant = await product_of(session, stock=0)
        wisher = await wish(session, lamp)
    await notices.tell_back_in_stock()
    await set_stock(variant, 1)
    await notices.tell_back_in_stock()
    await run("UPDATE users SET accepts_stock_mails = false")

    await worker.run_due()

    assert await mailbox.to(wisher.email) == []
    assert await jobs() == []
