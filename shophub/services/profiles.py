"""A customer's own profile."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.lib.clock import utc_now
from shophub.repositories import profiles
from shophub.schemas.account_area import ProfileForm, ProfileView


async def get_profile(session: AsyncSession, user_id: UUID) -> ProfileView:
    """Return the account as its owner edits it."""
    row = await profiles.get_profile(session, user_id)
    pending = await profiles.find_open_change(session, user_id, utc_now())
    return ProfileView(
        email=row.email,
        full_name=row.full_name,
        is_email_verified=row.is_email_verified,
        accepts_marketing=row.accepts_marketing,
        accepts_stock_mails=row.accepts_stock_mails,
        pending_email=pending.new_email if pending else "",
    )


async def rename(session: AsyncSession, user_id: UUID, form: ProfileForm) -> None:
    """Give the account another name; orders keep the name they were placed under."""
    await profiles.rename(session, user_id, form.full_name)


async def set_wishes(
    session: AsyncSession, user_id: UUID, *, marketing: bool | None = None, stock_mails: bool | None = None
) -> None:
    """Note which e-mails the owner wants beside those about orders; ``None`` leaves a wish as it is."""
    await profiles.set_wishes(session, user_id, marketing=marketing, stock_mails=stock_mails)
