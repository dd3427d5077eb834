"""Currencies: what is shown is what Stripe is asked for, and what it would not take is refused before it is held."""

import pytest

from shophub.db import transaction
from shophub.errors import AmountNotChargeableError, CurrencyNotChargeableError
from shophub.schemas.carts import CartOwner
from shophub.services import carts
from shophub.services.flows.refund_order import refund_order
from tests.checkout.conftest import Shop
from tests.checkout.test_paying import deliver
from tests.checkout.test_refunds import money


async def _priced_in(shop: Shop, currency: str, mug_minor: int, **settings: object) -> None:
    """Have the shop sell in another currency, without delivery fee and tax unless asked otherwise."""
    columns = {"currency": currency, "tax_rate_ppm": 0, "shipping_fee_minor": 0, **settings}
    await shop.rows(
        f"UPDATE store_settings SET {', '.join(f'{name} = :{name}' for name in columns)} RETURNING 1", **columns
    )
    await shop.rows("UPDATE variants SET price_minor = :price WHERE id = :id RETURNING 1", price=mug_minor, id=shop.mug)


async def _nothing_is_held(shop: Shop) -> bool:
    return await shop.stock(shop.mug) == (10, 0) and await shop.rows("SELECT 1 FROM checkouts") == []


@pytest.mark.parametrize("currency", ["ISK", "UGX", "MGA", "IQD", "LYD"])
async def test_currency_that_stripe_counts_otherwise_is_refused_before_anything_is_held(shop: Shop, currency):
    await _priced_in(shop, currency, 150_000)

    with pytest.raises(CurrencyNotChargeableError, match=currency):
        await shop.pay_start(await shop.guest("ada", (shop.mug, 1)))

    assert await _nothing_is_held(shop)


async def test_dinars_are_charged_in_the_hundredths_that_they_are_shown_in(shop: Shop):
    """Known failure 13: shown as RSD 1,500 and charged as 15.00."""
    await _priced_in(shop, "RSD", 150_000)

    payment = await shop.pay_start(await shop.guest("ada", (shop.mug, 1)))

    assert (payment.amount_minor, payment.amount_text) == (150_000, "RSD1,500.00")
    assert shop.confirm(payment).amount_received == 150_000


async def test_price_that_cards_cannot_be_charged_is_refused_in_words_before_anything_is_held(shop: Shop):
    """Known failure 15: of three decimals Stripe takes only those whose last is 0; a payment page that breaks."""
    await _priced_in(shop, "KWD", 1_999)

    with pytest.raises(AmountNotChargeableError) as refusal:
        await shop.pay_start(await shop.guest("ada", (shop.mug, 1)))

    assert refusal.value.message == (
        "Cards can only be charged multiples of KWD0.010, and this comes to KWD1.999. Please write to us."
    )
    assert await _nothing_is_held(shop)


async def test_order_in_three_decimals_is_paid_and_given_back_in_amounts_that_stripe_takes(shop: Shop):
    """Known failure 13: a discount, a tax and thirds of a line, none of which ends in 0 by itself."""
    await _priced_in(shop, "KWD", 3_350, tax_rate_ppm=88_750, shipping_fee_minor=1_000)
    await shop.coupon("ODD", percent_bp=337)
    visitor = await shop.guest("ada", (shop.mug, 3))
    async with transaction() as session:
        await carts.apply_coupon(session, CartOwner(guest_token=visitor.guest_token), "ODD")

    payment = await shop.pay_start(visitor)
    shop.confirm(payment)
    await deliver()

    # 10,050 less 340 (338.7), plus 860 of tax (861.8) and the delivery.
    assert payment.amount_minor == 10_050 - 340 + 860 + 1_000
    ((number, sku),) = await shop.rows("SELECT o.number, l.sku FROM orders o JOIN order_lines l ON l.order_id = o.id")
    with pytest.raises(AmountNotChargeableError, match=r"multiples of KWD0\.010"):
        await refund_order(int(str(number)), amount_minor=1_001)
    given_back = [
        await refund_order(int(str(number)), lines={str(sku): 1}),
        await refund_order(int(str(number)), lines={str(sku): 1}),
        await refund_order(int(str(number)), amount_minor=10),
        await refund_order(int(str(number))),
    ]
    assert [refund.amount_minor for refund in given_back] == [3_530, 3_520, 10, 4_510]
    assert (await money(shop))[1:] == ("REFUNDED", payment.amount_minor, 0, 0)
