"""Which column of a file is which."""

import pytest

from shophub.domain.import_columns import BY_NAME, find_columns, mapping_problem
from shophub.services.product_export import COLUMNS


def test_own_files_need_no_mapping():
    assert find_columns(COLUMNS) == {name: place for place, name in enumerate(COLUMNS)}


def test_what_others_call_their_columns_is_known():
    header = (
        "Handle",
        "Title",
        "Body (HTML)",
        "Vendor",
        "Type",
        "Variant SKU",
        "Variant Price",
        "Variant Inventory Qty",
        "?",
    )

    found = find_columns(header)

    assert found == {
        "slug": 0, "name": 1, "description": 2, "brand": 3, "category": 4, "sku": 5, "price": 6, "stock": 7
    }  # fmt: skip
    assert mapping_problem(found, len(header)) == ""


def test_of_two_columns_of_one_name_the_first_counts():
    assert find_columns(("sku", "SKU", "price")) == {"sku": 0, "price": 2}


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"price": 0}, "Say which column holds the SKU, the address or the name"),
        ({"sku": 0, "price": 0}, "SKU and Price are taken from the same column"),
        ({"sku": 9}, "not in the file"),
        ({"colour": 0}, "not in the file"),
    ],
    ids=["no key", "doubled", "outside", "unknown"],
)
def test_mapping_that_cannot_be_used_says_why(mapping: dict[str, int], sentence: str):
    assert sentence in mapping_problem(mapping, 3)
    assert "colour" not in BY_NAME
