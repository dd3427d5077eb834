"""The sandboxes' tables."""

import asyncio

from shophub.sandbox.storage import Storage
from shophub.sandbox.stripe.schema import STRIPE_TABLES


async def test_tables_can_be_made_by_many_at_once(empty_database):
    storages = [Storage(empty_database, max_connections=2) for _ in range(6)]
    await asyncio.gather(*(storage.start() for storage in storages))

    await asyncio.gather(*(storage.create_tables(STRIPE_TABLES) for storage in storages))

    async with storages[0].transaction() as connection:
        cursor = await connection.execute(
            "SELECT count(*) AS tables FROM information_schema.tables WHERE table_schema = 'sandbox'"
        )
        assert await cursor.fetchone() == {"tables": len([one for one in STRIPE_TABLES if "CREATE TABLE" in one])}
    await asyncio.gather(*(storage.stop() for storage in storages))
