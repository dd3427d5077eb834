"""The store's settings for programs: read and written as a whole, by the rules of their pages."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic.alias_generators import to_camel

from shophub.db import AsyncSession
from shophub.domain.store_settings import CHANGEABLE, SWITCHES, SettingsPart
from shophub.errors import CurrencyNotConfirmedError, InvalidInputError, SettingsChangedError
from shophub.lib.money import decimal_string, percent_text
from shophub.repositories import stores
from shophub.repositories.stores import StoreRow
from shophub.schemas.accounts import Visitor
from shophub.schemas.api.settings import SettingsForm, SettingsOut
from shophub.services import currency_change, store_settings
from shophub.services.audit import Actor
from shophub.services.settings_form import checked
from shophub.services.stores import public_fields

PARTS = tuple(part for part in SettingsPart if part is not SettingsPart.SWITCHES)
# What programs call these otherwise than the table does.
NAMES = {
    "logo_public_id": "logo",
    "shipping_fee_minor": "shippingFee",
    "free_shipping_threshold_minor": "freeShippingThreshold",
}


async def get_settings(session: AsyncSession) -> SettingsOut:
    """Return all settings. One statement."""
    return _out(await stores.get_store(session))


async def replace(session: AsyncSession, form: SettingsForm, visitor: Visitor, actor: Actor) -> SettingsOut:
    """Put these settings in the place of all. Only what differs is written, and noted; all of it or nothing.

    Raises:
        SettingsChangedError: Somebody else changed them since ``version``.
        CurrencyNotConfirmedError: Another currency than the present one, and nobody said that this is meant.
        CheckoutsOpenError: Another currency while somebody is paying.
        InvalidInputError: ``fields`` maps each wrong place to how it is mended.
        ForbiddenError: Who asks all staff for a second factor needs one first.
    """
    present = await stores.get_store(session)
    standing = await stores.lock_store(session, exclusively=form.currency != present.currency)
    if form.version is not None and form.version != _version(standing):
        raise SettingsChangedError("Somebody else changed the settings meanwhile. Read them again.")
    if form.currency != standing.currency:
        if not form.confirm_currency:
            raise CurrencyNotConfirmedError(
                f"The store sells in {standing.currency}. Changing that has to be confirmed."
            )
        await currency_change.change(session, form.currency, before=standing.currency, actor=actor)
    with _names_of_programs():
        _check(form, standing)
        await _save_parts(session, form, actor)
    for name in SWITCHES:
        await store_settings.switch(session, name, getattr(form, name), visitor=visitor, actor=actor)
    return _out(await stores.get_store(session))


def _check(form: SettingsForm, standing: StoreRow) -> None:
    """Look at all parts before anything is written, so that every wrong place is named at once."""
    wrong: dict[str, str] = {}
    for part in PARTS:
        try:
            checked(part, _texts(form), form.ship_to_countries, form.currency, ships=bool(standing.ship_to_countries))
        except InvalidInputError as error:
            wrong |= error.fields
    if wrong:
        raise InvalidInputError(next(iter(wrong.values())), wrong)


async def _save_parts(session: AsyncSession, form: SettingsForm, actor: Actor) -> None:
    view = await store_settings.get_settings(session)
    for part in PARTS:
        version = str(getattr(view, f"{part.value}_version"))
        await store_settings.save(
            session, part, _texts(form), version=version, actor=actor, countries=form.ship_to_countries
        )


def _texts(form: SettingsForm) -> dict[str, str]:
    """Return the values as somebody would type them, which is what the rules are written for."""
    threshold = form.free_shipping_threshold
    return {
        "store_name": form.store_name,
        "store_email": form.store_email,
        "store_phone": form.store_phone,
        "store_address": form.store_address,
        "logo_public_id": form.logo or "",
        "tax_rate_ppm": percent_text(form.tax_rate_ppm),
        "shipping_fee_minor": decimal_string(form.shipping_fee, form.currency),
        "free_shipping_threshold_minor": "" if threshold is None else decimal_string(threshold, form.currency),
        "low_stock_threshold": str(form.low_stock_threshold),
        "maintenance_message": form.maintenance_message,
    }


@contextmanager
def _names_of_programs() -> Iterator[None]:
    """Call wrong places as the body does."""
    try:
        yield
    except InvalidInputError as error:
        fields = {NAMES.get(name, to_camel(name)): sentence for name, sentence in error.fields.items()}
        raise InvalidInputError(error.message, fields) from error


def _version(row: StoreRow) -> str:
    kept = [getattr(row, name) for name in sorted(CHANGEABLE)]
    return hashlib.sha256(json.dumps(kept).encode()).hexdigest()[:16]


def _out(row: StoreRow) -> SettingsOut:
    return SettingsOut(
        **public_fields(row),
        logo=row.logo_public_id,
        admin_two_factor_required=row.admin_two_factor_required,
        version=_version(row),
    )
