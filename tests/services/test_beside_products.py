"""What stands beside a product: bought together, looked at lately, and word when it is back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.statuses import OrderStatus
from shophub.errors import ProductNotFoundError
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id, token_hash
from shophub.repositories import upkeep
from shophub.schemas.accounts import Origin, UserView, Visitor
from shophub.schemas.search import TextPart
from shophub.services import accounts, back_in_stock, cards, catalog, stock_alerts, viewed
from tests.factories import make_category, make_order, make_product, make_user, variants_of

GUEST = "a-guest-who-looks-at-many-things"


async def test_related_products_are_those_bought_together_then_the_categorys(session: AsyncSession) -> None:
    shelf, elsewhere = await make_category(session), await make_category(session)
    lamp = await make_product(session, category=shelf, slug="the-lamp")
    seller = await make_product(session, category=shelf, sold_count=90)
    often = await make_product(session, category=elsewhere)
    once = await make_product(session, category=elsewhere)
    cancelled = await make_product(session, category=elsewhere)
    (of_lamp,) = await variants_of(session, lamp)
    for other, times, status in (
        (often, 3, OrderStatus.DELIVERED),
        (once, 1, OrderStatus.PROCESSING),
        (cancelled, 4, OrderStatus.CANCELLED),
    ):
        (of_other,) = await variants_of(session, other)
        for _ in range(times):
            await make_order(session, variants=[of_lamp, of_other], status=status)

    view = await catalog.get_product(session, "the-lamp", {})

    assert [card.id for card in view.related] == [str(often.id), str(once.id), str(seller.id)]


async def test_recently_viewed_is_ones_own_the_last_first_without_the_present_one(session: AsyncSession) -> None:
    first, second, third = [await make_product(session) for _ in range(3)]
    guest, other = Visitor(guest_token=GUEST), Visitor(guest_token=GUEST + "-another")
    for product in (first, second, third, first):
        await viewed.note(session, guest, product.id)

    cards = await viewed.list_recent(session, guest, but=third.id)

    assert [card.id for card in cards] == [str(first.id), str(second.id)]
    assert await viewed.list_recent(session, other) == ()
    await viewed.note(session, Visitor(), first.id)
    assert await viewed.list_recent(session, Visitor()) == ()


async def test_what_a_guest_viewed_is_the_accounts_after_signing_in(session: AsyncSession) -> None:
    first, second = await make_product(session), await make_product(session)
    user = await make_user(session)
    who = UserView(user.id, user.email, user.full_name, user.role, is_email_verified=True)
    await viewed.note(session, Visitor(guest_token=GUEST), first.id)
    await viewed.note(session, Visitor(user=who), first.id)
    await viewed.note(session, Visitor(guest_token=GUEST), second.id)

    await accounts.open_session(session, who, GUEST, Origin())

    recent = await viewed.list_recent(session, Visitor(user=who))
    assert [card.id for card in recent] == [str(second.id), str(first.id)]
    assert await viewed.list_recent(session, Visitor(guest_token=GUEST)) == ()


async def test_who_was_told_that_something_is_back_is_forgotten(session: AsyncSession) -> None:
    variant, now = (await variants_of(session, await make_product(session)))[0], utc_now()
    statement = text("""
        INSERT INTO stock_alerts (id, variant_id, email, email_key, notified_at) VALUES (:id, :variant, :who, :who, :at)
    """)
    told = {
        "old@shop.example": now - timedelta(days=31),
        "new@shop.example": now - timedelta(days=29),
        "waits@x.example": None,
    }
    for who, at in told.items():
        await session.execute(statement, {"id": new_id(), "variant": variant.id, "who": who, "at": at})

    gone = await upkeep.delete_expired(session, now)

    assert gone["stock_alerts"] == 1
    left = await session.execute(text("SELECT email FROM stock_alerts"))
    assert set(left.scalars()) == {"new@shop.example", "waits@x.example"}


async def test_old_views_are_forgotten(session: AsyncSession) -> None:
    product, now = await make_product(session), utc_now()
    statement = text("""
        INSERT INTO product_views (id, guest_token_hash, product_id, viewed_at) VALUES (:id, :hash, :product, :at)
    """)
    for age, token in ((91, "old"), (89, "new")):
        values = {"id": new_id(), "hash": token_hash(token), "product": product.id, "at": now - timedelta(days=age)}
        await session.execute(statement, values)

    gone = await upkeep.delete_expired(session, now)

    assert gone["product_views"] == 1


async def test_asking_twice_is_asking_once_and_brings_one_letter(session: AsyncSession) -> None:
    (variant,) = await variants_of(session, await make_product(session, stock=0))
    for address in ("ada@example.com", "Ada@Example.com"):
        await stock_alerts.ask(session, variant.id, address, Visitor())
    assert await back_in_stock.tell_waiting(session) == 0

    await session.execute(text("UPDATE variants SET stock = 5 WHERE id = :id"), {"id": variant.id})
    await session.execute(
        text("INSERT INTO stock_ledger (variant_id, delta, reason) VALUES (:id, 5, 'restock')"), {"id": variant.id}
    )

    assert await back_in_stock.tell_waiting(session) == 1
    assert await back_in_stock.tell_waiting(session) == 0


async def test_alert_belongs_to_the_account_only_where_the_address_is_its_own(session: AsyncSession) -> None:
    user = await make_user(session, email="ada@example.com")
    (variant,) = await variants_of(session, await make_product(session, stock=0))
    who = Visitor(user=UserView(user.id, user.email, user.full_name, user.role, is_email_verified=True))

    await stock_alerts.ask(session, variant.id, "ada@example.com", who)
    await stock_alerts.ask(session, variant.id, "friend@example.com", who)

    owners = await session.execute(text("SELECT email, user_id FROM stock_alerts ORDER BY email"))
    assert [tuple(row) for row in owners] == [("ada@example.com", user.id), ("friend@example.com", None)]


async def test_nobody_waits_for_what_is_not_there(session: AsyncSession) -> None:
    with pytest.raises(ProductNotFoundError):
        await stock_alerts.ask(session, new_id(), "ada@example.com", Visitor())


async def test_cards_follow_price_and_stock_and_keep_what_a_search_marked(session: AsyncSession) -> None:
    first, second = await make_product(session, name="Oak Lamp"), await make_product(session)
    (one, two) = await cards.read(session, [first.id, second.id])
    one = replace(one, name_parts=(TextPart("Oak", is_match=True), TextPart(" Lamp")))
    await session.execute(
        text("UPDATE variants SET price_minor = 999 WHERE product_id = ANY(:ids)"), {"ids": [first.id, second.id]}
    )

    ((new, same),) = await cards.refreshed(session, [str(first.id), str(new_id())], (one, two))

    assert (new.price_text, new.name_parts) == ("$9.99", one.name_parts)
    assert same == two


async def test_card_of_what_is_no_longer_sold_stays_and_says_so(session: AsyncSession) -> None:
    product = await make_product(session)
    (card,) = await cards.read(session, [product.id])
    await session.execute(text("UPDATE products SET status = 'archived' WHERE id = :id"), {"id": product.id})

    ((gone,),) = await cards.refreshed(session, [card.id], (card,))

    assert (gone.name, gone.stock_note, gone.is_available) == (card.name, "No longer sold", False)
