"""Accounts and their addresses."""

from shophub.db import AsyncSession
from shophub.domain.statuses import Role
from shophub.lib.clock import utc_now
from shophub.models.accounts import Address, User
from tests.factories.numbers import next_number


async def make_user(
    session: AsyncSession,
    *,
    email: str | None = None,
    full_name: str = "Ada Shopper",
    role: Role = Role.CUSTOMER,
    password_hash: str | None = None,
    is_active: bool = True,
    verified: bool = True,
) -> User:
    """Make an account; its address is verified unless asked otherwise."""
    user = User(
        email=email or f"shopper{next_number()}@example.com",
        full_name=full_name,
        role=role,
        password_hash=password_hash,
        is_active=is_active,
        email_verified_at=utc_now() if verified else None,
    )
    session.add(user)
    await session.flush()
    return user


async def make_address(session: AsyncSession, user: User, *, is_default: bool = False, country: str = "US") -> Address:
    """Make an entry of the user's address book."""
    address = Address(
        user_id=user.id,
        label="Home",
        full_name=user.full_name,
        address="1 Market Street",
        city="San Francisco",
        state="CA" if country == "US" else "",
        zip_code="94105",
        country=country,
        is_default=is_default,
    )
    session.add(address)
    await session.flush()
    return address
