"""Finding an order by number and e-mail address: what is answered, and what is mailed."""

import httpx
import pytest

from shophub.db import transaction
from shophub.domain.order_numbers import order_number
from shophub.jobs.worker import run_due
from shophub.models.orders import Order
from shophub.services import guest_orders
from shophub.settings import get_settings
from tests.api.conftest import api, app  # noqa: F401 - fixtures
from tests.factories import make_order, make_user
from tests.factories.numbers import next_number
from tests.jobs.conftest import Mailbox


async def ask(api: httpx.AsyncClient, number: str, email: str) -> httpx.Response:  # noqa: F811
    """Send the form."""
    headers = {"origin": get_settings().public_url}
    return await api.post("/auth/order-lookup", data={"number": number, "email": email}, headers=headers)


async def guest_order(email: str) -> Order:
    async with transaction() as session:
        return await make_order(session, email=email)


async def test_guest_is_mailed_a_fresh_link_each_time_and_strangers_learn_nothing(
    api: httpx.AsyncClient,  # noqa: F811
    mailbox: Mailbox,
) -> None:
    email, stranger = f"guest{next_number()}@example.com", f"stranger{next_number()}@example.com"
    order = await guest_order(email)
    number = order_number(order.number)

    answers = [
        await ask(api, number, email),
        await ask(api, number.lower(), f" {email.upper()} "),
        await ask(api, number, stranger),
        await ask(api, "SH-999999", email),
    ]
    await run_due()

    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {(303, "/order-lookup?sent=1")}
    assert await mailbox.to(stranger) == []
    messages = await mailbox.to(email)
    assert [message["subject"] for message in messages] == [f"Your order {number} at ShopHub"] * 2
    for message in messages:
        link = message["text"].partition("See your order: ")[2].split()[0]
        token = link.partition("/open?token=")[2]
        assert link.startswith(f"{get_settings().public_url}/orders/{number}/open")
        assert guest_orders.end_of(token, order.number) is not None
        assert f'href="{link}"' in message["html"]


async def test_owner_of_an_account_is_led_to_its_page_and_given_no_link_that_opens_it(
    api: httpx.AsyncClient,  # noqa: F811
    mailbox: Mailbox,
) -> None:
    async with transaction() as session:
        user = await make_user(session, email=f"owner{next_number()}@example.com")
        order = await make_order(session, user=user)

    await ask(api, str(order.number), user.email)
    await run_due()

    (message,) = await mailbox.to(user.email)
    assert f"{get_settings().public_url}/orders/{order_number(order.number)}\n" in message["text"]
    assert "token=" not in message["text"] + message["html"]


async def test_mailbox_is_not_flooded_and_the_answer_stays_the_same(
    api: httpx.AsyncClient,  # noqa: F811
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("THROTTLE_RESET_ACCOUNT", "2")
    get_settings.cache_clear()
    email = f"guest{next_number()}@example.com"
    order = await guest_order(email)

    answers = [await ask(api, str(order.number), email) for _ in range(4)]
    await run_due()

    assert {answer.headers["location"] for answer in answers} == {"/order-lookup?sent=1"}
    assert len(await mailbox.to(email)) == 2


async def test_who_asks_too_often_waits(api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setenv("THROTTLE_RESET_ADDRESS", "2")
    get_settings.cache_clear()

    answers = [await ask(api, "SH-1", f"guest{turn}@example.com") for turn in range(3)]

    assert [answer.headers["location"].partition("&wait=")[0] for answer in answers] == [
        "/order-lookup?sent=1",
        "/order-lookup?sent=1",
        "/order-lookup?error=too_many",
    ]


@pytest.mark.parametrize(
    ("number", "email", "code"),
    [("lamp", "ada@example.com", "invalid_number"), ("SH-1001", "nope", "invalid_email"), ("", "", "invalid_number")],
)
async def test_what_can_be_no_number_or_address_is_said(
    number: str,
    email: str,
    code: str,
    api: httpx.AsyncClient,  # noqa: F811
) -> None:
    answer = await ask(api, number, email)

    assert answer.headers["location"] == f"/order-lookup?error={code}"
