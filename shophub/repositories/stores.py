"""The store's settings: one row."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from shophub.db import AsyncSession
from shophub.domain.pricing import PricingRules
from shophub.domain.store_settings import CHANGEABLE
from shophub.errors import InvalidInputError


@dataclass(frozen=True)
class StoreRow:
    """The settings that services go by. Amounts are minor units of ``currency``."""

    store_id: str
    store_name: str
    store_email: str
    store_phone: str
    store_address: str
    logo_public_id: str | None
    currency: str
    tax_rate_ppm: int
    prices_include_tax: bool
    tax_on_shipping: bool
    shipping_fee_minor: int
    free_shipping_threshold_minor: int | None
    ship_to_countries: tuple[str, ...]
    low_stock_threshold: int
    reviews_enabled: bool
    wishlist_enabled: bool
    guest_checkout_enabled: bool
    maintenance_enabled: bool
    maintenance_message: str
    admin_two_factor_required: bool
    pages: dict[str, Any] = field(default_factory=dict)
    synonyms: tuple[tuple[str, ...], ...] = ()

    @property
    def pricing_rules(self) -> PricingRules:
        """Return what a quote depends on."""
        return PricingRules(
            currency=self.currency,
            tax_rate_ppm=self.tax_rate_ppm,
            prices_include_tax=self.prices_include_tax,
            tax_on_shipping=self.tax_on_shipping,
            shipping_fee_minor=self.shipping_fee_minor,
            free_shipping_threshold_minor=self.free_shipping_threshold_minor,
        )


async def get_store(session: AsyncSession) -> StoreRow:
    """Return the settings as they are now."""
    return await _read(session, "")


async def lock_store(session: AsyncSession, *, exclusively: bool = False) -> StoreRow:
    """Return the settings, which nobody else can change before the transaction ends.

    ``exclusively``: nor can a checkout begin, and those that are beginning are waited for (``checkouts.insert``).
    """
    return await _read(session, "FOR UPDATE" if exclusively else "FOR NO KEY UPDATE")


async def _read(session: AsyncSession, lock: str) -> StoreRow:
    statement = text(f"SELECT * FROM store_settings WHERE id = 1 {lock}")  # noqa: S608 - constants of this module
    row = (await session.execute(statement)).mappings().one()
    values = {name: row[name] for name in StoreRow.__dataclass_fields__}
    values["store_id"] = str(row["store_id"])
    values["pages"] = row["pages"] or {}
    values["synonyms"] = _groups(row["synonyms"])
    values["ship_to_countries"] = tuple(row["ship_to_countries"])
    return StoreRow(**values)


async def hold_currency(session: AsyncSession) -> str:
    """Return the store's currency, which nobody can change before the transaction ends; other settings they can."""
    return str(
        (await session.execute(text("SELECT currency FROM store_settings WHERE id = 1 FOR KEY SHARE"))).scalar_one()
    )


async def update(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Keep these settings in the place of what they were.

    Raises:
        InvalidInputError: The logo lay unused for so long after its upload that it was removed.
    """
    if not CHANGEABLE.issuperset(values):
        raise ValueError("Not a setting that can be changed.")
    columns = ", ".join(f"{name} = :{name}" for name in values)
    statement = f"UPDATE store_settings SET {columns}, version = version + 1, updated_at = now() WHERE id = 1"  # noqa: S608
    try:
        await session.execute(text(statement), dict(values))
    except IntegrityError as error:
        if "logo_public_id" not in values:
            raise
        sentence = "This logo was uploaded more than a day ago and is not there any more: choose it again."
        raise InvalidInputError(sentence, {"logo_public_id": sentence}) from error


async def find_changer(session: AsyncSession, part: str) -> str:
    """Return the name of who changed a part of the settings last, empty where nobody is known."""
    statement = text("""
        SELECT u.full_name FROM audit_log a JOIN users u ON u.id = a.actor_id
        WHERE a.target_type = 'settings' AND a.target_id = :part ORDER BY a.id DESC LIMIT 1
    """)
    return str((await session.execute(statement, {"part": part})).scalar_one_or_none() or "")


async def set_maintenance(session: AsyncSession, is_enabled: bool, message: str) -> None:
    """Close or open the shop."""
    statement = text("UPDATE store_settings SET maintenance_enabled = :enabled, maintenance_message = :message")
    await session.execute(statement, {"enabled": is_enabled, "message": message})


async def lock_synonyms(session: AsyncSession) -> tuple[tuple[str, ...], ...]:
    """Return the groups of synonyms, which nobody else can change before the transaction ends."""
    statement = text("SELECT synonyms FROM store_settings WHERE id = 1 FOR NO KEY UPDATE")
    return _groups((await session.execute(statement)).scalar_one())


async def set_synonyms(session: AsyncSession, groups: tuple[tuple[str, ...], ...]) -> None:
    """Keep these groups of synonyms in the place of all."""
    statement = text("UPDATE store_settings SET synonyms = CAST(:synonyms AS jsonb)")
    await session.execute(statement, {"synonyms": json.dumps({"groups": groups})})


def _groups(kept: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(group) for group in (kept or {}).get("groups", ()))
