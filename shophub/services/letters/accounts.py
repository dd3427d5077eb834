"""Letters about an account: links that its owner asked for, and word of what was done to it."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.statuses import Role
from shophub.errors import NotFoundError
from shophub.lib.clock import utc_now
from shophub.models.accounts import EmailToken, User
from shophub.repositories import accounts, letters, second_factors
from shophub.schemas.stores import StoreView
from shophub.services import email_links
from shophub.services.emails.rendering import absolute, render_email
from shophub.services.letters.parts import Letter, first_name

_HAS_ACCOUNT = "You receive this because you have an account at {store} with this e-mail address."
_RESET = ("Reset the password", "/forgot-password", "If it was not you, choose a new password at once.")
_ROLES = {
    Role.ADMIN: "look after products, orders and coupons",
    Role.SUPER_ADMIN: "run the whole store, with its settings and its people",
}


async def verification(session: AsyncSession, store: StoreView, token_id: UUID) -> Letter | None:
    """Ask the owner of a new account to confirm the address; needless once the link was used."""
    link, user = await _link(session, token_id)
    if user is None:
        return None
    email = render_email(
        "verify_email",
        subject=f"Confirm your e-mail address for {store.name}",
        store=store,
        preview="One click, and your orders and your account belong together.",
        first_name=first_name(user.full_name),
        url=email_links.verification_url(link.id),
    )
    return Letter(user.email, email)


async def reset(session: AsyncSession, store: StoreView, token_id: UUID) -> Letter | None:
    """Send the link behind which a new password is chosen; needless once it was used, replaced or is over."""
    link, user = await _link(session, token_id)
    if user is None or not user.is_active:
        return None
    return _letter(
        user.email,
        store,
        subject=f"Choose a new password for {store.name}",
        title="Choose a new password",
        sentences=(
            f"{_hello(user)} somebody, most likely you, asked for a new password for your account at {store.name}.",
            "If it was not you, do nothing: your password stays as it is.",
        ),
        button=("Choose a new password", email_links.reset_url(link.id), "The link works once, within one hour."),
    )


async def change_of_email(session: AsyncSession, store: StoreView, token_id: UUID) -> Letter | None:
    """Ask at the new address whether it may become the account's; needless once the link was used or is over."""
    link, user = await _link(session, token_id)
    if user is None or not user.is_active or link.new_email is None:
        return None
    return _letter(
        link.new_email,
        store,
        subject=f"Confirm your new e-mail address for {store.name}",
        title="Is this your new address?",
        sentences=(
            f"{_hello(user)} please confirm that your account at {store.name} should use this e-mail address from "
            "now on. Until then nothing changes.",
        ),
        button=(
            "Use this address",
            email_links.change_url(link.id),
            "Open the link where you are signed in to that account. It works once, within one day.",
        ),
        reason=f"You receive this because this address was entered for an account at {store.name}. "
        "If it was not you, do nothing.",
    )


async def email_changed(session: AsyncSession, store: StoreView, token_id: UUID) -> Letter | None:
    """Tell the former address that the account uses another one now."""
    link = await accounts.find_email_token_by_id(session, token_id)
    if link is None:
        raise NotFoundError("There is no such link.")
    user = await accounts.find_user(session, link.user_id)
    if user is None or user.erased_at is not None or link.former_email is None:
        return None
    return _letter(
        link.former_email,
        store,
        subject=f"Your e-mail address at {store.name} was changed",
        title="Your e-mail address was changed",
        sentences=(
            f"{_hello(user)} your account at {store.name} uses another e-mail address now. You sign in with that one.",
            "If it was not you, answer at once by writing to the store: somebody else may have your password.",
        ),
        reason=f"You receive this because your account at {store.name} had this e-mail address until now.",
    )


async def password_changed(session: AsyncSession, store: StoreView, user_id: UUID) -> Letter | None:
    """Tell the owner that the password was changed, and what to do if somebody else did it."""
    return await _told(
        session,
        store,
        user_id,
        subject=f"Your password at {store.name} was changed",
        title="Your password was changed",
        sentences=(
            "the password of your account was changed just now. All other devices were signed out.",
            "If it was you, there is nothing to do.",
        ),
        button=(_RESET[0], absolute(_RESET[1]), _RESET[2]),
    )


