"""Ending e-mails that nobody has to get: by the page, and by one click in a mail program."""

from uuid import UUID, uuid4

import httpx
from sqlmodel import select

from shophub.api.app import create_api
from shophub.db import AsyncSession, transaction
from shophub.lib.clock import utc_now
from shophub.models.accounts import User
from shophub.models.catalog import Variant
from shophub.models.community import StockAlert
from shophub.services import subscriptions
from shophub.services.subscriptions import Subscription
from shophub.settings import get_settings
from tests.factories import make_user, make_variant

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def path(subscription: Subscription, subject_id: UUID) -> str:
    return subscriptions.link(subscription, subject_id).removeprefix(get_settings().public_url)


async def subscriber(session: AsyncSession) -> User:
    user = await make_user(session)
    user.accepts_marketing = True
    session.add(user)
    return user


async def make_alert(session: AsyncSession, variant: Variant, email: str, *, user: User | None = None) -> StockAlert:
    alert = StockAlert(variant_id=variant.id, email=email, email_key=email, user_id=user.id if user else None)
    session.add(alert)
    await session.flush()
    return alert


async def wants(user: User) -> tuple[bool, bool]:
    async with transaction() as session:
        found = (await session.exec(select(User).where(User.id == user.id))).one()
        return found.accepts_marketing, found.accepts_stock_mails


async def test_page_asks_first_because_mail_programs_open_links(api: httpx.AsyncClient) -> None:
    async with transaction() as session:
        user = await subscriber(session)
    address = path(Subscription.CARTS, user.id)

    page = await api.get(address)

    assert page.status_code == 200
    assert '<form method="post"><button type="submit">Unsubscribe</button></form>' in page.text
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert await wants(user) == (True, True)

    done = await api.post(address)

    assert done.status_code == 200
    assert "You are unsubscribed" in done.text
    assert await wants(user) == (False, True)


async def test_one_click_of_a_mail_program_ends_it_from_wherever_it_comes(database: str) -> None:
    async with transaction() as session:
        user, other = await subscriber(session), await subscriber(session)
    transport = httpx.ASGITransport(create_api())
    headers = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=headers) as mail_program:
        for _ in range(2):
            answer = await mail_program.post(path(Subscription.CARTS, user.id), data=ONE_CLICK)
            assert answer.status_code == 200

    assert await wants(user) == (False, True)
    assert await wants(other) == (True, True)


async def test_word_about_stock_ends_for_the_account_and_what_waits_is_dropped(api: httpx.AsyncClient) -> None:
    async with transaction() as session:
        user, stranger = await subscriber(session), await subscriber(session)
        variants = [await make_variant(session, stock=0) for _ in range(2)]
        told = await make_alert(session, variants[0], user.email, user=user)
        told.notified_at = utc_now()
        await make_alert(session, variants[1], user.email, user=user)
        await make_alert(session, variants[1], stranger.email, user=stranger)
        session.add(told)

    assert (await api.post(path(Subscription.STOCK, told.id), data=ONE_CLICK)).status_code == 200

    assert await wants(user) == (True, False)
    assert await wants(stranger) == (True, True)
    async with transaction() as session:
        waiting = select(StockAlert.email).where(StockAlert.notified_at == None)  # noqa: E711 - SQL
        assert (await session.exec(waiting)).all() == [stranger.email]


async def test_altered_or_foreign_link_ends_nothing(api: httpx.AsyncClient) -> None:
    async with transaction() as session:
        user = await subscriber(session)
    token = path(Subscription.CARTS, user.id).partition("token=")[2]
    kind, subject, signed = token.split(".")
    wrong = [
        "",
        "x",
        f"{kind}.{subject}",
        f"{kind}.{subject}.",
        f"{kind}.{uuid4().hex}.{signed}",
        f"stock.{subject}.{signed}",
        f"{kind}.{subject}.{signed[:-1]}ä",
    ]

    for token in wrong:
        for method in ("GET", "POST"):
            answer = await api.request(method, subscriptions.PATH, params={"token": token})
            assert answer.status_code == 400
            assert "This link is not valid" in answer.text
            assert "<form" not in answer.text
    unknown = await api.post(path(Subscription.STOCK, uuid4()))
    assert unknown.status_code == 400

    assert await wants(user) == (True, True)
