"""Shoppers, admins, Stripe and time do what they like, in any order; the shop stays what a model of it says it is.

After each step the books have to balance, and the database has to say what the model says. ``SHOPHUB_LONG_TESTS=1``
looks longer, and elsewhere each time.
"""

import os
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shophub.domain.statuses import CheckoutStatus, OrderStatus
from shophub.schemas.fulfilment import ShipmentForm
from shophub.services import carts
from shophub.services.audit import SHOP, Actor
from shophub.services.checkouts import get_checkout_page
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.flows.expire import expire_due_checkouts
from shophub.services.flows.handle_event import PAYMENT_EVENTS, REFUND_EVENTS, handle_event
from shophub.services.flows.reconcile import reconcile_checkout
from shophub.services.flows.refund_order import RefundResult, refund_order
from shophub.services.fulfilment import mark_delivered, mark_shipped
from tests.checkout.conftest import Shop
from tests.checkout.model.carts import GUESTS, PRICES, Checkout, Order
from tests.checkout.model.orders import ShopModel
from tests.checkout.model.world import World, in_transaction
from tests.sandbox.conftest import Controls

LONG = os.environ.get("SHOPHUB_LONG_TESTS") == "1"
SETTINGS = settings(
    max_examples=400 if LONG else 20,
    stateful_step_count=60 if LONG else 30,
    derandomize=not LONG,
    # Shrinking takes minutes; the steps are printed as they were.
    phases=list(Phase) if LONG else [Phase.generate],
    report_multiple_bugs=False,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
SHOPPERS = st.integers(0, GUESTS)
VARIANTS = st.integers(0, len(PRICES) - 1)
ANY = st.integers(0, 11)
METHODS = st.sampled_from(["pm_card_visa"] * 4 + ["pm_card_visa_chargeDeclined", "pm_usBankAccount_processing"])


class ShopMachine(RuleBasedStateMachine):
    """Each rule does one thing in both shops, and compares what it came to."""

    world: World

    def __init__(self) -> None:
        """Open both shops."""
        super().__init__()
        self.world.reset()
        self.model = ShopModel()
        self.handled: set[str] = set()

    def same(self, refusal: type[Exception] | None, answer: object) -> None:
        """Both shops refuse for the same reason, or neither does."""
        assert (type(answer) if isinstance(answer, Exception) else None) is refusal, answer

    def checkout(self, pick: int) -> Checkout:
        """Return one that has a payment at Stripe."""
        payable = [checkout for checkout in self.model.checkouts if checkout.intent]
        return payable[pick % len(payable)]

    def order(self, pick: int) -> Order:
        """Return an order."""
        return self.model.orders[pick % len(self.model.orders)]

    def has_payments(self) -> bool:
        """Whether anything can be paid."""
        return any(checkout.intent for checkout in self.model.checkouts)

    def of_cart(self, shopper: int, pick: int) -> int:
        """Return a variant: one of the cart, if there is anything in it."""
        lines = sorted(self.model.carts[shopper].lines)
        return lines[pick % len(lines)] if lines else pick % len(PRICES)

    # Shoppers.

    @initialize(
        goods=st.lists(st.tuples(VARIANTS, st.integers(1, 2)), min_size=GUESTS + 1, max_size=GUESTS + 1),
        code=st.sampled_from(["ONCE", "MINE", "SHIP", ""]),
    )
    def come_in(self, goods: list[tuple[int, int]], code: str) -> None:
        """Everybody has something in the cart, and one has bought something before."""
        first = goods[0][0] % (GUESTS + 1)
        self.add(first, goods[1][0], 1)
        self.coupon(first, code)
        self.buy(first, goods[1][0], "pm_card_visa", told=True)
        for shopper, (variant, quantity) in enumerate(goods):
            self.add(shopper, variant, quantity)

    @rule(shopper=SHOPPERS, variant=VARIANTS, method=METHODS, told=st.booleans())
    def buy(self, shopper: int, variant: int, method: str, told: bool) -> None:
        """Buy something straight away."""
        self.add(shopper, variant, 1)
        self.start(shopper)
        live = self.model.live_of(shopper)
        if live is not None and live.stripe == "requires_payment_method":
            live.stripe = self.world.confirm(live.intent, method)
            if told:
                self.world.run(reconcile_checkout(UUID(live.id)))
                self.model.settle(live)

    @rule(shopper=SHOPPERS)
    def browse(self, shopper: int) -> None:
        """Look at the cart and at the checkout page."""
        self.model.revalidate(shopper)
        view: Any = self.world.run(self.world.cart(shopper, carts.get_cart))
        page = self.world.run(in_transaction(get_checkout_page, self.world.visitors[shopper]))
        priced = self.model.quote(shopper)
        shown = (view.subtotal_minor, view.discount_minor, view.shipping_minor, page.quote.total_minor)
        assert shown == (priced.subtotal_minor, priced.discount_minor, priced.shipping_minor, view.total_minor)

    @rule(shopper=SHOPPERS, variant=VARIANTS, quantity=st.integers(1, 3))
    def add(self, shopper: int, variant: int, quantity: int) -> None:
        """Put something into the cart."""
        answer = self.world.attempt(self.world.cart(shopper, carts.add_item, self.world.variants[variant], quantity))
        self.same(self.model.add(shopper, variant, quantity), answer)

    @rule(shopper=SHOPPERS, pick=ANY, quantity=st.integers(0, 4))
    def set_quantity(self, shopper: int, pick: int, quantity: int) -> None:
        """Change a quantity, or take the line out."""
        variant = self.of_cart(shopper, pick)
        answer = self.world.attempt(self.world.on_line(shopper, variant, carts.set_quantity, quantity))
        self.same(self.model.set_quantity(shopper, variant, quantity), answer)

    @rule(shopper=SHOPPERS, pick=ANY, back=st.booleans())
    def save_for_later(self, shopper: int, pick: int, back: bool) -> None:
        """Put a line aside, or back."""
        variant = self.of_cart(shopper, pick)
        do = carts.move_to_cart if back else carts.save_for_later
        expected = self.model.put_back if back else self.model.put_aside
        answer = self.world.attempt(self.world.on_line(shopper, variant, do))
        self.same(expected(shopper, variant), answer)

    @rule(shopper=SHOPPERS, code=st.sampled_from(["TEN", "ONCE", "MINE", "SHIP", "GIFT", ""]))
    def coupon(self, shopper: int, code: str) -> None:
        """Enter a code, or take it off."""
        if code:
            answer = self.world.attempt(self.world.cart(shopper, carts.apply_coupon, code.lower()))
            self.same(self.model.apply(shopper, code), answer)
        else:
            self.world.run(self.world.cart(shopper, carts.remove_coupon))
            self.model.carts[shopper].coupon = None

    @rule(shopper=SHOPPERS, code=st.sampled_from(["TEN", "ONCE", "MINE", "SHIP", "GIFT"]), pick=ANY)
    def buy_with_coupon(self, shopper: int, code: str, pick: int) -> None:
        """Start with a coupon, and perhaps go through with it."""
        self.coupon(shopper, code)
        self.start(shopper)
        if pick % 3:
            self.buy(shopper, self.of_cart(shopper, pick), "pm_card_visa", told=bool(pick % 2))

    @rule(shopper=SHOPPERS)
    def start(self, shopper: int) -> None:
        """Start paying."""
        answer = self.world.attempt(self.world.start(shopper))
        self.same(self.model.start(shopper, answer), answer)

    @rule(guest=st.integers(0, GUESTS - 1))
    def sign_in(self, guest: int) -> None:
        """A guest turns out to be the account."""
        self.world.run(self.world.sign_in(guest))
        self.model.sign_in(guest)

    @precondition(lambda self: any(c.intent and c.stripe == "requires_payment_method" for c in self.model.checkouts))
    @rule(pick=ANY, method=METHODS)
    def pay(self, pick: int, method: str) -> None:
        """Confirm a payment that may have been started long ago."""
        unpaid = [c for c in self.model.checkouts if c.intent and c.stripe == "requires_payment_method"]
        checkout = unpaid[pick % len(unpaid)]
        checkout.stripe = self.world.confirm(checkout.intent, method)

    # Stripe.

    @precondition(lambda self: any(c.stripe == "processing" for c in self.model.checkouts))
    @rule(pick=ANY, outcome=st.sampled_from(["succeeded", "failed"]))
    def bank_decides(self, pick: int, outcome: str) -> None:
        """A payment that settles later is settled."""
        waiting = [checkout for checkout in self.model.checkouts if checkout.stripe == "processing"]
        checkout = waiting[pick % len(waiting)]
        self.world.controls.post(f"/payment_intents/{checkout.intent}/settle", outcome=outcome)
        checkout.stripe = "succeeded" if outcome == "succeeded" else "requires_payment_method"

    @precondition(has_payments)
    @rule(pick=st.integers(0, 40), again=st.integers(1, 2))
    def webhook(self, pick: int, again: int) -> None:
        """Any event of the past arrives, once or twice; others never do."""
        events = self.world.run(self.world.events())
        news = [event for event in events if event.id not in self.handled]
        likely = news if pick % 4 and news else events
        event = likely[pick // 4 % len(likely)]
        for _ in range(again):
            self.world.run(handle_event(event))
        checkout = next(c for c in self.model.checkouts if c.intent == event.payment_intent_id)
        if event.id not in self.handled and event.type in PAYMENT_EVENTS | REFUND_EVENTS:
            self.model.settle(checkout)
            if event.type in REFUND_EVENTS:
                self.model.hear_of_refunds(next(o for o in self.model.orders if o.checkout is checkout))
        self.handled.add(event.id)

    @precondition(has_payments)
    @rule(pick=ANY)
    def reconcile(self, pick: int) -> None:
        """The shop asks Stripe."""
        checkout = self.checkout(pick)
        self.world.run(reconcile_checkout(UUID(checkout.id)))
        self.model.settle(checkout)

    @precondition(lambda self: self.model.orders)
    @rule(pick=ANY, amount=st.sampled_from([1, 500, 2_000]))
    def refund_elsewhere(self, pick: int, amount: int) -> None:
        """Somebody refunds in Stripe's dashboard."""
        order = self.order(pick)
        if order.checkout.intent and self.model.refund_elsewhere(order, amount):
            self.world.stripe.v1.refunds.create({"payment_intent": order.checkout.intent, "amount": amount})

    # Time and the shop.

    @precondition(lambda self: self.model.checkouts)
    @rule(pick=ANY)
    def time_passes(self, pick: int) -> None:
        """A checkout's half hour is over; nobody has noticed."""
        checkout = self.model.checkouts[pick % len(self.model.checkouts)]
        checkout.is_due = True
        sql = "UPDATE checkouts SET expires_at = now() - interval '1 minute' WHERE id = CAST(:id AS uuid)"
        self.world.run(self.world.write(sql, id=checkout.id))

    @rule()
    def expire(self) -> None:
        """The job comes round."""
        self.world.run(expire_due_checkouts())
        self.model.expire_due()

    @rule(variant=VARIANTS, price=st.sampled_from([600, 1_999, 3_333, 9_900]))
    def reprice(self, variant: int, price: int) -> None:
        """An admin changes a price."""
        self.model.variants[variant].price = price
        sql = "UPDATE variants SET price_minor = :price WHERE id = :id"
        self.world.run(self.world.write(sql, price=price, id=self.world.variants[variant]))

    @rule(variant=VARIANTS, delta=st.integers(-2, 3))
    def restock(self, variant: int, delta: int) -> None:
        """An admin counts the shelf; what is reserved stays there."""
        real, reserved = self.model.variants[variant], self.model.reserved(variant)
        delta = max(delta, reserved - real.stock)
        real.stock += delta
        self.world.run(self.world.restock(variant, delta))

    @rule(variant=VARIANTS)
    def deactivate(self, variant: int) -> None:
        """An admin takes a product off the shelves, or puts those back that are not there."""
        gone = [n for n, real in enumerate(self.model.variants) if not real.is_active]
        for one in gone or [variant]:
            self.model.variants[one].is_active = bool(gone)
            self.world.run(self.world.publish(one, "active" if gone else "archived"))

    @rule(
        fee=st.sampled_from([0, 500, 1_000]),
        threshold=st.sampled_from([None, 5_000]),
        tax=st.sampled_from([0, 88_750]),
        included=st.booleans(),
    )
    def change_settings(self, fee: int, threshold: int | None, tax: int, included: bool) -> None:
        """An admin changes shipping and tax."""
        self.model.change_rules(fee, threshold, tax, included)
        self.world.run(
            self.world.write(
                "UPDATE store_settings SET shipping_fee_minor = :fee, free_shipping_threshold_minor = :threshold,"
                " tax_rate_ppm = :tax, prices_include_tax = :included",
                fee=fee,
                threshold=threshold,
                tax=tax,
                included=included,
            )
        )

    # Orders.

    @precondition(lambda self: self.model.orders)
    @rule(pick=ANY, amount=st.sampled_from([None, 1, 700, 2_500]), restock=st.booleans())
    def refund_amount(self, pick: int, amount: int | None, restock: bool) -> None:
        """An admin refunds an amount, or all that is left."""
        order = self.order(pick)
        number, _ = self.world.run(self.world.order_of(order.checkout.id))
        answer = self.world.attempt(refund_order(number, amount_minor=amount, restock=restock))
        self.same_refund(self.model.refund_amount(order, amount, restock=restock), answer)

    @precondition(lambda self: self.model.orders)
    @rule(pick=ANY, line=ANY, units=st.integers(1, 3), restock=st.booleans())
    def refund_line(self, pick: int, line: int, units: int, restock: bool) -> None:
        """An admin refunds units of a line."""
        order = self.order(pick)
        number, lines = self.world.run(self.world.order_of(order.checkout.id))
        variant = sorted(lines)[line % len(lines)]
        answer = self.world.attempt(refund_order(number, lines={lines[variant][0]: units}, restock=restock))
        totals = {one: total for one, (_, total) in lines.items()}
        self.same_refund(self.model.refund_lines(order, {variant: units}, totals, restock=restock), answer)

    def same_refund(self, expected: type[Exception] | bool, answer: Any) -> None:
        """Both refuse, both succeed, or Stripe refuses both."""
        if isinstance(expected, bool):
            assert isinstance(answer, RefundResult), answer
            assert answer.status == ("succeeded" if expected else "failed")
        else:
            self.same(expected, answer)

    @precondition(lambda self: self.model.orders)
    @rule(pick=ANY)
    def cancel(self, pick: int) -> None:
        """A customer or an admin cancels."""
        order = self.order(pick)
        number, _ = self.world.run(self.world.order_of(order.checkout.id))
        answer = self.world.attempt(cancel_order(number, actor=SHOP, by_customer=True))
        self.same(self.model.cancel(order), answer)

    @precondition(lambda self: self.model.orders)
    @rule(pick=ANY, step=st.sampled_from([OrderStatus.SHIPPED, OrderStatus.DELIVERED]))
    def fulfil(self, pick: int, step: OrderStatus) -> None:
        """An admin ships, or the parcel arrives."""
        order = self.order(pick)
        number, _ = self.world.run(self.world.order_of(order.checkout.id))
        actor = self.world.account
        if step is OrderStatus.SHIPPED:
            work = in_transaction(mark_shipped, number, ShipmentForm(), actor=Actor(actor))
        else:
            work = in_transaction(mark_delivered, number, actor=Actor(actor))
        self.same(self.model.advance(order, step), self.world.attempt(work))

    @invariant()
    def books_balance(self) -> None:
        """Whatever happened, the invariants hold."""
        assert self.world.run(self.world.violations()) == ()

    @invariant()
    def shops_agree(self) -> None:
        """Stock, carts, coupons, checkouts, orders and money are those of the model."""
        assert self.world.run(self.world.look()) == self.model.look()

    def teardown(self) -> None:
        """Let all checkouts end: nothing is reserved or held, and Stripe has kept and given back the same money."""
        for checkout in self.model.checkouts:
            checkout.is_due = True
        self.world.run(self.world.write("UPDATE checkouts SET expires_at = now() - interval '1 minute'"))
        self.expire()
        self.shops_agree()
        for checkout in self.model.checkouts:
            if checkout.status is CheckoutStatus.PROCESSING:
                if checkout.stripe == "processing":
                    self.world.controls.post(f"/payment_intents/{checkout.intent}/settle", outcome="succeeded")
                    checkout.stripe = "succeeded"
                self.world.run(reconcile_checkout(UUID(checkout.id)))
                self.model.settle(checkout)
        self.expire()
        self.shops_agree()
        self.books_balance()
        assert all(self.model.reserved(variant) == 0 for variant in range(len(PRICES)))
        self.money_agrees()

    def money_agrees(self) -> None:
        """Stripe's own books say the same."""
        received = {order.checkout.intent: order for order in self.model.orders if order.checkout.intent}
        for intent in self.world.stripe.v1.payment_intents.list({"limit": 100}).data:
            order = received.get(intent.id)
            assert intent.amount_received == (order.paid if order else 0)
            if order is not None:
                given = self.world.stripe.v1.refunds.list({"payment_intent": intent.id, "limit": 100}).data
                assert sum(refund.amount for refund in given) == order.at_stripe <= order.paid


@pytest.mark.timeout(7_200 if LONG else 1_800)
def test_shop_stays_what_its_model_says_whatever_happens_in_whatever_order(shop: Shop, controls: Controls) -> None:
    world = World(shop, controls)
    try:
        run_state_machine_as_test(type("Machine", (ShopMachine,), {"world": world}), settings=SETTINGS)
    finally:
        world.close()
