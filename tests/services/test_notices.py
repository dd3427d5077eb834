"""Which changes in the database tell open pages of which product."""

import json

import psycopg
import pytest

from shophub.db import transaction
from shophub.services.live import CHANNEL
from tests.factories import make_image, make_product, variants_of
from tests.rows import execute


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM variants WHERE option_values = '{S}'",
        "DELETE FROM products",
        "UPDATE variants SET position = 9 WHERE option_values = '{S}'",
        "UPDATE variants SET option_values = '{XL}' WHERE option_values = '{S}'",
        "UPDATE variants SET image_id = (SELECT id FROM images LIMIT 1) WHERE option_values = '{S}'",
        "UPDATE products SET brand = 'Alder'",
        "UPDATE products SET category_id = category_id",
        "UPDATE product_options SET name = 'Width'",
        "DELETE FROM product_options",
        "UPDATE images SET position = 5",
        "DELETE FROM images",
        "INSERT INTO images (id, product_id, public_id) SELECT gen_random_uuid(), id, 'new' FROM products",
    ],
)
async def test_open_pages_hear_of_whatever_shows_on_cards_and_pages(change: str, database: str) -> None:
    async with transaction() as session:
        product = await make_product(session, options={"Size": ["S", "M"]})
        await make_image(session, product)

    assert str(product.id) in heard_of(database, change)


async def test_both_products_hear_of_a_variant_that_moves(database: str) -> None:
    async with transaction() as session:
        one, other = await make_product(session), await make_product(session)
        (variant,) = await variants_of(session, other)
        await execute(session, "UPDATE variants SET option_values = '{moved}' WHERE id = :id", id=variant.id)

    heard = heard_of(database, f"UPDATE variants SET product_id = '{one.id}' WHERE id = '{variant.id}'")

    assert {str(one.id), str(other.id)} <= heard


def heard_of(database: str, change: str) -> set[str]:
    """Return the products of which notice is given when a statement runs."""
    with psycopg.connect(database, autocommit=True) as listening, psycopg.connect(database, autocommit=True) as other:
        listening.execute(f"LISTEN {CHANNEL}")
        other.execute(change)
        other.execute(f"NOTIFY {CHANNEL}, 'end'")
        found: set[str] = set()
        for notice in listening.notifies(timeout=10):
            if notice.payload == "end":
                return found
            content = json.loads(notice.payload)
            found.add(content.get("product_id") or (content["id"] if content["kind"] == "product" else ""))
    raise AssertionError("nothing was heard")
