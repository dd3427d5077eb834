"""A second shop, of plain Python: what carts, stock, coupons, payments and orders must be after each step.

It knows the rules of the trade and nothing of SQL, sessions or locks. Amounts are minor units. Shoppers and variants
are numbered; the last shopper is the account, the others are guests, and guest 2 has the account's e-mail address.
"""

from dataclasses import dataclass, field, replace

from shophub.domain.coupons import CouponLine, CouponTerms
from shophub.domain.pricing import PriceLine, PricingRules, Quote, quote
from shophub.domain.statuses import CheckoutStatus, DiscountType, OrderStatus
from shophub.errors import (
    CartLineNotFoundError,
    CheckoutChangedError,
    CouponNotApplicableError,
    EmptyCartError,
    InsufficientStockError,
    PaymentInProgressError,
    ProductNotFoundError,
)

GUESTS, ACCOUNT = 3, 3
MAX_QUANTITY = 99
PRICES = (1_999, 4_500, 700, 12_050)
STOCKS = (4, 2, 6, 3)
LIVE = (CheckoutStatus.OPEN, CheckoutStatus.PROCESSING)
Refusal = type[Exception]


def customer_of(shopper: int) -> int:
    """Return who that is to a coupon: guest 2 is the account without having signed in."""
    return ACCOUNT if shopper == 2 else shopper


@dataclass
class Variant:
    """A variant; what is reserved follows from the checkouts."""

    price: int
    stock: int
    is_active: bool = True


@dataclass
class Line:
    """A line of a cart."""

    quantity: int
    is_saved: bool = False


@dataclass
class Cart:
    """A cart. A dict keeps the order in which lines were added."""

    lines: dict[int, Line] = field(default_factory=dict)
    coupon: str | None = None

    @property
    def wanted(self) -> dict[int, int]:
        """What is not put aside."""
        return {variant: line.quantity for variant, line in self.lines.items() if not line.is_saved}


@dataclass
class Coupon:
    """A coupon's terms and limits."""

    terms: CouponTerms
    max_uses: int | None = None
    per_customer: int | None = None


@dataclass
class Use:
    """A use of a coupon: held by its checkout, used by its order, or released. A guest's may become the account's."""

    code: str
    customer: int
    state: str = "held"
    is_accounts: bool = False


@dataclass
class Checkout:
    """A checkout as it stands: its current revision, and how its PaymentIntent stands at Stripe."""

    id: str
    cart: int | None
    goods_cart: int | None
    lines: dict[int, int]
    amount: int
    coupon: str | None
    intent: str
    status: CheckoutStatus = CheckoutStatus.OPEN
    stripe: str = "requires_payment_method"
    is_due: bool = False
    use: Use | None = None

    @property
    def is_live(self) -> bool:
        """Whether it holds its goods."""
        return self.status in LIVE

    @property
    def is_outlived(self) -> bool:
        """Whether its time is over, and it has not ended."""
        return self.is_due and self.status is CheckoutStatus.OPEN


@dataclass
class Order:
    """An order and its money: what the shop knows was given back, and what Stripe has given back."""

    checkout: Checkout
    status: OrderStatus = OrderStatus.PROCESSING
    refunded: int = 0
    at_stripe: int = 0
    elsewhere: int = 0  # given back in Stripe's dashboard, and not yet heard of
    units_refunded: dict[int, int] = field(default_factory=dict)
    minor_refunded: dict[int, int] = field(default_factory=dict)
    units_back: dict[int, int] = field(default_factory=dict)

    @property
    def paid(self) -> int:
        """What was received."""
        return self.checkout.amount

    @property
    def payment_status(self) -> str:
        """What the money came to."""
        if self.refunded == 0:
            return "PAID"
        return "REFUNDED" if self.refunded >= self.paid else "PARTIALLY_REFUNDED"


def _terms(code: str, kind: DiscountType, percent_bp: int = 0, amount: int = 0, minimum: int = 0) -> CouponTerms:
    return CouponTerms(code, code, kind, percent_bp, amount, minimum, None)


def coupons() -> dict[str, Coupon]:
    """Return the coupons of the shop."""
    return {
        "TEN": Coupon(_terms("TEN", DiscountType.PERCENTAGE, 1_000, minimum=4_000)),
        "ONCE": Coupon(_terms("ONCE", DiscountType.FIXED, amount=500), max_uses=1),
        "MINE": Coupon(_terms("MINE", DiscountType.PERCENTAGE, 2_000), per_customer=1),
        "SHIP": Coupon(_terms("SHIP", DiscountType.FREE_SHIPPING), max_uses=2),
        "GIFT": Coupon(_terms("GIFT", DiscountType.PERCENTAGE, 10_000)),
    }


