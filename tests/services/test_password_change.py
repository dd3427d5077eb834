"""Changing a password: only who knows the present one, and everybody else is out."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import EmailTokenPurpose
from shophub.errors import ConflictError, InvalidInputError, ShopHubError, ThrottledError
from shophub.lib.ids import new_id, token_hash
from shophub.models.accounts import EmailToken
from shophub.schemas.account_area import OwnSession, PasswordForm
from shophub.services import passwords, sessions, throttles, visitors
from shophub.services.audit import Actor
from shophub.services.flows.change_password import change_password
from shophub.settings import get_settings
from tests.factories import make_user

OLD, NEW = "an old long phrase 1", "quite another phrase 2"


@dataclass
class Somebody:
    """An account that is signed in here and on a phone."""

    owner: OwnSession
    here: str
    phone: str

    @property
    def actor(self) -> Actor:
        return Actor(self.owner.user_id, "192.0.2.1")

    async def change(self, current: str = OLD, new: str = NEW) -> None:
        await change_password(self.owner, PasswordForm(current_password=current, new_password=new), self.actor)


@pytest_asyncio.fixture
async def somebody(database: str) -> Somebody:
    await throttles.reset()
    async with transaction() as session:
        user = await make_user(session, password_hash=await passwords.hash_password(OLD))
        here, phone = [await sessions.start(session, user.id) for _ in range(2)]
    read = sessions.read(here)
    assert read is not None
    return Somebody(OwnSession(user.id, read.session_id, user.email, user.full_name), here, phone)


async def fits(user_id: UUID, password: str) -> bool:
    async with transaction() as session:
        statement = text("SELECT password_hash FROM users WHERE id = :id")
        stored = (await session.execute(statement, {"id": user_id})).scalar_one()
    return (await passwords.verify_password(password, stored))[0]


async def is_signed_in(token: str) -> bool:
    async with transaction() as session:
        return (await visitors.identify_token(session, token)).user is not None


async def mails() -> list[str]:
    async with transaction() as session:
        return list((await session.execute(text("SELECT args ->> 'kind' FROM procrastinate_jobs"))).scalars())


async def test_change_ends_other_devices_and_open_links_and_is_told(somebody: Somebody) -> None:
    async with transaction() as session:
        in_an_hour = (await session.execute(text("SELECT now() + interval '1 hour'"))).scalar_one()
        for purpose in EmailTokenPurpose:
            token_id = new_id()
            session.add(
                EmailToken(
                    id=token_id,
                    user_id=somebody.owner.user_id,
                    purpose=purpose,
                    new_email="thief@example.com" if purpose is EmailTokenPurpose.CHANGE_EMAIL else None,
                    token_hash=token_hash(str(token_id)),
                    expires_at=in_an_hour,
                )
            )

    await somebody.change()

    assert await fits(somebody.owner.user_id, NEW)
    assert not await fits(somebody.owner.user_id, OLD)
    assert (await is_signed_in(somebody.here), await is_signed_in(somebody.phone)) == (True, False)
    assert await mails() == ["password_changed"]
    async with transaction() as session:
        still_open = await session.execute(text("SELECT purpose FROM email_tokens WHERE used_at IS NULL"))
        assert still_open.scalars().all() == [EmailTokenPurpose.VERIFY_EMAIL]
        logged = (await session.execute(text("SELECT action, actor_id, before, after FROM audit_log"))).one()
        assert tuple(logged) == ("user.password", somebody.owner.user_id, None, None)


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("not the old one 5", NEW, "current_password"),
        (OLD, OLD, "new_password"),
        (OLD, "password1", "new_password"),
        (OLD, "Ada Shopper", "new_password"),
    ],
)
async def test_wrong_and_weak_ones_change_nothing(somebody: Somebody, current: str, new: str, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        await somebody.change(current, new)

    assert list(refused.value.fields) == [field]
    assert await fits(somebody.owner.user_id, OLD)
    assert await is_signed_in(somebody.phone)
    assert await mails() == []


async def test_present_password_cannot_be_guessed_with_a_stolen_session(somebody: Somebody) -> None:
    for number in range(get_settings().throttle_sign_in):
        with pytest.raises(InvalidInputError):
            await somebody.change(f"a guess {number}")

    with pytest.raises(ThrottledError):
        await somebody.change()

    assert await fits(somebody.owner.user_id, OLD)


async def test_of_many_changes_at_once_one_wins(somebody: Somebody) -> None:
    async def change(number: int) -> str:
        try:
            await somebody.change(new=f"{NEW} {number}")
        except ConflictError as error:
            return error.code
        except ShopHubError as error:
            # Whoever comes after the winner's commit does not know the present password any more.
            return type(error).__name__
        return "done"

    answers = await asyncio.gather(*(change(number) for number in range(4)))

    assert answers.count("done") == 1
    assert await fits(somebody.owner.user_id, f"{NEW} {answers.index('done')}")
    assert await mails() == ["password_changed"]
