"""Page numbers as they come from addresses."""

import pytest

from shophub.lib.pagination import MAX_PAGE, page_number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("7", 7),
        ("007", 7),
        ("0", 0),
        ("", 1),
        ("-1", 1),
        ("1.5", 1),
        ("²", 1),
        ("٣", 1),
        (str(MAX_PAGE), MAX_PAGE),
        ("9" * 5_000, MAX_PAGE + 1),
        ("0" * 5_000 + "3", 3),
    ],
)
def test_page_number_of_an_address(text, expected):
    assert page_number(text) == expected