class CartsModel:
    """The shop as far as to the till. Each method takes one step and returns the refusal that it must meet, or None."""

    def __init__(self) -> None:
        """Open the shop."""
        self.variants = [Variant(price, stock) for price, stock in zip(PRICES, STOCKS, strict=True)]
        self.carts = [Cart() for _ in range(GUESTS + 1)]
        self.coupons = coupons()
        self.uses: list[Use] = []
        self.checkouts: list[Checkout] = []
        self.orders: list[Order] = []
        self.rules = PricingRules("USD", shipping_fee_minor=1_000, free_shipping_threshold_minor=10_000)

    # Stock and carts.

    def reserved(self, variant: int, *, not_by: int | None = None) -> int:
        """Return what live checkouts hold, but for those of one cart."""
        return sum(
            checkout.lines.get(variant, 0)
            for checkout in self.checkouts
            if checkout.is_live and (not_by is None or checkout.goods_cart != not_by)
        )

    def available(self, cart: int, variant: int) -> int:
        """Return what this cart may have."""
        return max(0, self.variants[variant].stock - self.reserved(variant, not_by=cart))

    def add(self, shopper: int, variant: int, quantity: int) -> Refusal | None:
        """Put units into a cart."""
        cart = self.carts[shopper]
        line = cart.lines.get(variant, Line(0))
        result = quantity + (0 if line.is_saved else line.quantity)
        if not self.variants[variant].is_active:
            return ProductNotFoundError
        if result > min(MAX_QUANTITY, self.available(shopper, variant)):
            return InsufficientStockError
        cart.lines[variant] = replace(line, quantity=result, is_saved=False)
        self.revalidate(shopper)
        return None

    def set_quantity(self, shopper: int, variant: int, quantity: int) -> Refusal | None:
        """Set the quantity of a line; 0 takes it out."""
        cart = self.carts[shopper]
        if variant not in cart.lines:
            return CartLineNotFoundError
        if quantity == 0:
            del cart.lines[variant]
        elif not self.variants[variant].is_active:
            return ProductNotFoundError
        elif quantity > self.available(shopper, variant):
            return InsufficientStockError
        else:
            cart.lines[variant] = Line(quantity)
        self.revalidate(shopper)
        return None

    def put_aside(self, shopper: int, variant: int) -> Refusal | None:
        """Save a line for later."""
        cart = self.carts[shopper]
        if variant not in cart.lines:
            return CartLineNotFoundError
        cart.lines[variant].is_saved = True
        self.revalidate(shopper)
        return None

    def put_back(self, shopper: int, variant: int) -> Refusal | None:
        """Move a saved line into the cart, with as many as can be had."""
        cart = self.carts[shopper]
        if variant not in cart.lines:
            return CartLineNotFoundError
        if not self.variants[variant].is_active:
            return ProductNotFoundError
        quantity = min(cart.lines[variant].quantity, self.available(shopper, variant))
        if quantity < 1:
            return InsufficientStockError
        cart.lines[variant] = Line(quantity)
        self.revalidate(shopper)
        return None

    # Coupons and prices.

    def priced(self, shopper: int) -> list[PriceLine]:
        """Return the lines that count."""
        return [
            PriceLine(str(variant), quantity, self.variants[variant].price)
            for variant, quantity in self.carts[shopper].wanted.items()
            if self.variants[variant].is_active and self.available(shopper, variant) > 0
        ]

    def coupon_holds(self, shopper: int, code: str, *, customer: int | None) -> bool:
        """Return whether the coupon is good for this cart; ``customer`` None where its address is not known yet."""
        coupon, lines = self.coupons[code], self.priced(shopper)
        own = [c.use for c in self.checkouts if c.cart == shopper and c.use and c.use.state == "held"]
        taken = [use for use in self.uses if use.code == code and use.state != "released"]
        is_mine = any(use.code == code for use in own)
        if coupon.max_uses is not None and len(taken) >= coupon.max_uses and not is_mine:
            return False
        theirs = [u for u in taken if u.customer == customer or (shopper == ACCOUNT and u.is_accounts)]
        others = [use for use in theirs if not any(use is mine for mine in own)]
        if coupon.per_customer is not None and len(others) >= coupon.per_customer:
            return False
        eligible = [CouponLine(line.quantity * line.unit_minor, line.category_ids) for line in lines]
        return sum(line.subtotal_minor for line in eligible) >= coupon.terms.minimum_subtotal_minor

    def revalidate(self, shopper: int, *, customer: int | None = None) -> bool:
        """Drop a coupon that is no longer good, as each look at a cart does. Returns whether it was dropped."""
        cart = self.carts[shopper]
        known = ACCOUNT if shopper == ACCOUNT else customer
        if cart.coupon is None or not self.priced(shopper):
            return False
        if self.coupon_holds(shopper, cart.coupon, customer=known):
            return False
        cart.coupon = None
        return True

    def apply(self, shopper: int, code: str) -> Refusal | None:
        """Enter a code."""
        known = ACCOUNT if shopper == ACCOUNT else None
        if not self.priced(shopper) or not self.coupon_holds(shopper, code, customer=known):
            return CouponNotApplicableError
        self.carts[shopper].coupon = code
        return None

    def quote(self, shopper: int) -> Quote:
        """Price a cart."""
        code = self.carts[shopper].coupon
        lines = self.priced(shopper)
        return quote(lines, self.coupons[code].terms if code and lines else None, self.rules)

    # Checkouts.

    def live_of(self, shopper: int) -> Checkout | None:
        """Return the cart's live checkout."""
        return next((c for c in self.checkouts if c.is_live and c.cart == shopper), None)

    def may_start(self, shopper: int) -> tuple[Refusal | None, list[int]]:
        """Return what keeps a shopper from paying for the cart as it is, and which variants are short."""
        live, wanted = self.live_of(shopper), self.carts[shopper].wanted
        if live is not None and live.status is CheckoutStatus.PROCESSING:
            return PaymentInProgressError, []
        if not wanted:
            return EmptyCartError, []
        dropped = self.revalidate(shopper, customer=customer_of(shopper))
        gone = [variant for variant in wanted if not self.variants[variant].is_active]
        short = [v for v, quantity in wanted.items() if v not in gone and quantity > self.available(shopper, v)]
        return (CheckoutChangedError if dropped or gone or short else None), short
