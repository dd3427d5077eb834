"""E-mails: sent once, never lost, and nothing in them that a customer wrote can do harm."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import select

from shophub.db import transaction
from shophub.domain.statuses import OrderStatus
from shophub.errors import NotFoundError
from shophub.integrations.queue import Backoff, EndlessBackoff
from shophub.jobs import worker
from shophub.models.accounts import EmailToken
from shophub.models.orders import OrderLine
from shophub.schemas.accounts import RegisterForm
from shophub.services import accounts, alerts, email_links, guest_orders, throttles
from shophub.services.emails.outbox import EmailKind, enqueue_email
from shophub.services.flows.send_email import send_email
from shophub.settings import get_settings
from tests.factories import make_order, make_user
from tests.jobs.conftest import Mailbox, jobs, make_due


def address() -> str:
    return f"{uuid4().hex}@example.com"


async def test_confirmation_is_sent_once_though_the_job_runs_twice(mailbox: Mailbox) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address())
        for _ in range(2):
            await enqueue_email(session, EmailKind.ORDER_CONFIRMATION, order.id)

    await worker.run_due()
    await send_email(EmailKind.ORDER_CONFIRMATION, order.id)

    (message,) = await mailbox.to(order.email)
    assert message["subject"] == f"Your order SH-{order.number} at ShopHub"
    assert await jobs() == []


async def test_guests_link_is_signed_and_an_accounts_is_not(mailbox: Mailbox) -> None:
    async with transaction() as session:
        of_guest = await make_order(session, email=address())
        of_user = await make_order(session, user=await make_user(session, email=address()))
    for order in (of_guest, of_user):
        await send_email(EmailKind.ORDER_CONFIRMATION, order.id)

    (to_guest,), (to_user,) = await mailbox.to(of_guest.email), await mailbox.to(of_user.email)

    link = guest_orders.link(of_guest.number, of_guest.placed_at)
    assert link.startswith(f"{get_settings().public_url}/orders/SH-{of_guest.number}/open?token=")
    assert f'href="{link}"' in to_guest["html"]
    assert link in to_guest["text"]
    assert f'href="{get_settings().public_url}/orders/SH-{of_user.number}"' in to_user["html"]
    assert "token=" not in to_user["html"] + to_user["text"]


async def test_what_customers_wrote_is_escaped_and_no_line_end_reaches_the_subject(mailbox: Mailbox) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address(), name='<b>Lamp</b> & "Co"')
        order.note = "<script>alert(1)</script>"
        order.shipping_address = {**order.shipping_address, "full_name": "<img src=x onerror=alert(1)> Ada"}
        session.add(order)
    await send_email(EmailKind.ORDER_CONFIRMATION, order.id)

    (message,) = await mailbox.to(order.email)

    assert "<script" not in message["html"]
    assert "<img src=x" not in message["html"]
    assert "<b>Lamp" not in message["html"]
    assert "&lt;b&gt;Lamp&lt;/b&gt; &amp; &#34;Co&#34;" in message["html"]
    assert '<b>Lamp</b> & "Co"' in message["text"]


async def test_confirmation_says_what_was_bought_and_paid(mailbox: Mailbox) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address(), discount_minor=500)
        line = (await session.exec(select(OrderLine).where(OrderLine.order_id == order.id))).one()
        line.image_public_id = "products/desk-lamp"
        session.add(line)
    await send_email(EmailKind.ORDER_CONFIRMATION, order.id)

    (message,) = await mailbox.to(order.email)

    for body in (message["html"], message["text"]):
        for part in ("Desk Lamp", "Size: M · Colour: Sand", "$40.00", "−$5.00", "$10.00", "$45.00", "1 Market Street"):
            assert part in body
    (picture,) = re.findall(r'<img src="([^"]+)"', message["html"])
    assert picture.startswith(f"{get_settings().public_url}/sandbox/cloudinary/")


async def test_resend_out_of_order_is_tried_again_and_sends_once(mailbox: Mailbox) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address())
        await enqueue_email(session, EmailKind.ORDER_CONFIRMATION, order.id)

    await mailbox.fail(count=1, status=500)
    await worker.run_due()
    assert await mailbox.to(order.email) == []
    assert await jobs() == [("emails.send", "todo", 1)]

    await mailbox.fail(count=1, status=500, afterEffect=True)
    await make_due()
    await worker.run_due()
    await make_due()
    await worker.run_due()

    assert len(await mailbox.to(order.email)) == 1
    assert await jobs() == []


async def test_message_that_changed_since_it_went_out_is_not_sent_again(mailbox: Mailbox) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address())
    await send_email(EmailKind.ORDER_CONFIRMATION, order.id)
    async with transaction() as session:
        order.status = OrderStatus.DELIVERED
        session.add(order)

    await send_email(EmailKind.ORDER_CONFIRMATION, order.id)

    assert len(await mailbox.to(order.email)) == 1


async def test_sold_out_order_is_explained(mailbox: Mailbox) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address(), status=OrderStatus.CANCELLED)
    await send_email(EmailKind.ORDER_SOLD_OUT, order.id)

    (message,) = await mailbox.to(order.email)

    assert message["subject"] == f"Your order SH-{order.number} was cancelled and is being refunded"
    assert "$50.00" in message["text"]


async def test_unknown_order_fails_for_good(mailbox: Mailbox) -> None:
    with pytest.raises(NotFoundError):
        await send_email(EmailKind.ORDER_CONFIRMATION, uuid4())

    async with transaction() as session:
        await enqueue_email(session, EmailKind.ORDER_CONFIRMATION, uuid4())
    await worker.run_due()

    assert await jobs() == [("emails.send", "failed", 1)]


@pytest.mark.parametrize("status", [401, 403, 429, 451, 503])
async def test_mail_outlives_an_expired_key_a_lost_domain_and_a_quota(mailbox: Mailbox, status: int) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address())
        await enqueue_email(session, EmailKind.ORDER_CONFIRMATION, order.id)
        await session.execute(text("UPDATE procrastinate_jobs SET attempts = 500"))

    await mailbox.fail(count=1, status=status)
    await worker.run_due()

    assert await jobs() == [("emails.send", "todo", 501)]
    async with transaction() as session:
        statement = text("SELECT scheduled_at - now() FROM procrastinate_jobs WHERE task_name = 'emails.send'")
        waits = (await session.execute(statement)).scalar_one()
        assert await alerts.list_open(session) == ()
    assert timedelta(hours=23, minutes=59) < waits <= timedelta(days=1)

    await make_due()
    await worker.run_due()

    assert len(await mailbox.to(order.email)) == 1
    assert await jobs() == []


@pytest.mark.parametrize("status", [400, 422])
async def test_mail_that_resend_calls_invalid_is_given_up_and_somebody_is_told(mailbox: Mailbox, status: int) -> None:
    async with transaction() as session:
        order = await make_order(session, email=address())
        await enqueue_email(session, EmailKind.ORDER_CONFIRMATION, order.id)

    await mailbox.fail(count=1, status=status)
    await worker.run_due()

    assert await jobs() == [("emails.send", "failed", 1)]
    async with transaction() as session:
        (alert,) = await alerts.list_open(session)
    assert (alert.kind, alert.subject) == ("email_failed", f"order_confirmation/{order.id}")
    assert alert.message == "An e-mail (order_confirmation) cannot be sent and was given up: validation_error."


def test_mail_waits_longer_and_longer_for_a_day_and_then_a_day_each() -> None:
    backoff = EndlessBackoff()
    waits = [backoff.wait_after(attempts) for attempts in range(34)]

    assert waits[:4] == [timedelta(seconds=seconds) for seconds in (5, 10, 20, 40)]
    assert timedelta(hours=23) < sum(waits[:32], timedelta()) < timedelta(hours=24)
    assert waits[32:] == [timedelta(days=1)] * 2
    assert Backoff().wait_after(22) is None


async def test_registering_mails_a_link_that_verifies_and_is_needless_afterwards(mailbox: Mailbox) -> None:
    await throttles.reset()
    email = address()
    async with transaction() as session:
        form = RegisterForm(email=email, password="blue kettle sings", full_name="Ada Shopper")
        await accounts.register(session, form, None)
    await worker.run_due()

    (message,) = await mailbox.to(email)
    found = re.search(r"/verify-email\?token=(\S+)", message["text"])
    assert found is not None
    async with transaction() as session:
        assert await email_links.verify_email(session, found[1])
        link = (await session.exec(select(EmailToken))).one()
    assert link.token_hash != found[1]
    await send_email(EmailKind.VERIFY_EMAIL, link.id)
    assert len(await mailbox.to(email)) == 1
