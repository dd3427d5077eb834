"""Accounts, their sessions and the links sent to them by e-mail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.domain.statuses import EmailTokenPurpose, Role
from shophub.errors import EmailTakenError
from shophub.models.accounts import EmailToken, SecondFactor, User, UserSession
from shophub.models.orders import Order
from shophub.schemas.accounts import UserView

FOUNDER_LOCK = 7_305_010


@dataclass(frozen=True)
class Credentials:
    """What signing in to an account takes."""

    user_id: UUID
    password_hash: str | None
    is_active: bool
    has_second_factor: bool


@dataclass(frozen=True)
class LiveSession:
    """A session that has not ended, and its account."""

    id: UUID
    user: UserView
    last_seen_at: datetime
    step_up_at: datetime
    has_second_factor: bool


def user_view(user: User) -> UserView:
    """Return what its owner may see of an account."""
    return UserView(
        id=user.id,
        email=user.email,
        full_name=user.full_name,
        role=user.role,
        is_email_verified=user.email_verified_at is not None,
    )


async def lock_founding(session: AsyncSession) -> None:
    """Let one transaction at a time decide who the first SUPER_ADMIN is."""
    await session.execute(text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=FOUNDER_LOCK))


async def any_user(session: AsyncSession) -> bool:
    """Say whether anybody has registered."""
    return (await session.exec(select(User.id).limit(1))).first() is not None


async def any_super_admin(session: AsyncSession) -> bool:
    """Say whether the shop has an owner."""
    statement = select(User.id).where(User.role == Role.SUPER_ADMIN).limit(1)
    return (await session.exec(statement)).first() is not None


async def add_user(session: AsyncSession, user: User) -> User:
    """Store a new account.

    Raises:
        EmailTakenError: The address has one already, in whatever case. The transaction can go on.
    """
    try:
        async with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        if "uq_users_email_lower" in str(error.orig):
            raise EmailTakenError("An account with this e-mail address exists already.") from error
        raise
    return user


async def find_by_email(session: AsyncSession, email: str) -> User | None:
    """Return the account of an address in any case."""
    if "\x00" in email:  # PostgreSQL refuses it in a text
        return None
    statement = select(User).where(func.lower(col(User.email)) == email_key(email))
    return (await session.exec(statement)).one_or_none()


_CREDENTIALS = """
SELECT u.id, u.password_hash, u.is_active, f.confirmed_at IS NOT NULL
FROM users u LEFT JOIN second_factors f ON f.user_id = u.id
"""


async def find_credentials(session: AsyncSession, email: str) -> Credentials | None:
    """Return what signing in to the account of an address takes: one statement, whether there is one or not."""
    email = email.replace("\x00", "\ufffd")  # which PostgreSQL refuses, and which no address has
    statement = text(f"{_CREDENTIALS} WHERE lower(u.email) = :email")
    row = (await session.execute(statement, {"email": email_key(email)})).one_or_none()
    return Credentials(*row) if row else None


async def find_credentials_of(session: AsyncSession, user_id: UUID) -> Credentials | None:
    """Return what signing in to an account takes."""
    statement = text(f"{_CREDENTIALS} WHERE u.id = :user_id")
    row = (await session.execute(statement, {"user_id": user_id})).one_or_none()
    return Credentials(*row) if row else None


async def note_sign_in(
    session: AsyncSession, user_id: UUID, seen_hash: str | None, new_hash: str | None, now: datetime
) -> UserView | None:
    """Note that somebody signed in with the password of ``seen_hash``; ``new_hash`` takes its place.

    ``None`` where the account was deactivated or got another password meanwhile. Its row stays locked until the
    commit, so that whoever ends all sessions of the account also sees the one that begins now.
    """
    statement = (
        update(User)
        .where(col(User.id) == user_id, col(User.password_hash) == seen_hash, col(User.is_active))
        .values(last_sign_in_at=now, password_hash=new_hash or seen_hash)
        .returning(User)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    user = (await session.execute(statement)).scalars().one_or_none()
    return user_view(user) if user else None


async def note_step_up(session: AsyncSession, session_id: UUID, now: datetime) -> bool:
    """Note that password or code were entered in a session. False where it has ended, or its account is deactivated."""
    statement = text("""
        UPDATE sessions s SET step_up_at = :now FROM users u
        WHERE s.id = :id AND s.revoked_at IS NULL AND s.expires_at > :now AND u.id = s.user_id AND u.is_active
        RETURNING s.id
    """)
    return (await session.execute(statement, {"id": session_id, "now": now})).scalar_one_or_none() is not None


async def find_user(session: AsyncSession, user_id: UUID) -> User | None:
    """Return an account by its id, or ``None``."""
    return await session.get(User, user_id)


async def find_live_session(session: AsyncSession, session_id: UUID, now: datetime) -> LiveSession | None:
    """Return a session that is neither ended nor revoked, of an active account: one statement."""
    statement = (
        select(User, UserSession.last_seen_at, UserSession.step_up_at, SecondFactor.confirmed_at)
        .join(UserSession, col(UserSession.user_id) == User.id)
        .outerjoin(SecondFactor, col(SecondFactor.user_id) == User.id)
        .where(
            UserSession.id == session_id,
            col(UserSession.revoked_at).is_(None),
            col(UserSession.expires_at) > now,
            col(User.is_active),
        )
        .execution_options(populate_existing=True)
    )
    row = (await session.exec(statement)).one_or_none()
    if row is None:
        return None
    user, last_seen_at, step_up_at, confirmed_at = row
    return LiveSession(session_id, user_view(user), last_seen_at, step_up_at, confirmed_at is not None)


async def touch_session(session: AsyncSession, session_id: UUID, now: datetime, expires_at: datetime) -> None:
    """Note that the session is in use. Passes by if another request is just doing so, instead of waiting for it."""
    due = select(UserSession.id).where(col(UserSession.id) == session_id).with_for_update(skip_locked=True)
    await session.exec(
        update(UserSession)
        .where(col(UserSession.id).in_(due))
        .values(last_seen_at=now, expires_at=expires_at)
        .execution_options(synchronize_session=False)
    )


async def revoke_sessions(
    session: AsyncSession, now: datetime, *, session_id: UUID | None = None, user_id: UUID | None = None
) -> None:
    """End one session, or all of an account."""
    statement = update(UserSession).where(col(UserSession.revoked_at).is_(None))
    if session_id is not None:
        statement = statement.where(col(UserSession.id) == session_id)
    if user_id is not None:
        statement = statement.where(col(UserSession.user_id) == user_id)
    if session_id is None and user_id is None:
        raise ValueError("Say whose sessions end.")
    await session.exec(statement.values(revoked_at=now).execution_options(synchronize_session=False))


async def use_email_token(
    session: AsyncSession, hashed: str, purpose: EmailTokenPurpose, now: datetime
) -> EmailToken | None:
    """Spend a link: of many tries at once one gets it. ``None`` if it is unknown, spent or over."""
    statement = (
        update(EmailToken)
        .where(
            col(EmailToken.token_hash) == hashed,
            col(EmailToken.purpose) == purpose,
            col(EmailToken.used_at).is_(None),
            col(EmailToken.expires_at) > now,
        )
        .values(used_at=now)
        .returning(EmailToken)
    )
    return (await session.execute(statement)).scalars().one_or_none()


async def find_email_token(session: AsyncSession, hashed: str) -> EmailToken | None:
    """Return a link whatever its state."""
    statement = select(EmailToken).where(col(EmailToken.token_hash) == hashed)
    return (await session.exec(statement)).one_or_none()


async def find_email_token_by_id(session: AsyncSession, token_id: UUID) -> EmailToken | None:
    """Return a link by its id, or ``None``."""
    return await session.get(EmailToken, token_id)


async def adopt_guest_orders(session: AsyncSession, user_id: UUID, email: str) -> int:
    """Give an account the orders made as a guest with its address; returns how many."""
    statement = (
        update(Order)
        .where(col(Order.email_key) == email_key(email), col(Order.user_id).is_(None))
        .values(user_id=user_id)
        .execution_options(synchronize_session=False)
        .returning(col(Order.id))
    )
    return len((await session.exec(statement)).all())


_ACCOUNT = text("""
SELECT u.id, u.email, u.full_name, u.role, u.is_active, u.email_verified_at IS NOT NULL AS email_verified, u.created_at,
  (SELECT count(*) FROM orders o WHERE o.user_id = u.id) AS order_count,
  (SELECT coalesce(sum(o.total_minor - o.refunded_minor), 0)::bigint
   FROM orders o JOIN store_settings s ON s.currency = o.currency
   WHERE o.user_id = u.id AND o.payment_status IN ('PAID', 'PARTIALLY_REFUNDED', 'REFUNDED')) AS total_spent,
  (SELECT count(*) FROM reviews r WHERE r.user_id = u.id) AS review_count
FROM users u WHERE u.id = :user_id
""")


async def get_account(session: AsyncSession, user_id: UUID) -> dict[str, Any]:
    """Return an account with what it did so far: one statement."""
    return dict((await session.execute(_ACCOUNT, {"user_id": user_id})).mappings().one())
