"""Reading orders: who sees which, and what they see."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import select

from shophub.db import AsyncSession
from shophub.domain.guest_orders import guest_order_token
from shophub.domain.statuses import OrderStatus, PaymentStatus, Role
from shophub.errors import OrderNotFoundError
from shophub.lib.clock import utc_now
from shophub.models.accounts import EmailToken, User
from shophub.models.orders import Order, OrderEvent, Shipment
from shophub.schemas.accounts import UserView, Visitor
from shophub.services import email_links, guest_orders, orders
from shophub.settings import get_settings
from tests.factories import make_order, make_user, make_variant

GUEST = Visitor(guest_token="g" * 43)


def visitor(user: User) -> Visitor:
    return Visitor(user=UserView(user.id, user.email, user.full_name, user.role, is_email_verified=True))


def cookie_of(order: Order, *, issued_at: datetime | None = None, number: int | None = None) -> str:
    secret = get_settings().auth_secret.get_secret_value()
    token = guest_order_token(number or order.number, issued_at or utc_now(), secret)
    return f"other=1; shophub_order_SH-{order.number}={token}"


async def test_owner_sees_the_order_as_it_was_sold(session: AsyncSession) -> None:
    user = await make_user(session)
    placed = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    variant = await make_variant(session)
    order = await make_order(session, user=user, variants=[variant], discount_minor=500, placed_at=placed)

    view = await orders.get_order(session, f"sh-{order.number}", visitor(user))

    assert (view.number, view.url) == (f"SH-{order.number}", f"/orders/SH-{order.number}")
    assert (view.status_label, view.status_tone, view.payment_label) == ("Being prepared", "brand", "Paid")
    assert (view.placed_text, view.delivery_text) == ("20 Nov 2026", "Arrives Tue 24 – Thu 26 Nov")
    (line,) = view.lines
    assert (line.name, line.options_text, line.quantity) == ("Desk Lamp", "Size: M · Colour: Sand", 2)
    assert (line.price_text, line.total_text) == ("$20.00", "$40.00")
    assert line.url.startswith("/products/")
    quote = view.quote
    assert (quote.subtotal_text, quote.discount_text, quote.shipping_text) == ("$40.00", "−$5.00", "$10.00")
    assert quote.total_text == "$45.00"
    assert view.address.lines == ("Ada Shopper", "1 Market Street", "San Francisco, CA 94105", "United States")
    assert [(step.label, step.at_text, step.is_done, step.is_current) for step in view.timeline] == [
        ("Placed", "Fri 20 Nov, 09:30 UTC", True, False),
        ("Paid", "Fri 20 Nov, 09:30 UTC", True, True),
        ("Packed", "", False, False),
        ("Shipped", "", False, False),
        ("Delivered", "", False, False),
    ]


async def test_line_of_a_product_that_is_gone_has_no_link(session: AsyncSession) -> None:
    user = await make_user(session)
    order = await make_order(session, user=user)

    view = await orders.get_order(session, f"SH-{order.number}", visitor(user))

    assert view.lines[0].url == ""


async def test_others_learn_nothing_not_even_that_it_exists(session: AsyncSession) -> None:
    order = await make_order(session, user=await make_user(session))
    other = await make_user(session)

    messages = set()
    for number in (f"SH-{order.number}", "SH-999999999", "SH-0", "SH-1 OR 1=1", "", "SH-99999999999999999999"):
        for who in (visitor(other), GUEST, Visitor()):
            with pytest.raises(OrderNotFoundError) as refusal:
                await orders.get_order(session, number, who)
            messages.add(refusal.value.message)

    assert messages == {"We could not find that order."}


async def test_admin_sees_every_order(session: AsyncSession) -> None:
    order = await make_order(session)
    admin = await make_user(session, role=Role.ADMIN)

    assert (await orders.get_order(session, f"SH-{order.number}", visitor(admin))).number == f"SH-{order.number}"


async def test_guest_opens_with_the_link_of_that_order_only(session: AsyncSession) -> None:
    order, other = await make_order(session), await make_order(session)

    view = await orders.get_order(session, f"SH-{order.number}", GUEST, cookie_of(order))

    assert view.number == f"SH-{order.number}"
    for cookies in (
        cookie_of(other),
        cookie_of(order, number=other.number),
        cookie_of(order, issued_at=utc_now() - timedelta(days=90, seconds=1)),
        cookie_of(order)[:-1] + "A"[: cookie_of(order)[-1] != "A"] + "B"[: cookie_of(order)[-1] == "A"],
        f"shophub_order_SH-{order.number}=",
        f"shophub_order_SH-{order.number}=9999999999.",
    ):
        with pytest.raises(OrderNotFoundError):
            await orders.get_order(session, f"SH-{order.number}", GUEST, cookies)


async def test_link_is_on_the_public_address_and_lasts_90_days(session: AsyncSession) -> None:
    placed = utc_now()
    order = await make_order(session, placed_at=placed)

    address, _, token = guest_orders.link(order.number, placed).partition("?token=")

    assert address == f"{get_settings().public_url}/orders/SH-{order.number}/open"
    end = guest_orders.end_of(token, order.number)
    assert end is not None
    assert abs(end - placed - timedelta(days=90)) < timedelta(seconds=1)


async def test_list_is_newest_first_ten_a_page_in_two_statements(session: AsyncSession) -> None:
    user = await make_user(session)
    await make_order(session, user=await make_user(session))
    first = datetime(2026, 1, 1, tzinfo=UTC)
    made = [await make_order(session, user=user, placed_at=first + timedelta(days=day)) for day in range(12)]
    statements: list[str] = []
    connection = (await session.connection()).sync_connection
    assert connection is not None
    event.listen(connection, "before_cursor_execute", lambda *args: statements.append(args[2]))

    page_one = await orders.list_orders(session, user.id, 1)

    assert [view.number for view in page_one.items] == [f"SH-{order.number}" for order in made[:1:-1]]
    assert (page_one.total, page_one.page_count, len(statements)) == (12, 2, 2)
    assert [view.lines[0].name for view in page_one.items] == ["Desk Lamp"] * 10
    page_two = await orders.list_orders(session, user.id, 2)
    assert [view.number for view in page_two.items] == [f"SH-{order.number}" for order in made[1::-1]]
    beyond = await orders.list_orders(session, user.id, 10**9)
    assert (beyond.items, beyond.total) == ((), 12)


async def test_nobody_elses_orders_are_listed(session: AsyncSession) -> None:
    await make_order(session, user=await make_user(session))
    await make_order(session)

    view = await orders.list_orders(session, (await make_user(session)).id, 1)

    assert (view.items, view.total, view.page_count) == ((), 0, 1)


async def test_shipped_order_shows_its_parcel_but_no_script_link(session: AsyncSession) -> None:
    user = await make_user(session)
    order = await make_order(session, user=user, status=OrderStatus.SHIPPED, steps=("placed", "paid", "shipped"))
    shipped = utc_now()
    session.add(
        Shipment(
            order_id=order.id,
            carrier="DHL",
            tracking_number="42",
            tracking_url="https://dhl.test/42",
            shipped_at=shipped,
        )
    )
    await session.flush()

    view = await orders.get_order(session, f"SH-{order.number}", visitor(user))

    assert (view.tracking_text, view.tracking_url) == ("DHL 42", "https://dhl.test/42")
    assert [step.is_done for step in view.timeline] == [True, True, True, True, False]
    later = Shipment(order_id=order.id, tracking_url="javascript:alert(1)", shipped_at=shipped + timedelta(hours=1))
    session.add(later)
    await session.flush()
    assert (await orders.get_order(session, f"SH-{order.number}", visitor(user))).tracking_url == ""


async def test_cancelled_order_shows_what_happened_and_nothing_ahead(session: AsyncSession) -> None:
    user = await make_user(session)
    order = await make_order(
        session,
        user=user,
        status=OrderStatus.CANCELLED,
        payment_status=PaymentStatus.REFUNDED,
        steps=("placed", "paid", "cancelled", "refunded"),
    )
    session.add(OrderEvent(order_id=order.id, type="needs_review", is_public=False))
    await session.flush()

    view = await orders.get_order(session, f"SH-{order.number}", visitor(user))

    assert (view.status_label, view.status_tone, view.delivery_text) == ("Cancelled", "danger", "")
    assert [(step.label, step.is_done) for step in view.timeline] == [
        ("Placed", True),
        ("Paid", True),
        ("Cancelled", True),
        ("Refunded", True),
    ]


async def test_guest_orders_join_the_account_when_its_address_is_verified(session: AsyncSession) -> None:
    order = await make_order(session, email="Ada@Example.com")
    user = await make_user(session, email="ada@example.com", verified=False)
    await email_links.send_verification(session, user.id)
    link = (await session.exec(select(EmailToken).where(EmailToken.user_id == user.id))).one()
    assert (await orders.list_orders(session, user.id)).total == 0

    token = email_links.verification_url(link.id).partition("token=")[2]
    assert await email_links.verify_email(session, token)

    assert [view.number for view in (await orders.list_orders(session, user.id)).items] == [f"SH-{order.number}"]
