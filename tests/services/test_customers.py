"""A customer as the staff see one."""

import pytest

from shophub.db import AsyncSession
from shophub.errors import UserNotFoundError
from shophub.lib.ids import new_id
from shophub.services import customers
from tests.factories import make_order, make_product, make_user
from tests.rows import execute
from tests.statements import counted_statements


async def test_customer_comes_with_what_was_bought_noted_and_said(session: AsyncSession) -> None:
    buyer, colleague = await make_user(session, full_name="Ada Buyer"), await make_user(session, full_name="Ana Admin")
    order = await make_order(session, user=buyer, price_minor=2_000, quantity=2, shipping_minor=1_000)
    await make_order(session, user=buyer, price_minor=1_000, quantity=1, shipping_minor=0)
    await make_order(session, user=colleague)
    await execute(
        session,
        "INSERT INTO order_notes (id, order_id, author_id, body) VALUES (gen_random_uuid(), :order, :author, 'Rings')",
        order=order.id, author=colleague.id,
    )  # fmt: skip
    product = await make_product(session, name="Oak Lamp")
    await execute(
        session,
        "INSERT INTO reviews (id, product_id, user_id, author_name, rating, comment, is_hidden)"
        " VALUES (gen_random_uuid(), :product, :user, 'Ada B.', 4, '', true)",
        product=product.id, user=buyer.id,
    )  # fmt: skip

    view = await customers.get_customer(session, buyer.id)

    assert {one.label: one.text for one in view.figures} == {
        "Spent": "$60.00", "Orders": "2", "Average order": "$30.00", "Last order": "just now",
    }  # fmt: skip
    assert [(note.body, note.author) for note in view.notes] == [("Rings", "Ana Admin")]
    assert [(one.product, one.stars_text, one.is_hidden) for one in view.reviews] == [("Oak Lamp", "4 stars", True)]
    assert [one.total_text for one in view.orders] == ["$10.00", "$50.00"]
    assert view.more_orders_text == ""


async def test_page_of_a_customer_costs_the_same_however_much_they_bought(session: AsyncSession) -> None:
    buyer = await make_user(session)
    with counted_statements(session) as few:
        empty = await customers.get_customer(session, buyer.id)
    for _ in range(customers.ORDERS_SHOWN + 2):
        await make_order(session, user=buyer)

    with counted_statements(session) as many:
        view = await customers.get_customer(session, buyer.id)

    assert len(many) == len(few) == 5
    assert (empty.orders, empty.figures[3].text) == ((), "None yet")
    assert (len(view.orders), view.more_orders_text) == (customers.ORDERS_SHOWN, "All 12 orders")


async def test_who_is_not_there_or_was_erased_is_not_found(session: AsyncSession) -> None:
    gone = await make_user(session)
    await execute(session, "UPDATE users SET erased_at = now() WHERE id = :id", id=gone.id)

    for user_id in (gone.id, new_id()):
        with pytest.raises(UserNotFoundError):
            await customers.get_customer(session, user_id)
