"""The store's settings as pages use them."""

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.services.stores import get_store, shipping_text


@pytest.mark.parametrize(
    ("fee_minor", "threshold_minor", "words"),
    [
        (1_000, 10_000, "Delivery $10.00, free from $100.00"),
        (1_000, None, "Delivery $10.00"),
        (0, None, "Free delivery"),
        (1_000, 0, "Free delivery"),
    ],
)
def test_shipping_is_said_in_one_sentence(fee_minor: int, threshold_minor: int | None, words: str) -> None:
    assert shipping_text("USD", fee_minor, threshold_minor) == words


@pytest.mark.parametrize(("countries", "home"), [(["DE", "US"], "US"), (["DE", "FR"], "DE"), ([], "US")])
async def test_delivery_is_estimated_for_a_country_that_is_shipped_to(
    session: AsyncSession, countries: list[str], home: str
) -> None:
    await session.execute(text("UPDATE store_settings SET ship_to_countries = :countries"), {"countries": countries})

    assert (await get_store(session)).home_country == home
