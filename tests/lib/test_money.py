"""Amounts: splitting, rounding and printing them without losing a cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shophub.errors import InvalidInputError
from shophub.lib.money import allocate, decimal_string, exponent, format_money, parse_amount, parts_per


@given(st.integers(0, 10**15), st.lists(st.integers(0, 10**12), min_size=1, max_size=30).filter(any))
def test_allocated_parts_add_up_and_are_fair(amount, weights):
    parts = allocate(amount, weights)

    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - amount * weight) < sum(weights)  # less than one unit from the exact share


@given(st.integers(0, 10**15), st.integers(0, 10**7), st.integers(1, 10**7))
def test_parts_per_rounds_half_up(amount, parts, whole):
    result = parts_per(amount, parts, whole)

    assert (2 * result - 1) * whole <= 2 * amount * parts < (2 * result + 1) * whole


def test_nothing_to_spread_over_is_refused():
    with pytest.raises(ValueError, match="nothing to spread"):
        allocate(5, [0, 0])
    with pytest.raises(ValueError, match="negative"):
        allocate(-5, [1])
    assert allocate(0, [0, 0]) == [0, 0]


@pytest.mark.parametrize(
    ("amount", "currency", "shown", "plain"),
    [
        (5_998, "USD", "$59.98", "59.98"),
        (500, "JPY", "¥500", "500"),
        (1_234_567, "KWD", "KWD1,234.567", "1234.567"),
        (5, "EUR", "€0.05", "0.05"),
        (123_456_789, "USD", "$1,234,567.89", "1234567.89"),
        (-5_998, "USD", "-$59.98", "-59.98"),
        # Two by ISO 4217, though people in Serbia write none and CLDR follows them.
        (150_050, "RSD", "RSD1,500.50", "1500.50"),
        (1_500, "ISK", "ISK1,500", "1500"),
        (1_500, "IQD", "IQD1.500", "1.500"),
    ],
)
def test_amounts_are_printed_with_the_decimals_of_their_currency(amount, currency, shown, plain):
    assert format_money(amount, currency) == shown
    assert decimal_string(amount, currency) == plain


def test_amounts_keep_their_decimals_in_other_languages():
    assert format_money(123_456_789, "EUR", "de_DE") == "1.234.567,89\xa0€"
    assert format_money(12_345_678_901, "KWD", "hi_IN") == "KWD1,23,45,678.901"
    assert format_money(150_050, "RSD", "sr_RS") == "1.500,50\xa0RSD"


def test_unknown_currency_is_refused():
    with pytest.raises(InvalidInputError):
        exponent("ZZZ")


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("12", "USD", 1_200),
        ("12.5", "USD", 1_250),
        ("$1,234.50 ", "USD", 123_450),
        ("12.", "USD", 1_200),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1_234),
    ],
)
def test_amount_that_people_type_is_read_exactly(text: str, currency: str, expected: int) -> None:
    assert parse_amount(text, currency) == expected


@pytest.mark.parametrize("text", ["", "12,50", "-5", "1.005", "5 EUR", "1e3", "1,23,456", "٣", "9" * 13])
def test_amount_that_could_mean_two_things_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_amount(text, "USD")
