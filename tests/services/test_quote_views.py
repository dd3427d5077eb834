"""The words for a quote's reasons, and sums that were stored without any."""

import pytest

from shophub.domain.reasons import Reason, ReasonCode
from shophub.domain.revisions import RevisionSums
from shophub.services.views.quotes import coupon_effect, quote_view, reason_text


@pytest.mark.parametrize(
    ("reason", "currency", "words"),
    [
        (Reason(ReasonCode.LIST_PRICE, 5_997, 1_999, 3), "USD", "3 × $19.99"),
        (Reason(ReasonCode.LIST_PRICE, 5_997, 1_999, 3), "JPY", "3 × ¥1,999"),
        (
            Reason(ReasonCode.COUPON_PERCENTAGE, -200, rate_ppm=100_000, coupon_code="TEN10"),
            "USD",
            "10% off with TEN10: −$2.00",
        ),
        (
            Reason(ReasonCode.COUPON_PERCENTAGE, -200, 5_000, rate_ppm=125_000, coupon_code="TECH"),
            "USD",
            "12.5% off with TECH, at most $50.00 in all: −$2.00",
        ),
        (Reason(ReasonCode.COUPON_FIXED, -5_000, 5_000, coupon_code="SAVE50"), "USD", "$50.00 off with SAVE50"),
        (
            Reason(ReasonCode.COUPON_FIXED, -1_667, 5_000, coupon_code="SAVE50"),
            "USD",
            "−$16.67 of the $50.00 off with SAVE50",
        ),
        (Reason(ReasonCode.COUPON_ELSEWHERE, coupon_code="TECH25"), "USD", "TECH25 does not apply to this item"),
        (Reason(ReasonCode.TAX_ADDED, 177, 177, rate_ppm=88_750), "USD", "8.875% tax: $1.77"),
        (Reason(ReasonCode.TAX_INCLUDED, 0, 1_900, rate_ppm=190_000), "EUR", "Includes 19% tax: €19.00"),
        (Reason(ReasonCode.SHIPPING_FLAT, 1_000, 1_000), "USD", "Flat fee of $10.00"),
        (Reason(ReasonCode.SHIPPING_FLAT), "USD", "Free delivery"),
        (Reason(ReasonCode.SHIPPING_FREE_FROM, 0, 10_000), "USD", "Free from $100.00"),
        (Reason(ReasonCode.SHIPPING_FREE_FROM), "USD", "Free delivery"),
        (Reason(ReasonCode.SHIPPING_FREE_COUPON, coupon_code="FREESHIP"), "USD", "Free with FREESHIP"),
    ],
)
def test_each_reason_has_its_words(reason, currency, words):
    assert reason_text(reason, currency) == words


def test_line_without_a_coupon_says_nothing_of_one():
    assert coupon_effect([Reason(ReasonCode.LIST_PRICE, 100, 100, 1)], "USD") == ""


def test_sums_stored_without_reasons_are_shown_without_them():
    sums = RevisionSums(1_000, 0, 500, 0, 95, 1_595, tax_included=False)

    view = quote_view(sums, "USD", None)

    assert (view.subtotal_text, view.discount_text, view.coupon_code) == ("$10.00", "", "")
    assert (view.shipping_text, view.shipping_reason) == ("$5.00", "")
    assert (view.tax_text, view.tax_label, view.total_text) == ("$0.95", "Tax", "$15.95")


def test_included_tax_is_said_to_be_included():
    sums = RevisionSums(11_900, 900, 0, 0, 1_756, 11_000, tax_included=True, tax_rate_ppm=190_000)

    view = quote_view(sums, "EUR", "NINE", tax_rate_ppm=sums.tax_rate_ppm)

    assert (view.tax_label, view.discount_text, view.shipping_text) == ("Tax included (19%)", "−€9.00", "Free")
