"""Making accounts and signing in."""

import asyncio
from collections.abc import AsyncIterator
from time import process_time

import pytest
import pytest_asyncio
from passlib.hash import bcrypt
from sqlmodel import func, select

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import Role
from shophub.errors import EmailTakenError, InvalidInputError, ThrottledError, WrongCredentialsError
from shophub.models.accounts import EmailToken, User, UserSession
from shophub.schemas.accounts import Origin, RegisterForm, SignedIn, SignInForm
from shophub.services import accounts, passwords, throttles
from shophub.settings import get_settings
from tests.factories import make_user

PASSWORD = "blue kettle sings"


@pytest_asyncio.fixture(autouse=True)
async def no_earlier_tries() -> AsyncIterator[None]:
    await throttles.reset()
    yield
    await throttles.reset()


def form(email: str, password: str = PASSWORD, **more: str) -> RegisterForm:
    return RegisterForm(email=email, password=password, full_name="Ada Shopper", **more)


async def sign_in(session: AsyncSession, email: str, password: str = PASSWORD, network: str = "192.0.2.1") -> SignedIn:
    return await accounts.sign_in(session, SignInForm(email=email, password=password), None, Origin(network))


async def test_registering_signs_in_and_has_a_verification_mailed(session: AsyncSession) -> None:
    await make_user(session)

    signed_in = await accounts.register(session, form("Ada@Example.com"), None)

    assert (signed_in.user.email, signed_in.user.role) == ("ada@example.com", "CUSTOMER")
    assert signed_in.user.is_email_verified is False
    row = (await session.exec(select(UserSession).where(UserSession.user_id == signed_in.user.id))).one()
    assert row.revoked_at is None
    link = (await session.exec(select(EmailToken).where(EmailToken.user_id == signed_in.user.id))).one()
    jobs = (await session.connection()).exec_driver_sql("SELECT task_name, args FROM procrastinate_jobs")
    assert (await jobs).all() == [("emails.send", {"kind": "verify_email", "subject_id": str(link.id)})]


async def test_sixteen_registrations_at_once_make_one_super_admin(database: str) -> None:
    async def register(number: int) -> str:
        async with transaction() as session:
            return (await accounts.register(session, form(f"person{number}@example.com"), None)).user.role

    roles = await asyncio.gather(*(register(number) for number in range(16)))

    assert sorted(roles) == ["CUSTOMER"] * 15 + ["SUPER_ADMIN"]


async def test_same_address_in_other_case_is_taken_also_at_once(database: str) -> None:
    async def register(email: str) -> bool:
        try:
            async with transaction() as session:
                await accounts.register(session, form(email), None)
        except EmailTakenError:
            return False
        return True

    made = await asyncio.gather(
        *(register(email) for email in ("ada@example.com", "ADA@example.com", "Ada@Example.Com"))
    )

    assert sorted(made) == [False, False, True]
    async with transaction() as session:
        assert (await session.exec(select(func.count()).select_from(User))).one() == 1


