"""The quote in examples with exact values. What holds for all of them is in ``test_pricing_properties.py``."""

from dataclasses import replace

import pytest

from shophub.domain.coupons import CouponTerms
from shophub.domain.pricing import PriceLine, PricingRules, Quote, quote
from shophub.domain.reasons import Reason, ReasonCode
from shophub.domain.statuses import DiscountType

USD = PricingRules("USD", shipping_fee_minor=1_000, free_shipping_threshold_minor=10_000)


def _coupon(kind: DiscountType, value: int = 0, **more: object) -> CouponTerms:
    terms = CouponTerms(
        id="1",
        code="CODE",
        discount_type=kind,
        percent_bp=value if kind is DiscountType.PERCENTAGE else 0,
        amount_minor=value if kind is DiscountType.FIXED else 0,
        minimum_subtotal_minor=0,
        maximum_discount_minor=None,
    )
    return replace(terms, **more)  # type: ignore[arg-type]


def _only(unit_minor: int, quantity: int = 1, category: str = "a") -> list[PriceLine]:
    return [PriceLine("1", quantity, unit_minor, frozenset({category}))]


def _sums(result: Quote) -> tuple[int, int, int, int, int]:
    return (
        result.subtotal_minor,
        result.discount_minor,
        result.shipping_minor,
        result.tax_minor,
        result.total_minor,
    )


@pytest.mark.parametrize(
    ("given_lines", "coupon", "given_rules", "expected"),
    [
        (_only(1_999, 3), None, USD, (5_997, 0, 1_000, 0, 6_997)),
        (_only(10_000), None, USD, (10_000, 0, 0, 0, 10_000)),
        # The threshold is compared with what is left after the discount.
        (_only(10_500), _coupon(DiscountType.PERCENTAGE, 1_000), USD, (10_500, 1_050, 1_000, 0, 10_450)),
        (_only(5_000), _coupon(DiscountType.FREE_SHIPPING), USD, (5_000, 0, 0, 0, 5_000)),
        (_only(3_000), _coupon(DiscountType.FIXED, 5_000), USD, (3_000, 3_000, 1_000, 0, 1_000)),
        (
            _only(99_999),
            _coupon(DiscountType.PERCENTAGE, 2_000, maximum_discount_minor=5_000),
            USD,
            (99_999, 5_000, 0, 0, 94_999),
        ),
        # 8.875 % of 19.99 is 1.774…, rounded half up.
        (_only(1_999), None, replace(USD, tax_rate_ppm=88_750), (1_999, 0, 1_000, 177, 3_176)),
        (
            _only(1_999),
            None,
            replace(USD, tax_rate_ppm=88_750, tax_on_shipping=True),
            (1_999, 0, 1_000, 177 + 89, 3_265),
        ),
        # 19 % inside 119.00 are 19.00, and inside the fee of 10.00 1.60.
        (
            _only(11_900),
            None,
            PricingRules("EUR", 190_000, True, True, 1_000),
            (11_900, 0, 1_000, 1_900 + 160, 12_900),
        ),
        (_only(500, 2), _coupon(DiscountType.PERCENTAGE, 1), PricingRules("JPY"), (1_000, 0, 0, 0, 1_000)),
        ([], _coupon(DiscountType.FREE_SHIPPING), USD, (0, 0, 0, 0, 0)),
    ],
)
def test_examples(given_lines, coupon, given_rules, expected):
    assert _sums(quote(given_lines, coupon, given_rules)) == expected


def test_discount_is_spread_by_largest_remainder():
    """Known failure 13: percentage discounts do not add up to the line totals."""
    given_lines = [PriceLine(str(number), 1, 333) for number in range(3)]

    result = quote(given_lines, _coupon(DiscountType.FIXED, 100), USD)

    assert [line.discount_minor for line in result.lines] == [34, 33, 33]


def test_missing_amount_for_free_shipping_is_told():
    assert quote(_only(9_000), None, USD).free_shipping_missing_minor == 1_000
    assert quote(_only(10_000), None, USD).free_shipping_missing_minor is None


@pytest.mark.parametrize(("quantity", "unit_minor"), [(0, 100), (-5, 100), (1, -1)])
def test_quantities_below_one_and_negative_prices_are_refused(quantity, unit_minor):
    with pytest.raises(ValueError, match="1 or more"):
        quote([PriceLine("1", quantity, unit_minor)], None, USD)


def test_two_lines_with_one_key_are_refused():
    """Known failure 2: the same product on two lines passes each check by itself."""
    with pytest.raises(ValueError, match="key of its own"):
        quote([PriceLine("1", 1, 100), PriceLine("1", 1, 100)], None, USD)


