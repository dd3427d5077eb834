"""Customers' address books."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession


@dataclass(frozen=True)
class AddressRow:
    """An entry of an address book."""

    id: UUID
    type: str
    label: str
    full_name: str
    address: str
    address2: str
    city: str
    state: str
    zip_code: str
    country: str
    phone: str
    is_default: bool
    created_at: datetime

    @property
    def kept(self) -> dict[str, str]:
        """Return the address alone, as checkouts and orders keep it."""
        return {name: getattr(self, name) for name in ADDRESS_FIELDS}


ADDRESS_FIELDS = ("full_name", "address", "address2", "city", "state", "zip_code", "country", "phone")
_COLUMNS = ", ".join(AddressRow.__dataclass_fields__)
_LIST = text(f"""
SELECT {_COLUMNS} FROM addresses WHERE user_id = :user_id ORDER BY is_default DESC, created_at DESC, id DESC LIMIT 100
""")  # noqa: S608 - the columns are the names of this module's own fields
_FIND = text(f"SELECT {_COLUMNS} FROM addresses WHERE user_id = :user_id AND id = :id")  # noqa: S608 - likewise
_INSERT = text("""
INSERT INTO addresses (id, user_id, type, label, full_name, address, address2, city, state, zip_code, country, phone,
  is_default, created_at)
VALUES (:id, :user_id, :type, :label, :full_name, :address, :address2, :city, :state, :zip_code, :country, :phone,
  :is_default, :created_at)
""")
_UPDATE = text("""
UPDATE addresses SET type = coalesce(CAST(:type AS text), type), label = :label, full_name = :full_name,
  address = :address, address2 = :address2, city = :city, state = :state, zip_code = :zip_code, country = :country,
  phone = :phone, updated_at = now()
WHERE user_id = :user_id AND id = :id RETURNING id
""")
_DELETE = text("DELETE FROM addresses WHERE user_id = :user_id AND id = :id RETURNING id")


async def list_addresses(session: AsyncSession, user_id: UUID) -> list[AddressRow]:
    """Return the account's addresses, the default one first, then the newest."""
    rows = (await session.execute(_LIST, {"user_id": user_id})).mappings()
    return [AddressRow(**row) for row in rows]


async def find(session: AsyncSession, user_id: UUID, address_id: UUID) -> AddressRow | None:
    """Return an address of the account."""
    row = (await session.execute(_FIND, {"user_id": user_id, "id": address_id})).mappings().one_or_none()
    return AddressRow(**row) if row else None


async def lock(session: AsyncSession, user_id: UUID) -> None:
    """Keep others from changing this account's book until the transaction ends."""
    await session.execute(text("SELECT 1 FROM users WHERE id = :id FOR NO KEY UPDATE"), {"id": user_id})


async def insert(session: AsyncSession, user_id: UUID, row: AddressRow) -> None:
    """Put an address into the book."""
    await session.execute(_INSERT, {"user_id": user_id, **asdict(row)})


async def update(session: AsyncSession, user_id: UUID, address_id: UUID, values: dict[str, str | None]) -> bool:
    """Write another label and address over an entry, and another type unless that is None. False where it is gone.

    Whether it is the default one stays.
    """
    given = {"user_id": user_id, "id": address_id, **values}
    return (await session.execute(_UPDATE, given)).scalar_one_or_none() is not None


async def delete(session: AsyncSession, user_id: UUID, address_id: UUID) -> bool:
    """Take an address out of the book. False where it is gone already."""
    given = {"user_id": user_id, "id": address_id}
    return (await session.execute(_DELETE, given)).scalar_one_or_none() is not None


async def make_default(session: AsyncSession, user_id: UUID, address_id: UUID) -> None:
    """Make one address of the book the default one, and no other. The book is locked."""
    # Two statements: within one, the unique index might meet the new default before the old one has gone.
    for statement in (
        "UPDATE addresses SET is_default = false WHERE user_id = :user_id AND is_default AND id <> :id",
        "UPDATE addresses SET is_default = true WHERE user_id = :user_id AND id = :id",
    ):
        await session.execute(text(statement), {"user_id": user_id, "id": address_id})


async def unmake_default(session: AsyncSession, user_id: UUID, address_id: UUID) -> None:
    """Have checkouts begin with this address no more; the book is without a default one then."""
    statement = text("UPDATE addresses SET is_default = false WHERE user_id = :user_id AND id = :id")
    await session.execute(statement, {"user_id": user_id, "id": address_id})


async def clear(session: AsyncSession, user_id: UUID) -> None:
    """Take all of the account's addresses away."""
    await session.execute(text("DELETE FROM addresses WHERE user_id = :user_id"), {"user_id": user_id})