async def test_in_production_only_the_setup_token_makes_the_owner(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in PRODUCTION.items():
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()

    passer_by = await accounts.register(session, form("passer@example.com"), None)
    guesser = await accounts.register(session, form("guesser@example.com", setup_token="guess"), None)
    owner = await accounts.register(session, form("owner@example.com", setup_token="the setup token"), None)
    second = await accounts.register(session, form("second@example.com", setup_token="the setup token"), None)

    assert [one.user.role for one in (passer_by, guesser, owner, second)] == [
        Role.CUSTOMER,
        Role.CUSTOMER,
        Role.SUPER_ADMIN,
        Role.CUSTOMER,
    ]
    get_settings.cache_clear()


PRODUCTION = {
    "SHOPHUB_ENV": "production",
    "SETUP_TOKEN": "the setup token",
    "AUTH_SECRET": "s" * 40,
    "PUBLIC_URL": "https://shop.example.com",
    "STRIPE_SECRET_KEY": "sk_live_x",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_x",
    "CLOUDINARY_CLOUD_NAME": "shop",
    "CLOUDINARY_API_KEY": "key",
    "CLOUDINARY_API_SECRET": "secret",
    "RESEND_API_KEY": "re_live",
}


@pytest.mark.parametrize("password", ["password123", "P@ssw0rd", "qwertyuiop", "aaaaaaaaaa", "adashopper", "12345678"])
async def test_common_password_is_refused_and_makes_nothing(session: AsyncSession, password: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        await accounts.register(session, form("ada@example.com", password), None)

    assert "password" in refusal.value.fields
    assert (await session.exec(select(func.count()).select_from(User))).one() == 0


async def test_spaces_around_a_password_count(session: AsyncSession) -> None:
    await accounts.register(session, form("ada@example.com", "  blue kettle  "), None)

    with pytest.raises(WrongCredentialsError):
        await sign_in(session, "ada@example.com", "blue kettle")
    assert (await sign_in(session, "ADA@example.com ", "  blue kettle  ")).user.email == "ada@example.com"


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@example.com", "wrong"), ("nobody@example.com", PASSWORD), ("ada@example.com", "nul\0"), ("a\0b", PASSWORD)],
)
async def test_wrong_credentials_open_no_session(session: AsyncSession, email: str, password: str) -> None:
    await make_user(session, email="ada@example.com", password_hash=await passwords.hash_password(PASSWORD))

    with pytest.raises(WrongCredentialsError):
        await sign_in(session, email, password)

    assert (await session.exec(select(func.count()).select_from(UserSession))).one() == 0


async def test_deactivated_account_cannot_sign_in(session: AsyncSession) -> None:
    hashed = await passwords.hash_password(PASSWORD)
    await make_user(session, email="ada@example.com", password_hash=hashed, is_active=False)

    with pytest.raises(WrongCredentialsError):
        await sign_in(session, "ada@example.com")


async def test_unknown_address_costs_the_same_hashing_as_a_known_one() -> None:
    known = await passwords.hash_password(PASSWORD)
    await passwords.verify_password("warm up", None)

    async def seconds(stored: str | None) -> float:
        taken = []
        for _ in range(7):
            begun = process_time()  # work, not waiting: a busy machine does not count
            await passwords.verify_password("something else", stored)
            taken.append(process_time() - begun)
        return sorted(taken)[3]

    # The same parameters, so the same work; no hash at all would be a factor of hundreds.
    assert 1 / 3 < await seconds(None) / await seconds(known) < 3


async def test_bcrypt_hash_still_verifies_and_is_upgraded(session: AsyncSession) -> None:
    user = await make_user(session, email="ada@example.com", password_hash=bcrypt.using(rounds=4).hash(PASSWORD))

    await sign_in(session, "ada@example.com")

    assert user.password_hash is not None
    assert user.password_hash.startswith("$argon2id$")
    await sign_in(session, "ada@example.com")


async def test_hashing_leaves_the_event_loop_free() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await asyncio.gather(*(passwords.hash_password(PASSWORD) for _ in range(4)))
    ticking.cancel()

    assert ticks >= 5


async def test_sixth_failure_for_an_account_is_throttled_but_not_for_others(session: AsyncSession) -> None:
    await make_user(session, email="ada@example.com", password_hash=await passwords.hash_password(PASSWORD))
    await make_user(session, email="bob@example.com", password_hash=await passwords.hash_password(PASSWORD))

    for _ in range(5):
        with pytest.raises(WrongCredentialsError):
            await sign_in(session, "ada@example.com", "wrong")
    with pytest.raises(ThrottledError) as refusal:
        await sign_in(session, "Ada@example.com")

    assert 0 < refusal.value.retry_after_seconds <= 15 * 60
    await sign_in(session, "bob@example.com")
    await sign_in(session, "ada@example.com", network="192.0.2.2")


async def test_of_many_wrong_tries_at_once_five_are_heard(session: AsyncSession) -> None:
    async def wrong_try() -> type[Exception] | None:
        try:
            async with transaction() as own:
                await sign_in(own, "nobody@example.com", "wrong")
        except (WrongCredentialsError, ThrottledError) as error:
            return type(error)
        return None

    outcomes = await asyncio.gather(*(wrong_try() for _ in range(12)))

    assert outcomes.count(WrongCredentialsError) == 5
    assert outcomes.count(ThrottledError) == 7


async def test_twenty_failures_from_one_network_address_end_its_tries(session: AsyncSession) -> None:
    for number in range(20):
        with pytest.raises(WrongCredentialsError):
            await sign_in(session, f"person{number}@example.com", "wrong")
    with pytest.raises(ThrottledError):
        await sign_in(session, "another@example.com", "wrong")


async def test_successes_are_not_counted(session: AsyncSession) -> None:
    await make_user(session, email="ada@example.com", password_hash=await passwords.hash_password(PASSWORD))

    tokens = {(await sign_in(session, "ada@example.com")).token for _ in range(25)}

    assert len(tokens) == 25


async def test_account_under_attack_is_delayed_but_never_locked(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THROTTLE_SIGN_IN_ACCOUNT", "2")
    monkeypatch.setenv("THROTTLE_SIGN_IN_DELAY", "PT0.3S")
    get_settings.cache_clear()
    await make_user(session, email="ada@example.com", password_hash=await passwords.hash_password(PASSWORD))
    for number in range(2):
        with pytest.raises(WrongCredentialsError):
            await sign_in(session, "ada@example.com", "wrong", network=f"192.0.2.{number}")

    begun = asyncio.get_running_loop().time()
    await sign_in(session, "ada@example.com", network="192.0.2.99")

    assert asyncio.get_running_loop().time() - begun >= 0.3
    get_settings.cache_clear()
