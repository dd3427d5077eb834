"""The store's settings for those who may change them. What is saved holds from the next read on, in every process."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from babel.core import Locale

from shophub.db import AsyncSession
from shophub.domain.addresses import all_countries
from shophub.domain.currencies import codes
from shophub.domain.store_settings import SWITCHES, SettingsPart
from shophub.errors import ForbiddenError, InvalidInputError, SettingsChangedError
from shophub.integrations.cloudinary import image_url
from shophub.lib.money import decimal_string, percent_text
from shophub.repositories import stores
from shophub.repositories.stores import StoreRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.store_settings import Choice, SettingsView
from shophub.services import audit
from shophub.services.audit import Actor
from shophub.services.settings_form import checked

LOGO_WIDTH = 320


async def get_settings(session: AsyncSession) -> SettingsView:
    """Return all settings, and the versions that ``save`` asks for. One statement."""
    return view_of(await stores.get_store(session))


async def save(
    session: AsyncSession,
    part: SettingsPart,
    fields: Mapping[str, str],
    *,
    version: str,
    actor: Actor,
    countries: Sequence[str] = (),
) -> SettingsView:
    """Put what was typed in the place of a part of the settings. Only what differs is written, and noted.

    Raises:
        SettingsChangedError: Somebody else changed this part since ``version``; nothing has changed.
        InvalidInputError: ``fields`` maps each wrong place to how it is mended.
    """
    standing = await stores.lock_store(session)
    if _version(standing, part) != version:
        who = await stores.find_changer(session, part)
        raise SettingsChangedError(
            f"These settings were changed by {who or 'somebody else'} while you were working on them.", who
        )
    wanted = checked(part, fields, countries, standing.currency, ships=bool(standing.ship_to_countries))
    await _write(session, standing, wanted, part, actor)
    return await get_settings(session)


async def switch(session: AsyncSession, name: str, is_on: bool, *, visitor: Visitor, actor: Actor) -> SettingsView:
    """Switch something on or off; what stands that way already stays so.

    Raises:
        InvalidInputError: Nothing that can be switched.
        ForbiddenError: Who asks all staff for a second factor needs one first, or is shut out at once.
    """
    if name not in SWITCHES:
        raise InvalidInputError("That is not a setting.")
    if name == "admin_two_factor_required" and is_on and not visitor.has_second_factor:
        raise ForbiddenError("Set up your own second factor first, or you shut yourself out.")
    standing = await stores.lock_store(session)
    await _write(session, standing, {name: is_on}, SettingsPart.SWITCHES, actor)
    return await get_settings(session)


async def _write(
    session: AsyncSession, standing: StoreRow, wanted: Mapping[str, Any], part: SettingsPart, actor: Actor
) -> None:
    before = {name: _kept(getattr(standing, name)) for name in wanted}
    after = {name: value for name, value in wanted.items() if value != before[name]}
    if not after:
        return
    await stores.update(session, after)
    await audit.record(
        session,
        actor,
        "settings.change",
        target="settings",
        target_id=part.value,
        before={name: before[name] for name in after},
        after=after,
    )


def _kept(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _version(row: StoreRow, part: SettingsPart) -> str:
    kept = [_kept(getattr(row, name)) for name in part.columns]
    # What an amount is worth depends on the currency.
    return hashlib.sha256(json.dumps([row.currency, kept]).encode()).hexdigest()[:16]


def view_of(row: StoreRow) -> SettingsView:
    """Return the settings as their page shows them."""
    threshold = row.free_shipping_threshold_minor
    return SettingsView(
        store_version=_version(row, SettingsPart.STORE),
        store_name=row.store_name,
        store_email=row.store_email,
        store_phone=row.store_phone,
        store_address=row.store_address,
        logo_public_id=row.logo_public_id or "",
        logo_url=image_url(row.logo_public_id, width=LOGO_WIDTH) if row.logo_public_id else "",
        tax_version=_version(row, SettingsPart.TAX),
        tax_rate=percent_text(row.tax_rate_ppm),
        prices_include_tax=row.prices_include_tax,
        tax_on_shipping=row.tax_on_shipping,
        currency=row.currency,
        currency_name=currency_name(row.currency),
        delivery_version=_version(row, SettingsPart.DELIVERY),
        shipping_fee=decimal_string(row.shipping_fee_minor, row.currency),
        free_shipping_threshold="" if threshold is None else decimal_string(threshold, row.currency),
        countries=tuple(Choice(code, name, code in row.ship_to_countries) for code, name in all_countries()),
        country_count=len(row.ship_to_countries),
        stock_version=_version(row, SettingsPart.STOCK),
        low_stock_threshold=str(row.low_stock_threshold),
        reviews_enabled=row.reviews_enabled,
        wishlist_enabled=row.wishlist_enabled,
        guest_checkout_enabled=row.guest_checkout_enabled,
        maintenance_version=_version(row, SettingsPart.MAINTENANCE),
        maintenance_enabled=row.maintenance_enabled,
        maintenance_message=row.maintenance_message,
        admin_two_factor_required=row.admin_two_factor_required,
    )


def currency_name(code: str) -> str:
    """Return a currency's English name (CLDR), or its code."""
    return str(Locale("en").currencies.get(code, code))


def all_currencies() -> tuple[tuple[str, str], ...]:
    """Return what the store may sell in: code and name, by name."""
    return tuple(sorted(((code, currency_name(code)) for code in codes()), key=lambda one: one[1]))
