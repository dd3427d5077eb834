"""Letters about an account."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import NotFoundError
from shophub.repositories import accounts
from shophub.schemas.stores import StoreView
from shophub.services import email_links
from shophub.services.emails.rendering import render_email
from shophub.services.letters.parts import Letter, first_name


async def verification(session: AsyncSession, store: StoreView, token_id: UUID) -> Letter | None:
    """Ask the owner of a new account to confirm the address; needless once the link was used."""
    link = await accounts.find_email_token_by_id(session, token_id)
    if link is None:
        raise NotFoundError("There is no such link.")
    user = await accounts.find_user(session, link.user_id)
    if link.used_at is not None or user is None or user.erased_at is not None:
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