@pytest.mark.parametrize(
    ("currency", "unit_minor", "coupon", "tax_rate_ppm", "expected"),
    [
        # 7.5 % off 19.99, 8.875 % tax on the rest; the same digits mean yen, dollars and fils alike.
        ("USD", 1_999, (DiscountType.PERCENTAGE, 750), 88_750, (1_999, 150, 0, 164, 2_013)),
        ("JPY", 1_999, (DiscountType.PERCENTAGE, 750), 100_000, (1_999, 150, 0, 185, 2_034)),
        # Of three decimals the last is 0, or Stripe does not charge it: 1,499.25 and 924.5 fils in steps of ten.
        ("KWD", 19_990, (DiscountType.PERCENTAGE, 750), 50_000, (19_990, 1_500, 0, 920, 19_410)),
        ("KWD", 19_990, (DiscountType.FIXED, 1_005), 50_000, (19_990, 1_000, 0, 950, 19_940)),
        # Half a yen of discount goes to the shopper, half a yen of tax to the state.
        ("JPY", 5, (DiscountType.PERCENTAGE, 1_000), 100_000, (5, 1, 0, 0, 4)),
        ("JPY", 5, None, 100_000, (5, 0, 0, 1, 6)),
        ("KWD", 1, (DiscountType.FIXED, 5_000), 50_000, (1, 1, 0, 0, 0)),
    ],
)
def test_currencies_of_0_2_and_3_decimals_are_reckoned_in_their_smallest_unit(
    currency, unit_minor, coupon, tax_rate_ppm, expected
):
    """Known failure 13: floating-point money: cents appear and vanish."""
    terms = _coupon(*coupon) if coupon else None

    assert _sums(quote(_only(unit_minor), terms, PricingRules(currency, tax_rate_ppm))) == expected


def test_coupon_for_one_category_leaves_the_other_lines_alone_and_is_held_to_its_maximum():
    """Known failure 19: a coupon for one category discounts the whole cart."""
    lines = [PriceLine("1", 2, 10_000, frozenset({"a"})), PriceLine("2", 1, 30_000, frozenset({"b"}))]
    tech = _coupon(DiscountType.PERCENTAGE, 2_500, category_ids=frozenset({"a"}), maximum_discount_minor=4_000)

    result = quote(lines, tech, USD)

    assert [line.discount_minor for line in result.lines] == [4_000, 0]
    assert [line.reasons for line in result.lines] == [
        (
            Reason(ReasonCode.LIST_PRICE, 20_000, 10_000, 2),
            Reason(ReasonCode.COUPON_PERCENTAGE, -4_000, 4_000, rate_ppm=250_000, coupon_code="CODE"),
        ),
        (
            Reason(ReasonCode.LIST_PRICE, 30_000, 30_000, 1),
            Reason(ReasonCode.COUPON_ELSEWHERE, coupon_code="CODE"),
        ),
    ]


@pytest.mark.parametrize(
    ("given_lines", "coupon", "given_rules", "expected"),
    [
        (_only(1_999), None, USD, (Reason(ReasonCode.SHIPPING_FLAT, 1_000, 1_000),)),
        (_only(10_000), None, USD, (Reason(ReasonCode.SHIPPING_FREE_FROM, 0, 10_000),)),
        (
            _only(1_999),
            _coupon(DiscountType.FREE_SHIPPING),
            USD,
            (Reason(ReasonCode.SHIPPING_FREE_COUPON, coupon_code="CODE"),),
        ),
        (
            _only(1_999),
            None,
            replace(USD, tax_rate_ppm=88_750, tax_on_shipping=True),
            (
                Reason(ReasonCode.SHIPPING_FLAT, 1_000, 1_000),
                Reason(ReasonCode.TAX_ADDED, 89, 89, rate_ppm=88_750),
            ),
        ),
        (
            _only(1_999),
            None,
            replace(USD, tax_rate_ppm=190_000, tax_on_shipping=True, prices_include_tax=True),
            (
                Reason(ReasonCode.SHIPPING_FLAT, 1_000, 1_000),
                Reason(ReasonCode.TAX_INCLUDED, 0, 160, rate_ppm=190_000),
            ),
        ),
        ([], None, USD, ()),
    ],
)
def test_shipping_says_why(given_lines, coupon, given_rules, expected):
    assert quote(given_lines, coupon, given_rules).shipping_reasons == expected


def test_line_says_what_a_fixed_coupon_and_the_tax_do_to_it():
    given_lines = [PriceLine("1", 1, 3_000), PriceLine("2", 3, 1_000)]

    first, second = quote(given_lines, _coupon(DiscountType.FIXED, 1_001), replace(USD, tax_rate_ppm=100_000)).lines

    assert first.reasons == (
        Reason(ReasonCode.LIST_PRICE, 3_000, 3_000, 1),
        Reason(ReasonCode.COUPON_FIXED, -501, 1_001, coupon_code="CODE"),
        Reason(ReasonCode.TAX_ADDED, 250, 250, rate_ppm=100_000),
    )
    assert second.reasons[1:] == (
        Reason(ReasonCode.COUPON_FIXED, -500, 1_001, coupon_code="CODE"),
        Reason(ReasonCode.TAX_ADDED, 250, 250, rate_ppm=100_000),
    )


def test_threshold_that_an_added_coupon_misses_brings_the_fee_back_and_says_what_is_missing():
    result = quote(_only(10_000), _coupon(DiscountType.PERCENTAGE, 1_000), USD)

    assert (result.shipping_minor, result.free_shipping_missing_minor) == (1_000, 1_000)
