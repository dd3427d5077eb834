"""What the database layer itself promises."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError

from shophub.db import AsyncSession


async def test_error_of_the_database_does_not_tell_what_a_customer_typed(session: AsyncSession):
    with pytest.raises(DataError) as refused:
        await session.execute(
            text("SELECT CAST(:address AS text), CAST(:bad AS text)"), {"address": "1 Hidden Lane", "bad": "\x00"}
        )

    assert "Hidden Lane" not in str(refused.value)
