"""Migrations: they give what the models say, and go down and up again over tables that hold rows."""

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from shophub.db import transaction
from shophub.models.operations import AuditEntry
from shophub.schemas.carts import CartOwner
from shophub.services.carts import add_item
from tests.databases import PROJECT
from tests.factories import make_address, make_cart, make_coupon, make_image, make_product, make_user, variants_of


def _config(url: str) -> Config:
    config = Config(PROJECT / "alembic.ini")
    config.attributes["url"] = url
    return config


def test_models_and_migrations_agree(database):
    command.check(_config(database))  # raises where they differ


async def test_down_and_up_again_works_on_filled_tables(database):
    async with transaction() as session:
        user = await make_user(session)
        await make_address(session, user)
        product = await make_product(session)
        await make_image(session, product)
        (variant,) = await variants_of(session, product)
        await make_cart(session, user=user, lines=[(variant, 2)], coupon=await make_coupon(session))
        session.add(AuditEntry(actor_id=user.id, action="tested", target_type="user", target_id=str(user.id)))
        await add_item(session, CartOwner(guest_token="a-guest-of-this-test"), variant.id, 1)
    with psycopg.connect(database) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()

    command.downgrade(_config(database), "base")

    with psycopg.connect(database) as connection:
        left = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'procrastinate%'"
        ).fetchall()
    assert left == [("alembic_version",)]

    command.upgrade(_config(database), "head")
    command.check(_config(database))

    with psycopg.connect(database) as connection:
        again = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert again == tables


# More than two batches; every third has lost its cart.
OLD_CHECKOUTS = """
INSERT INTO checkouts (id, cart_id, email, email_key, status, currency, opened_at, expires_at)
SELECT gen_random_uuid(), CASE WHEN n % 3 > 0 THEN id END, 'a@shop.example', 'a@shop.example', 'expired', 'USD', now(),
       now() FROM carts, generate_series(1, 1200) AS n
"""
LEFT_UNDONE = """
SELECT (SELECT count(*) FROM checkouts WHERE goods_cart_id IS DISTINCT FROM cart_id),
       (SELECT count(*) FROM pg_constraint WHERE NOT convalidated AND connamespace = 'public'::regnamespace),
       (SELECT count(*) FROM pg_index WHERE NOT indisvalid)
"""


async def test_old_checkouts_learn_whose_goods_they_take_also_where_the_step_was_broken_off(database):
    async with transaction() as session:
        await make_cart(session, user=await make_user(session))
    command.downgrade(_config(database), "a1f0c2d4e603")
    with psycopg.connect(database) as connection:
        connection.execute(OLD_CHECKOUTS)

    command.upgrade(_config(database), "a1f0c2d4e614")
    with psycopg.connect(database) as connection:
        assert connection.execute(LEFT_UNDONE).fetchone() == (0, 0, 0)
        # As a stop in its middle leaves it.
        connection.execute("ALTER TABLE refunds DROP CONSTRAINT ck_refunds_source_known")
        connection.execute(
            "UPDATE checkouts SET goods_cart_id = NULL WHERE id > '80000000-0000-0000-0000-000000000000'"
        )
    command.stamp(_config(database), "a1f0c2d4e604")
    command.upgrade(_config(database), "head")

    command.check(_config(database))
    with psycopg.connect(database) as connection:
        assert connection.execute(LEFT_UNDONE).fetchone() == (0, 0, 0)
        assert connection.execute("SELECT count(*) FROM checkouts WHERE goods_cart_id IS NOT NULL").fetchone() == (800,)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE stock_ledger SET delta = delta + 1",
        "DELETE FROM stock_ledger",
        "UPDATE audit_log SET action = 'forged'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
    ],
)
async def test_append_only_tables_refuse_changes(database, sql):
    async with transaction() as session:
        await make_product(session)
        session.add(AuditEntry(action="tested", target_type="nothing"))
        await session.flush()
        await session.execute(
            text("INSERT INTO stock_ledger (variant_id, delta, reason) SELECT id, 1, 'restock' FROM variants")
        )

    with pytest.raises(DBAPIError, match="append-only"):
        async with transaction() as session:
            await session.execute(text(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE variants SET stock = -1",
        "UPDATE variants SET reserved = stock + 1",
        "UPDATE variants SET reserved = -1",
        "UPDATE variants SET price_minor = 0",
        "UPDATE products SET slug = 'Not A Slug'",
        "UPDATE products SET status = 'sold'",
        "UPDATE store_settings SET tax_rate_ppm = -1",
        "INSERT INTO store_settings (id) VALUES (2)",
        "INSERT INTO users (id, email, full_name) SELECT gen_random_uuid(), upper(email), 'Twin' FROM users",
    ],
)
async def test_rules_that_matter_are_kept_by_the_database(database, sql):
    async with transaction() as session:
        await make_product(session)
        await make_user(session)

    with pytest.raises(IntegrityError):
        async with transaction() as session:
            await session.execute(text(sql))


@pytest.mark.parametrize("revision", ["a1f0c2d4e665", "a1f0c2d4e663", "a1f0c2d4e693", "a1f0c2d4e703"])
def test_step_that_was_broken_off_while_it_built_indexes_is_done_again(database, revision):
    before = ScriptDirectory.from_config(_config(database)).get_revision(revision).down_revision
    command.downgrade(_config(database), before)
    command.upgrade(_config(database), revision)
    with psycopg.connect(database) as connection:
        # As a stop in its middle leaves it.
        connection.execute("UPDATE alembic_version SET version_num = %s", [before])

    command.upgrade(_config(database), "head")

    command.check(_config(database))
    with psycopg.connect(database) as connection:
        assert connection.execute(LEFT_UNDONE).fetchone() == (0, 0, 0)
