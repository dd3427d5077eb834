"""Letters about orders and money: what they say, once each, and nothing in them that can do harm."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlmodel import select

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import CheckoutStatus, OrderStatus, PaymentStatus, RefundStatus, Role
from shophub.errors import NotFoundError
from shophub.jobs import worker
from shophub.lib.clock import utc_now
from shophub.models.checkouts import Checkout, CheckoutRevision
from shophub.models.orders import Order, OrderLine, Shipment
from shophub.models.payments import Payment, Refund, RefundLine
from shophub.schemas.fulfilment import ShipmentForm
from shophub.services import fulfilment, guest_orders
from shophub.services.audit import Actor
from shophub.services.emails.outbox import EmailKind
from shophub.services.flows.send_email import send_email
from shophub.settings import get_settings
from tests.factories import make_order, make_product, make_user, variants_of
from tests.factories.orders import ADDRESS
from tests.jobs.conftest import Mailbox, jobs, make_due

PARCEL = ShipmentForm(carrier="Parcelway", tracking_number="PW 77", tracking_url="https://parcelway.example/t?n=PW77")
NASTY = '<script>alert(1)</script><img src=x onerror=alert(2)> & "Co"'


def address() -> str:
    return f"{uuid4().hex}@example.com"


def flat(message: dict[str, str]) -> tuple[str, str]:
    """Return both bodies without line breaks, so that sentences can be looked for."""
    return " ".join(message["html"].split()), " ".join(message["text"].split())


async def pay(session: AsyncSession, order: Order, *, refunded_minor: int = 0, pending_minor: int = 0) -> Payment:
    payment = Payment(
        order_id=order.id,
        stripe_payment_intent_id=f"pi_{uuid4().hex}",
        revision=1,
        amount_minor=order.total_minor,
        currency=order.currency,
        refunded_minor=refunded_minor,
        pending_minor=pending_minor,
    )
    session.add(payment)
    await session.flush()
    return payment


async def refund(
    session: AsyncSession, order: Order, amount_minor: int, *, quantity: int = 0, status: RefundStatus
) -> Refund:
    payment = await pay(session, order, refunded_minor=amount_minor)
    given = Refund(
        payment_id=payment.id, order_id=order.id, amount_minor=amount_minor, currency=order.currency, status=status
    )
    session.add(given)
    await session.flush()
    if quantity:
        line = (await session.exec(select(OrderLine).where(OrderLine.order_id == order.id))).one()
        session.add(RefundLine(refund_id=given.id, order_line_id=line.id, quantity=quantity, amount_minor=amount_minor))
    return given


async def failed_checkout(session: AsyncSession, email: str, status: CheckoutStatus, name: str = "Desk Lamp") -> UUID:
    checkout = Checkout(
        email=email,
        email_key=email,
        status=status,
        currency="USD",
        opened_at=utc_now(),
        expires_at=utc_now(),
    )
    session.add(checkout)
    await session.flush()
    line = {
        "variant_id": str(uuid4()),
        "product_id": str(uuid4()),
        "slug": "desk-lamp",
        "name": name,
        "sku": "LAMP",
        "options": {"Size": "M"},
        "image_public_id": None,
        "image_alt": "",
        "image_colour": "#e8e4dc",
        "quantity": 2,
        "price_minor": 2_000,
        "discount_minor": 0,
        "tax_minor": 0,
        "total_minor": 4_000,
    }
    sums = {
        "subtotal_minor": 4_000,
        "discount_minor": 0,
        "shipping_minor": 1_000,
        "shipping_tax_minor": 0,
        "tax_minor": 0,
        "total_minor": 5_000,
        "tax_included": False,
    }
    session.add(
        CheckoutRevision(
            checkout_id=checkout.id,
            number=1,
            currency="USD",
            total_minor=5_000,
            lines=[line],
            quote=sums,
            shipping_address=ADDRESS,
            email=email,
        )
    )
    return checkout.id


async def test_shipped_names_carrier_number_and_link_and_delivered_asks_for_a_review(mailbox: Mailbox) -> None:
    async with transaction() as session:
        (lamp,) = await variants_of(session, await make_product(session, name="Desk Lamp", slug="desk-lamp"))
        order = await make_order(session, user=await make_user(session, email=address()), variants=[lamp])
        staff = await make_user(session, role=Role.ADMIN)
        await fulfilment.mark_shipped(session, order.number, PARCEL, actor=Actor(staff.id))
    await worker.run_due()
    async with transaction() as session:
        await fulfilment.mark_delivered(session, order.number, actor=Actor(staff.id))
    await worker.run_due()

    delivered, shipped = await mailbox.to(order.email)

    public = get_settings().public_url
    assert shipped["subject"] == f"Your order SH-{order.number} is on its way"
    assert 'href="https://parcelway.example/t?n=PW77"' in shipped["html"]
    for body in flat(shipped):
        for part in ("Parcelway PW 77", "https://parcelway.example/t?n=PW77", f"{public}/orders/SH-{order.number}"):
            assert part in body
        assert "1 Market Street" in body
    assert delivered["subject"] == f"Your order SH-{order.number} has arrived"
    for body in flat(delivered):
        assert "How do you like it?" in body
        assert f"{public}/products/desk-lamp#reviews" in body
        assert "make an account" not in body
    assert await jobs() == []


async def test_letters_of_a_guests_order_carry_the_signed_link(mailbox: Mailbox) -> None:
    async with transaction() as session:
        (lamp,) = await variants_of(session, await make_product(session))
        order = await make_order(session, email=address(), variants=[lamp])
    for kind in (EmailKind.ORDER_SHIPPED, EmailKind.ORDER_DELIVERED, EmailKind.ORDER_CANCELLED):
        await send_email(kind, order.id)

    messages = await mailbox.to(order.email)

    link = guest_orders.link(order.number, order.placed_at)
    assert len(messages) == 3
    for message in messages:
        assert f'href="{link}"' in message["html"]
        assert link in message["text"]
        assert "90 days" in message["html"]
        assert "90 days" in message["text"]
    assert "make an account" in flat(messages[1])[0]


async def test_store_without_reviews_asks_for_none(mailbox: Mailbox) -> None:
    async with transaction() as session:
        await session.execute(text("UPDATE store_settings SET reviews_enabled = false"))
        (lamp,) = await variants_of(session, await make_product(session))
        order = await make_order(session, email=address(), variants=[lamp])
    await send_email(EmailKind.ORDER_DELIVERED, order.id)

    (message,) = await mailbox.to(order.email)

    assert "review" not in message["html"] + message["text"]
    assert "Desk Lamp" in message["html"]


async def test_tracking_link_that_is_no_web_address_is_not_a_link(mailbox: Mailbox) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address())
        parcel = Shipment(order_id=order.id, carrier=NASTY, tracking_url="javascript:alert(1)", shipped_at=utc_now())
        session.add(parcel)
    await send_email(EmailKind.ORDER_SHIPPED, order.id)

    (message,) = await mailbox.to(order.email)

    assert "javascript" not in message["html"] + message["text"]
    assert "Track your parcel" not in message["html"] + message["text"]
    assert "View your order" in message["html"]


async def test_refund_by_line_says_how_much_for_what_and_what_is_left(mailbox: Mailbox) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address(), payment_status=PaymentStatus.PARTIALLY_REFUNDED)
        given = await refund(session, order, 2_000, quantity=1, status=RefundStatus.SUCCEEDED)
    for _ in range(2):
        await send_email(EmailKind.ORDER_REFUNDED, given.id)

    (message,) = await mailbox.to(order.email)

    assert message["subject"] == f"$20.00 refunded for your order SH-{order.number}"
    for part in ("1 × Desk Lamp (Size: M · Colour: Sand)", "$20.00", "five to ten days", "Not refunded", "$30.00"):
        assert part in flat(message)[0]
        assert part in flat(message)[1]
    assert "You paid $50.00 Refunded so far $20.00 Not refunded $30.00" in flat(message)[1]


@pytest.mark.parametrize("status", [RefundStatus.PENDING, RefundStatus.FAILED])
async def test_refund_that_has_not_gone_through_is_not_announced(mailbox: Mailbox, status: RefundStatus) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address())
        given = await refund(session, order, 2_000, status=status)

    await send_email(EmailKind.ORDER_REFUNDED, given.id)

    assert await mailbox.to(order.email) == []


async def test_cancelled_says_what_goes_back_or_that_nothing_was_charged(mailbox: Mailbox) -> None:
    async with transaction() as session:
        paid = await make_order(session, email=address(), status=OrderStatus.CANCELLED)
        await pay(session, paid, refunded_minor=1_000, pending_minor=4_000)
        unpaid = await make_order(session, email=address(), status=OrderStatus.CANCELLED)
    for order in (paid, unpaid):
        await send_email(EmailKind.ORDER_CANCELLED, order.id)

    (to_payer,), (to_other,) = await mailbox.to(paid.email), await mailbox.to(unpaid.email)

    assert to_payer["subject"] == f"Your order SH-{paid.number} was cancelled"
    assert "$50.00 goes back to you, to the payment method that you paid with." in flat(to_payer)[1]
    assert "You have not been charged." in flat(to_other)[0]
    assert "You have not been charged." in flat(to_other)[1]
    assert "goes back" not in to_other["html"]


@pytest.mark.parametrize(
    ("status", "path", "label"),
    [
        (CheckoutStatus.OPEN, "/checkout", "Back to the checkout"),
        (CheckoutStatus.EXPIRED, "/cart", "Back to your cart"),
    ],
)
async def test_failed_payment_leads_back_to_where_one_can_pay(
    mailbox: Mailbox, status: CheckoutStatus, path: str, label: str
) -> None:
    email = address()
    async with transaction() as session:
        checkout_id = await failed_checkout(session, email, status)
    await send_email(EmailKind.PAYMENT_FAILED, checkout_id)

    (message,) = await mailbox.to(email)

    assert message["subject"] == "Your payment of $50.00 did not go through"
    for body in flat(message):
        assert label in body
        assert f"{get_settings().public_url}{path}" in body
        assert "Nothing was charged" in body
        assert "Desk Lamp" in body


async def test_payment_that_went_through_after_all_is_not_called_failed(mailbox: Mailbox) -> None:
    email = address()
    async with transaction() as session:
        checkout_id = await failed_checkout(session, email, CheckoutStatus.COMPLETED)

    await send_email(EmailKind.PAYMENT_FAILED, checkout_id)

    assert await mailbox.to(email) == []


async def test_name_with_markup_in_it_runs_in_no_letter(mailbox: Mailbox) -> None:
    """Known failure 34: a name with markup in it runs in an e-mail."""
    email = address()
    async with transaction() as session:
        (lamp,) = await variants_of(session, await make_product(session, name=NASTY))
        order = await make_order(session, email=email, variants=[lamp], name=NASTY)
        order.shipping_address = {**ADDRESS, "full_name": NASTY, "city": NASTY}
        given = await refund(session, order, 2_000, quantity=1, status=RefundStatus.SUCCEEDED)
        session.add(Shipment(order_id=order.id, carrier=NASTY, tracking_number=NASTY, shipped_at=utc_now()))
        session.add(order)
        checkout_id = await failed_checkout(session, email, CheckoutStatus.OPEN, name=NASTY)
    for kind in (EmailKind.ORDER_SHIPPED, EmailKind.ORDER_DELIVERED, EmailKind.ORDER_CANCELLED):
        await send_email(kind, order.id)
    await send_email(EmailKind.ORDER_REFUNDED, given.id)
    await send_email(EmailKind.PAYMENT_FAILED, checkout_id)

    messages = await mailbox.to(email)

    assert len(messages) == 5
    for message in messages:
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt; &amp; &#34;Co&#34;" in " ".join(
            message["html"].split()
        )
        assert "<script" not in message["html"]
        assert "<img src=x" not in message["html"]


async def test_shipped_while_resend_is_down_is_sent_once_it_is_up(mailbox: Mailbox) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address())
        staff = await make_user(session, role=Role.ADMIN)
        await fulfilment.mark_shipped(session, order.number, PARCEL, actor=Actor(staff.id))

    await mailbox.fail(count=1, status=503)
    await worker.run_due()
    assert await mailbox.to(order.email) == []
    assert await jobs() == [("emails.send", "todo", 1)]

    await mailbox.fail(count=1, status=500, afterEffect=True)
    for _ in range(2):
        await make_due()
        await worker.run_due()

    assert len(await mailbox.to(order.email)) == 1
    assert await jobs() == []


async def test_step_that_is_rolled_back_mails_nobody(mailbox: Mailbox) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address())
        staff = await make_user(session, role=Role.ADMIN)

    async def ship_and_fail() -> None:
        async with transaction() as session:
            await fulfilment.mark_shipped(session, order.number, PARCEL, actor=Actor(staff.id))
            raise RuntimeError("The machine stops here.")

    with pytest.raises(RuntimeError):
        await ship_and_fail()
    await worker.run_due()

    assert await mailbox.to(order.email) == []
    assert await jobs() == []


@pytest.mark.parametrize("kind", [kind for kind in EmailKind if kind is not EmailKind.ABANDONED_CART])
async def test_letter_about_nothing_fails_for_good(mailbox: Mailbox, kind: EmailKind) -> None:
    with pytest.raises(NotFoundError):
        await send_email(kind, uuid4(), uuid4())


async def test_cart_that_is_gone_is_not_written_about(mailbox: Mailbox) -> None:
    before = (await mailbox.http.get("/mail/messages")).json()

    await send_email(EmailKind.ABANDONED_CART, uuid4())

    assert (await mailbox.http.get("/mail/messages")).json() == before
