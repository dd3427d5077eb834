"""The second shop from the till on: checkouts, payments, orders, refunds."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shophub.domain.refunds import line_refund_minor
from shophub.domain.statuses import ORDER_STEPS, CheckoutStatus, OrderStatus
from shophub.errors import (
    CheckoutChangedError,
    EmptyCartError,
    IllegalTransitionError,
    NotPaidError,
    PaymentInProgressError,
    RefundTooLargeError,
)
from tests.checkout.model.carts import (
    ACCOUNT,
    MAX_QUANTITY,
    Cart,
    CartsModel,
    Checkout,
    Line,
    Order,
    Refusal,
    Use,
    customer_of,
)


class ShopModel(CartsModel):
    """The whole shop."""

    # Checkouts and payments.

    def start(self, shopper: int, found: Any) -> Refusal | None:
        """Start paying. ``found`` is what the real shop answered: its ids are taken over, its amount is checked."""
        has_swept = False
        while True:
            in_the_way = self._outlived(shopper)
            if in_the_way is None and self._has_just_bought(shopper, found):
                return None
            refusal, short = (None, []) if in_the_way else self.may_start(shopper)
            if refusal is CheckoutChangedError and short and not has_swept:
                has_swept = True  # what others hold beyond their time is freed for who is short of it
                due = [c for c in self.checkouts if c.is_outlived and any(variant in c.lines for variant in short)]
                for checkout in due:
                    self.expire(checkout)
                if due:
                    continue
            if refusal is EmptyCartError and self._is_led_to_order(shopper, found):
                return None
            if refusal is not None:
                return refusal
            if in_the_way is None and self.quote(shopper).total_minor == 0:
                in_the_way = self.live_of(shopper)
            if in_the_way is None:
                return self._hold(shopper, found)
            self.expire(in_the_way)
            if in_the_way.status is not CheckoutStatus.EXPIRED:
                return PaymentInProgressError

    def _is_led_to_order(self, shopper: int, found: Any) -> bool:
        """Return whether an empty cart was answered with its newest order, as it is for a minute."""
        if isinstance(found, Exception):
            return False
        done = [c.id for c in self.checkouts if c.goods_cart == shopper and c.status is CheckoutStatus.COMPLETED]
        assert found.order_number
        assert found.checkout_id in done
        return True

    def _has_just_bought(self, shopper: int, found: Any) -> bool:
        """Whether who pays for an empty cart is led to the order that it became; after a minute it is just empty."""
        if self.live_of(shopper) is not None or self.carts[shopper].lines or isinstance(found, Exception):
            return False
        newest = [order.checkout.id for order in self.orders if order.checkout.goods_cart == shopper][-1:]
        return newest == [found.checkout_id]

    def _outlived(self, shopper: int) -> Checkout | None:
        """Return what has to end before this cart is paid for: a second checkout for it, or one whose time is over."""
        met = [c for c in self.checkouts if c.is_live and c.goods_cart == shopper and c.cart != shopper]
        live = self.live_of(shopper)
        return next(iter(met), live if live is not None and live.is_outlived else None)

    def _hold(self, shopper: int, found: Any) -> Refusal | None:
        cart, live = self.carts[shopper], self.live_of(shopper)
        if live is not None and live.stripe in ("processing", "succeeded"):
            self.settle(live)
            return PaymentInProgressError
        priced = self.quote(shopper)
        # Who of two lines with an equal claim gets the odd cent, and so its tax, depends on their ids.
        leeway = len(priced.lines) if self.rules.tax_rate_ppm else 0
        if isinstance(found, Exception):
            return None
        amount = priced.total_minor if found.order_number else found.amount_minor
        assert abs(amount - priced.total_minor) <= leeway, (amount, priced)
        if live is None:
            live = Checkout(found.checkout_id, shopper, shopper, {}, 0, None, "")
            self.checkouts.append(live)
        assert live.id == found.checkout_id
        live.lines, live.amount, live.coupon = dict(cart.wanted), amount, cart.coupon
        self._hold_coupon(live, shopper)
        if found.order_number:
            self.place(live)
        else:
            live.intent = found.client_secret.split("_secret_")[0]
        return None

    def _hold_coupon(self, checkout: Checkout, shopper: int) -> None:
        customer, use = customer_of(shopper), checkout.use
        if use is not None and (use.code, use.customer) == (checkout.coupon, customer):
            return
        if use is not None:
            use.state = "released"
        checkout.use = None
        if checkout.coupon is not None:
            checkout.use = Use(checkout.coupon, customer)
            self.uses.append(checkout.use)

    def settle(self, checkout: Checkout) -> None:
        """Hear from Stripe how a payment stands."""
        match checkout.stripe:
            case "succeeded":
                if checkout.status is not CheckoutStatus.COMPLETED:
                    self.place(checkout)
            case "processing" if checkout.is_live:
                checkout.status = CheckoutStatus.PROCESSING
            case "canceled":
                self._end(checkout)
            case _ if checkout.status is CheckoutStatus.PROCESSING:
                checkout.status = CheckoutStatus.OPEN

    def expire(self, checkout: Checkout) -> None:
        """End a checkout: its PaymentIntent first."""
        if not checkout.is_live:
            return
        if checkout.stripe == "requires_payment_method":
            checkout.stripe = "canceled"
        self.settle(checkout)

    def expire_due(self) -> None:
        """End all whose time is over."""
        for checkout in self.checkouts:
            if checkout.is_outlived:
                self.expire(checkout)

    def _end(self, checkout: Checkout) -> None:
        if checkout.is_live:
            checkout.status = CheckoutStatus.EXPIRED
            if checkout.use is not None:
                checkout.use.state = "released"

    def place(self, checkout: Checkout) -> None:
        """Make the order: nobody else can have taken what the checkout held."""
        assert checkout.is_live
        assert checkout.goods_cart is not None
        for variant, quantity in checkout.lines.items():
            self.variants[variant].stock -= quantity
            cart = self.carts[checkout.goods_cart]
            line = cart.lines.get(variant)
            if line is not None and not line.is_saved:
                line.quantity -= quantity
                if line.quantity <= 0:
                    del cart.lines[variant]
        if checkout.coupon is not None and self.carts[checkout.goods_cart].coupon == checkout.coupon:
            self.carts[checkout.goods_cart].coupon = None
        if checkout.use is not None:
            checkout.use.state = "used"
        checkout.status = CheckoutStatus.COMPLETED
        self.orders.append(Order(checkout))

    # Orders.

    def advance(self, order: Order, to: OrderStatus) -> Refusal | None:
        """Take an order a step on."""
        if to not in ORDER_STEPS[order.status]:
            return IllegalTransitionError
        if to is OrderStatus.SHIPPED and order.paid and order.payment_status == "REFUNDED":
            return NotPaidError
        order.status = to
        return None

    def cancel(self, order: Order) -> Refusal | None:
        """Cancel: goods, coupon use and money back."""
        refusal = self.advance(order, OrderStatus.CANCELLED)
        if refusal is not None:
            return refusal
        for variant, quantity in order.checkout.lines.items():
            self._put_back(order, variant, quantity - order.units_back.get(variant, 0))
        if order.checkout.use is not None:
            order.checkout.use.state = "released"
        if order.paid > order.refunded:
            self._pay_back(order, order.paid - order.refunded, self._rest(order), restock=False)
        return None

    def refund_lines(self, order: Order, units: Mapping[int, int], totals: Mapping[int, int], *, restock: bool) -> Any:
        """Refund units. Returns the refusal, or whether Stripe gave the money back."""
        if order.paid == 0:
            return NotPaidError
        amounts = {}
        for variant, wanted in units.items():
            bought, gone = order.checkout.lines[variant], order.units_refunded.get(variant, 0)
            if wanted > bought - gone:
                return RefundTooLargeError
            minor = order.minor_refunded.get(variant, 0)
            amounts[variant] = line_refund_minor(
                totals[variant], bought, refunded_quantity=gone, refunded_minor=minor, units=wanted
            )
        amount = sum(amounts.values())
        if not (0 if restock else 1) <= amount <= order.paid - order.refunded:
            return RefundTooLargeError
        return self._pay_back(order, amount, units, restock=restock, amounts=amounts)

    def refund_amount(self, order: Order, amount: int | None, *, restock: bool) -> Any:
        """Refund an amount, or all that is left. Returns the refusal, or whether Stripe gave the money back."""
        if order.paid == 0:
            return NotPaidError
        left = order.paid - order.refunded
        if not 1 <= (left if amount is None else amount) <= left:
            return RefundTooLargeError
        units = self._rest(order) if amount is None else {}
        return self._pay_back(order, left if amount is None else amount, units, restock=restock)

    def _rest(self, order: Order) -> dict[int, int]:
        rest = {v: quantity - order.units_refunded.get(v, 0) for v, quantity in order.checkout.lines.items()}
        return {variant: units for variant, units in rest.items() if units}

    def _pay_back(
        self,
        order: Order,
        amount: int,
        units: Mapping[int, int],
        *,
        restock: bool,
        amounts: Mapping[int, int] | None = None,
    ) -> bool:
        if amount > order.paid - order.at_stripe:
            return False  # some of it was given back in the dashboard, which the shop has not heard of
        order.at_stripe += amount
        order.refunded += amount
        for variant, count in units.items():
            gone = order.units_refunded.get(variant, 0) + count
            order.units_refunded[variant] = gone
            order.minor_refunded[variant] = order.minor_refunded.get(variant, 0) + (amounts or {}).get(variant, 0)
            if restock and order.status is not OrderStatus.CANCELLED:
                self._put_back(order, variant, min(count, gone - order.units_back.get(variant, 0)))
        return True

    def _put_back(self, order: Order, variant: int, units: int) -> None:
        if units > 0:
            self.variants[variant].stock += units
            order.units_back[variant] = order.units_back.get(variant, 0) + units

    def refund_elsewhere(self, order: Order, amount: int) -> bool:
        """Refund in Stripe's dashboard. Returns whether Stripe does it."""
        if amount > order.paid - order.at_stripe:
            return False
        order.at_stripe += amount
        order.elsewhere += amount
        return True

    def hear_of_refunds(self, order: Order) -> None:
        """Learn what was refunded in the dashboard."""
        order.refunded += order.elsewhere
        order.elsewhere = 0

    # The rest of the world.

    def change_rules(self, fee: int, threshold: int | None, tax_rate_ppm: int, included: bool) -> None:
        """Change shipping and tax."""
        self.rules = replace(
            self.rules,
            shipping_fee_minor=fee,
            free_shipping_threshold_minor=threshold,
            tax_rate_ppm=tax_rate_ppm,
            prices_include_tax=included,
        )

    def look(self) -> dict[str, object]:
        """Return everything, as ``World.look`` reads it from the database."""
        uses = {code: [use.state for use in self.uses if use.code == code] for code in self.coupons}
        return {
            "stock": {n: (variant.stock, self.reserved(n)) for n, variant in enumerate(self.variants)},
            "carts": {
                n: {variant: (line.quantity, line.is_saved) for variant, line in cart.lines.items()}
                for n, cart in enumerate(self.carts)
                if cart.lines
            },
            "cart coupons": {n: cart.coupon for n, cart in enumerate(self.carts) if cart.coupon},
            "coupons": {code: (states.count("used"), states.count("held")) for code, states in uses.items()},
            "checkouts": {checkout.id: checkout.status.value for checkout in self.checkouts},
            "orders": {order.checkout.id: self._row(order) for order in self.orders},
        }

    def _row(self, order: Order) -> tuple[object, ...]:
        money = (order.paid, order.refunded, 0) if order.paid else (None, None, None)
        return (order.status.value, order.payment_status, order.paid, order.refunded, False, *money)

    # Signing in.

    def sign_in(self, guest: int) -> None:
        """Merge a guest's cart into the account's: what both want now is summed and capped at what can be had.

        What one of them has put aside does not count where the other wants it.
        """
        given, own = self.carts[guest], self.carts[ACCOUNT]
        taken = self.live_of(ACCOUNT) is not None
        for checkout in self.checkouts:
            if checkout.cart == guest and checkout.is_live and checkout.use is not None:
                checkout.use.is_accounts = True
            if checkout.cart == guest:
                checkout.cart = ACCOUNT if checkout.is_live and not taken else None
            if checkout.goods_cart == guest:
                checkout.goods_cart = ACCOUNT if checkout.is_live else None
        for variant, theirs in given.lines.items():
            ours = own.lines.get(variant)
            both = [line for line in (ours, theirs) if line is not None]
            wanted = [line for line in both if not line.is_saved]
            quantity = min(MAX_QUANTITY, sum(line.quantity for line in wanted or both))
            if wanted:
                quantity = max(1, min(quantity, self.available(ACCOUNT, variant)))
            own.lines[variant] = Line(quantity, not wanted)
        own.coupon = own.coupon or given.coupon
        self.carts[guest] = Cart()
