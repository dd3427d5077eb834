"""Wishlists: adding twice is adding once, links show them to others, and notes tell of lower prices."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import ProductStatus
from shophub.errors import FeatureOffError, WishlistFullError, WishlistNotFoundError
from shophub.lib.ids import new_token, token_hash
from shophub.repositories import wishlists as rows
from shophub.repositories.accounts import user_view
from shophub.schemas.accounts import Origin
from shophub.services import accounts, wishlists
from tests.factories import make_category, make_product, make_user


async def test_adding_and_removing_twice_is_the_same_as_once(session: AsyncSession) -> None:
    user, product = await make_user(session), await make_product(session)

    for _ in range(2):
        assert await wishlists.add(session, user.id, product.id) == (str(product.id),)
    for _ in range(2):
        assert await wishlists.remove(session, user.id, product.id) == ()


async def test_many_hearts_at_once_all_count(database: str) -> None:
    async with transaction() as session:
        user = await make_user(session)
        category = await make_category(session)
        products = [await make_product(session, category=category) for _ in range(8)]

    async def wish(product_id: UUID) -> None:
        async with transaction() as session:
            await wishlists.add(session, user.id, product_id)

    await asyncio.gather(*(wish(product.id) for product in products for _ in range(2)))

    async with transaction() as session:
        assert set(await wishlists.list_ids(session, user.id)) == {str(product.id) for product in products}


async def test_what_is_not_on_sale_is_not_wished_for(session: AsyncSession) -> None:
    user = await make_user(session)
    draft = await make_product(session, status=ProductStatus.DRAFT)

    assert await wishlists.add(session, user.id, draft.id) == ()


async def test_list_tells_of_lower_prices_and_of_what_can_go_into_the_cart(session: AsyncSession) -> None:
    user = await make_user(session)
    plain = await make_product(session, price_minor=2_000)
    optional = await make_product(session, options={"Size": ["S", "M"]})
    gone = await make_product(session, stock=0)
    for product in (plain, optional, gone):
        await wishlists.add(session, user.id, product.id)
    await session.execute(text("UPDATE variants SET price_minor = 1500 WHERE product_id = :id"), {"id": plain.id})

    view = await wishlists.get_own(session, user.id)

    first, second, third = view.items
    assert [one.card.id for one in view.items] == [str(gone.id), str(optional.id), str(plain.id)]
    assert (third.drop_text, bool(third.variant_id)) == ("$5.00 less than when you added it", True)
    assert (second.needs_choice, second.variant_id, second.drop_text) == (True, "", "")
    assert (first.needs_choice, first.variant_id) == (False, "")
    assert (view.total, view.more, view.shown_text) == (3, 0, "3 products")


async def test_known_failure_36_a_long_wishlist_comes_in_pages(session: AsyncSession) -> None:
    """Known failure 36: no list has pages. A wishlist comes 24 at a time, the newest wishes first."""
    user, category = await make_user(session), await make_category(session)
    for _ in range(30):
        await wishlists.add(session, user.id, (await make_product(session, category=category)).id)

    first, second = await wishlists.get_own(session, user.id), await wishlists.get_own(session, user.id, pages=2)

    assert (len(first.items), first.more, first.shown_text) == (24, 6, "Showing 24 of 30 products")
    assert (len(second.items), second.more) == (30, 0)
    assert second.items[:24] == first.items


async def test_link_shows_the_list_until_it_is_taken_back(session: AsyncSession) -> None:
    user = await make_user(session, full_name="Mara Lind")
    product = await make_product(session)
    await wishlists.add(session, user.id, product.id)

    url = await wishlists.share(session, user.id)
    assert await wishlists.share(session, user.id) == url
    token = url.rpartition("/")[2]
    shared = await wishlists.get_shared(session, token)
    assert (shared.owner, [one.card.id for one in shared.items]) == ("Mara", [str(product.id)])

    await wishlists.unshare(session, user.id)
    with pytest.raises(WishlistNotFoundError):
        await wishlists.get_shared(session, token)
    assert await wishlists.share(session, user.id) != url


@pytest.mark.parametrize("token", ["", "none", "x" * 43, "../../etc/passwd", "x" * 10_000])
async def test_unknown_links_open_nothing(session: AsyncSession, token: str) -> None:
    with pytest.raises(WishlistNotFoundError):
        await wishlists.get_shared(session, token)


async def test_lists_of_the_deactivated_are_not_shown(session: AsyncSession) -> None:
    user = await make_user(session)
    token = (await wishlists.share(session, user.id)).rpartition("/")[2]
    await session.execute(text("UPDATE users SET is_active = false WHERE id = :id"), {"id": user.id})

    with pytest.raises(WishlistNotFoundError):
        await wishlists.get_shared(session, token)


async def test_wishlists_switched_off_are_gone_and_refused(session: AsyncSession) -> None:
    user, product = await make_user(session), await make_product(session)
    token = (await wishlists.share(session, user.id)).rpartition("/")[2]
    await session.execute(text("UPDATE store_settings SET wishlist_enabled = false"))

    for refused in (
        wishlists.add(session, user.id, product.id),
        wishlists.remove(session, user.id, product.id),
        wishlists.get_own(session, user.id),
        wishlists.share(session, user.id),
        wishlists.unshare(session, user.id),
    ):
        with pytest.raises(FeatureOffError):
            await refused
    with pytest.raises(WishlistNotFoundError):
        await wishlists.get_shared(session, token)


async def test_full_list_takes_no_more(session: AsyncSession) -> None:
    user, product = await make_user(session), await make_product(session)
    wishlist_id = await rows.ensure(session, user.id)
    await session.execute(
        text("""
        WITH made AS (
          INSERT INTO products (id, name, slug, category_id, status, created_at, updated_at)
          SELECT gen_random_uuid(), 'Thing', 'full-list-' || n, :category, 'active', now(), now()
          FROM generate_series(1, 500) n RETURNING id)
        INSERT INTO wishlist_items (wishlist_id, product_id, added_price_minor) SELECT :wishlist, id, 1 FROM made
        """),
        {"category": product.category_id, "wishlist": wishlist_id},
    )

    with pytest.raises(WishlistFullError):
        await wishlists.add(session, user.id, product.id)


async def test_guests_wishes_are_the_accounts_after_the_sign_in(session: AsyncSession) -> None:
    user, guest = await make_user(session), new_token()
    old, new, gone = [await make_product(session, price_minor=2_000) for _ in range(3)]
    await wishlists.add(session, user.id, old.id)
    for product in (old, new, gone, new):
        await wishlists.add_for_guest(session, guest, product.id)
    await session.execute(text("UPDATE products SET status = 'archived' WHERE id = :id"), {"id": gone.id})
    await session.execute(text("UPDATE variants SET price_minor = 1500 WHERE product_id = :id"), {"id": old.id})
    who = user_view(user)

    await accounts.open_session(session, who, guest, Origin())
    await accounts.open_session(session, who, guest, Origin())

    assert set(await wishlists.list_ids(session, user.id)) == {str(old.id), str(new.id)}
    assert await wishlists.list_guest_ids(session, guest) == ()
    view = await wishlists.get_own(session, user.id)
    assert {item.card.slug: item.drop_text for item in view.items} == {
        new.slug: "",
        old.slug: "$5.00 less than when you added it",
    }


async def test_account_with_a_full_list_takes_what_has_room(session: AsyncSession) -> None:
    user, guest = await make_user(session), new_token()
    wished = await make_product(session)
    await wishlists.add_for_guest(session, guest, wished.id)
    wishlist_id = await rows.ensure(session, user.id)
    category = await make_category(session)
    await session.execute(
        text("""
            WITH made AS (
              INSERT INTO products (id, name, slug, description, category_id, status, created_at, updated_at)
              SELECT gen_random_uuid(), 'Many', 'many-' || n, '', :category, 'active', now(), now()
              FROM generate_series(1, 500) n RETURNING id)
            INSERT INTO wishlist_items (wishlist_id, product_id, added_price_minor) SELECT :list, id, 1 FROM made
        """),
        {"category": category.id, "list": wishlist_id},
    )

    await wishlists.adopt(session, guest, user.id)

    assert str(wished.id) not in await wishlists.list_ids(session, user.id)
    assert await rows.list_guest_ids(session, token_hash(guest)) == []


async def test_guest_wishes_for_a_hundred_things_and_not_one_more(session: AsyncSession) -> None:
    guest, category = new_token(), await make_category(session)
    one = await make_product(session)
    await session.execute(
        text("""
            WITH made AS (
              INSERT INTO products (id, name, slug, description, category_id, status, created_at, updated_at)
              SELECT gen_random_uuid(), 'Many', 'many-' || n, '', :category, 'active', now(), now()
              FROM generate_series(1, 100) n RETURNING id)
            INSERT INTO guest_wishes (guest_token_hash, product_id) SELECT :guest, id FROM made
        """),
        {"category": category.id, "guest": token_hash(guest)},
    )

    with pytest.raises(WishlistFullError):
        await wishlists.add_for_guest(session, guest, one.id)


async def test_guests_many_wishes_at_once_stay_within_the_bound(database: str) -> None:
    guest = new_token()
    async with transaction() as session:
        category = await make_category(session)
        products = [await make_product(session, category=category) for _ in range(8)]
        await session.execute(
            text("""
            WITH made AS (
              INSERT INTO products (id, name, slug, description, category_id, status, created_at, updated_at)
              SELECT gen_random_uuid(), 'Many', 'many-' || n, '', :category, 'active', now(), now()
              FROM generate_series(1, :most) n RETURNING id)
            INSERT INTO guest_wishes (guest_token_hash, product_id) SELECT :guest, id FROM made
            """),
            {"category": category.id, "guest": token_hash(guest), "most": rows.MAX_OF_GUEST - 3},
        )

    async def wish(product_id: UUID) -> bool:
        async with transaction() as session:
            await wishlists.add_for_guest(session, guest, product_id)
        return True

    done = await asyncio.gather(*(wish(product.id) for product in products), return_exceptions=True)

    assert done.count(True) == 3
    assert all(one is True or isinstance(one, WishlistFullError) for one in done)
    async with transaction() as session:
        kept = await session.execute(text("SELECT count(*) FROM guest_wishes"))
        assert kept.scalar_one() == rows.MAX_OF_GUEST
