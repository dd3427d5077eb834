"""Accounts: making one, signing out. Signing in is a flow (``flows/sign_in.py``)."""

import hmac
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.emails import email_key
from shophub.domain.passwords import require_acceptable
from shophub.domain.statuses import Role
from shophub.lib.clock import utc_now
from shophub.models.accounts import User
from shophub.repositories import accounts
from shophub.repositories.accounts import user_view
from shophub.schemas.accounts import AccountOut, Origin, RegisterForm, SignedIn, UserView
from shophub.services import carts, email_links, passwords, sessions, throttles, viewed, wishlists
from shophub.settings import get_settings


async def register(
    session: AsyncSession, form: RegisterForm, guest_token: str | None, origin: Origin | None = None
) -> SignedIn:
    """Make an account, sign it in, pour the guest's cart into it and have a verification link mailed.

    The first account becomes SUPER_ADMIN, exactly one however many register at once; in production only with the
    ``SETUP_TOKEN``.

    Raises:
        EmailTakenError: The address has an account, in whatever case.
        InvalidInputError: The password is common or made of the name.
        ThrottledError: Too many new accounts from this network address.
    """
    origin = origin or Origin()
    await throttles.hit(throttles.Action.REGISTER, origin.network_address)
    email = email_key(form.email)
    require_acceptable(form.password, about=(form.full_name, email.partition("@")[0]))
    password_hash = await passwords.hash_password(form.password)  # before the first statement: no lock is held
    role = Role.SUPER_ADMIN if await _founds_shop(session, form.setup_token) else Role.CUSTOMER
    user = User(
        email=email, full_name=form.full_name, password_hash=password_hash, role=role, last_sign_in_at=utc_now()
    )
    await accounts.add_user(session, user)
    await email_links.send_verification(session, user.id)
    return await open_session(session, user_view(user), guest_token, origin)


async def sign_out(session: AsyncSession, session_id: UUID) -> None:
    """End a session at once, in every tab of that device."""
    await sessions.revoke(session, session_id)


async def get_account(session: AsyncSession, user_id: UUID) -> AccountOut:
    """Return an account as programs see it. The caller has checked that it may be seen."""
    return AccountOut.model_validate(await accounts.get_account(session, user_id))


async def _founds_shop(session: AsyncSession, setup_token: str) -> bool:
    """Say whether this registration makes the owner. Until the commit nobody else is asked."""
    settings = get_settings()
    if settings.is_production:
        expected = settings.setup_token.get_secret_value() if settings.setup_token else ""
        if not expected or not hmac.compare_digest(setup_token.encode(), expected.encode()):
            return False
    elif await accounts.any_user(session):
        return False
    await accounts.lock_founding(session)
    # Asked again behind the lock: whoever held it has committed by now.
    if await accounts.any_super_admin(session):
        return False
    return settings.is_production or not await accounts.any_user(session)


async def open_session(session: AsyncSession, user: UserView, guest_token: str | None, origin: Origin) -> SignedIn:
    """Open a session for who has just shown what it takes, and pour the guest's cart into the account's."""
    token = await sessions.start(session, user.id, user_agent=origin.user_agent, network_address=origin.network_address)
    notices: tuple[str, ...] = ()
    if guest_token:
        notices = await carts.merge_guest_cart(session, guest_token, user.id)
        await viewed.adopt(session, guest_token, user.id)
        await wishlists.adopt(session, guest_token, user.id)
    return SignedIn(token=token, user=user, notices=notices)
