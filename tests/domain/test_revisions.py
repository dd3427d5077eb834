"""Revisions as they are stored: everything comes back, and what was stored before quotes gave reasons is still read."""

import json
from dataclasses import asdict
from uuid import UUID

from shophub.domain.coupons import CouponTerms
from shophub.domain.pricing import PriceLine, PricingRules, quote
from shophub.domain.revisions import (
    Revision,
    RevisionLine,
    line_from_json,
    line_to_json,
    sums_from_json,
    sums_of,
)
from shophub.domain.statuses import DiscountType

MUG = UUID("019361f0-0000-7000-8000-000000000001")
TEN = CouponTerms("1", "TEN10", DiscountType.PERCENTAGE, 1_000, 0, 0, None)
QUOTE = quote(
    [PriceLine("1", 3, 1_999)], TEN, PricingRules("USD", 88_750, tax_on_shipping=True, shipping_fee_minor=500)
)


def _line(quantity: int = 3, **more: object) -> RevisionLine:
    (quoted,) = QUOTE.lines
    return RevisionLine(
        variant_id=MUG,
        product_id=MUG,
        slug="mug",
        name="Mug",
        sku="MUG-1",
        options={"Size": "M"},
        image_public_id=None,
        image_alt="A mug",
        image_colour="#e8e4dc",
        quantity=quantity,
        price_minor=1_999,
        discount_minor=quoted.discount_minor,
        tax_minor=quoted.tax_minor,
        total_minor=quoted.total_minor,
        **more,  # type: ignore[arg-type]
    )


def test_what_is_stored_comes_back_with_its_reasons():
    line = _line(reasons=QUOTE.lines[0].reasons)

    assert line_from_json(json.loads(json.dumps(line_to_json(line)))) == line
    assert sums_from_json(json.loads(json.dumps(asdict(sums_of(QUOTE))))) == sums_of(QUOTE)
    assert len(line.reasons) == 3


def test_lines_stored_without_reasons_are_read():
    stored = line_to_json(_line())
    del stored["reasons"]

    assert line_from_json(stored) == _line()


def test_sums_stored_without_rate_and_reasons_are_read():
    stored = asdict(sums_of(QUOTE))
    del stored["shipping_reasons"], stored["tax_rate_ppm"]

    sums = sums_from_json(stored)

    assert (sums.total_minor, sums.tax_rate_ppm, sums.shipping_reasons) == (QUOTE.total_minor, 0, ())


def test_same_variant_on_two_lines_counts_as_one_demand_for_stock():
    """Known failure 2: the same product on two lines passes the stock check line by line; stock ends at -78."""
    revision = Revision(
        checkout_id=MUG,
        number=1,
        currency="USD",
        lines=(_line(50), _line(40)),
        sums=sums_of(QUOTE),
        shipping_address={},
        coupon_id=None,
        coupon_code=None,
        email="ada@example.com",
        note="",
    )

    assert revision.quantities == {MUG: 90}