async def second_factor_changed(session: AsyncSession, store: StoreView, user_id: UUID) -> Letter | None:
    """Tell the owner whether signing in asks for a code now."""
    factor = await second_factors.find(session, user_id)
    is_on = factor is not None and factor.confirmed_at is not None
    what = "is on" if is_on else "is off"
    sentence = (
        "signing in to your account now asks for a code of your authenticator app as well. Keep your recovery codes in "
        "a safe place: older ones do not work any more."
        if is_on
        else "signing in to your account does not ask for a code any more. The recovery codes do not work either."
    )
    return await _told(
        session,
        store,
        user_id,
        subject=f"Two-step sign-in at {store.name} {what}",
        title=f"Two-step sign-in {what}",
        sentences=(sentence, "If it was you, there is nothing to do."),
        button=(_RESET[0], absolute(_RESET[1]), _RESET[2]),
    )


async def deactivated(session: AsyncSession, store: StoreView, user_id: UUID) -> Letter | None:
    """Tell the owner that the account is closed for now; needless if it is open again."""
    return await _told(
        session,
        store,
        user_id,
        subject=f"Your account at {store.name} was deactivated",
        title="Your account was deactivated",
        sentences=(
            "your account was deactivated by the store. You cannot sign in with it, and it is signed out everywhere.",
            "Orders that you placed are still on their way to you. If you think that this is a mistake, write to us.",
        ),
        while_active=False,
    )


async def reactivated(session: AsyncSession, store: StoreView, user_id: UUID) -> Letter | None:
    """Tell the owner that the account is open again; needless if it was closed once more."""
    return await _told(
        session,
        store,
        user_id,
        subject=f"Your account at {store.name} is active again",
        title="Welcome back",
        sentences=("your account is active again. You can sign in with your e-mail address and your password.",),
        button=("Sign in", absolute("/login"), "Your orders and addresses are as you left them."),
    )


async def invite(session: AsyncSession, store: StoreView, invite_id: UUID) -> Letter | None:
    """Invite somebody to the staff; needless once the invite was accepted, revoked or replaced, or is over."""
    invited = await letters.find_invite(session, invite_id)
    if invited is None:
        raise NotFoundError("There is no such invite.")
    if invited.accepted_at is not None or invited.revoked_at is not None or invited.expires_at <= utc_now():
        return None
    task = _ROLES.get(Role(invited.role), "take part")
    return _letter(
        invited.email,
        store,
        subject=f"You are invited to run {store.name}",
        title=f"Join {store.name}",
        sentences=(f"You are invited to {task}.", "Accept the invitation, choose a password, and you can begin."),
        button=("Accept the invitation", email_links.invite_url(invited.id), "The link works once, within seven days."),
        reason=f"You receive this because somebody at {store.name} invited this address. "
        "If you do not know why, do nothing.",
    )


async def _link(session: AsyncSession, token_id: UUID) -> tuple[EmailToken, User | None]:
    """Return a link, and its owner while the link still opens something.

    Raises:
        NotFoundError: There is no such link.
    """
    link = await accounts.find_email_token_by_id(session, token_id)
    if link is None:
        raise NotFoundError("There is no such link.")
    user = await accounts.find_user(session, link.user_id)
    if link.used_at is not None or link.expires_at <= utc_now() or user is None or user.erased_at is not None:
        return link, None
    return link, user


async def _told(
    session: AsyncSession,
    store: StoreView,
    user_id: UUID,
    *,
    subject: str,
    title: str,
    sentences: tuple[str, ...],
    button: tuple[str, str, str] = ("", "", ""),
    while_active: bool = True,
) -> Letter | None:
    """Return word to the owner of an account as long as it is in the state that the letter speaks of."""
    user = await accounts.find_user(session, user_id)
    if user is None:
        raise NotFoundError("There is no such account.")
    if user.erased_at is not None or user.is_active != while_active:
        return None
    greeted = (f"{_hello(user)} {sentences[0]}", *sentences[1:])
    return _letter(user.email, store, subject=subject, title=title, sentences=greeted, button=button)


def _letter(
    to: str,
    store: StoreView,
    *,
    subject: str,
    title: str,
    sentences: tuple[str, ...],
    button: tuple[str, str, str] = ("", "", ""),
    reason: str = "",
) -> Letter:
    """Return a letter of an account; ``button`` is its label, its address, and what is to be known about it."""
    action, url, terms = button
    email = render_email(
        "account",
        subject=subject,
        store=store,
        preview=sentences[-1],
        title=title,
        sentences=sentences,
        action=action,
        url=url,
        terms=terms,
        reason=reason or _HAS_ACCOUNT.format(store=store.name),
    )
    return Letter(to, email)


def _hello(user: User) -> str:
    name = first_name(user.full_name)
    return f"Hello {name}," if name else "Hello,"
