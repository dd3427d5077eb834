"""The line to the database is cut at each statement of each step of the path from cart to refund and e-mail."""

from dataclasses import dataclass
from uuid import UUID

from shophub.db import transaction
from shophub.schemas.accounts import Visitor
from shophub.schemas.carts import CartOwner
from shophub.schemas.checkouts import PaymentView
from shophub.services import carts
from shophub.services.flows.confirm_check import check_before_confirm
from shophub.services.flows.expire import expire_checkout
from shophub.services.flows.reconcile import reconcile_checkout
from tests.chaos.walking import walk
from tests.chaos.wire import Wire
from tests.checkout.conftest import Shop


@dataclass
class Buyer:
    """A guest with one lamp in the cart and perhaps a payment begun."""

    visitor: Visitor
    payment: PaymentView | None = None

    @property
    def checkout_id(self) -> UUID:
        assert self.payment is not None
        return UUID(self.payment.checkout_id)


async def _restock(shop: Shop) -> None:
    """Enough for every buyer of a walk."""
    await shop.rows("UPDATE variants SET stock = 1000 RETURNING 1")
    await shop.rows(
        """INSERT INTO stock_ledger (variant_id, delta, reason)
           SELECT v.id, v.stock - sum(l.delta), 'correction' FROM variants v JOIN stock_ledger l ON l.variant_id = v.id
           GROUP BY v.id RETURNING 1"""
    )


class Shoppers:
    """Makes buyers who stand before a step."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    async def with_cart(self, name: str) -> Buyer:
        return Buyer(await self.shop.guest(name, (self.shop.lamp, 1)))

    async def paying(self, name: str) -> Buyer:
        buyer = await self.with_cart(name)
        buyer.payment = await self.shop.pay_start(buyer.visitor)
        return buyer

    async def paid(self, name: str) -> Buyer:
        buyer = await self.paying(name)
        assert buyer.payment is not None
        self.shop.confirm(buyer.payment)
        return buyer

    async def holds(self, buyer: Buyer) -> list[tuple[object, ...]]:
        """Return status, PaymentIntent and held goods of each checkout of this buyer."""
        return await self.shop.rows(
            """SELECT c.status, c.stripe_payment_intent_id IS NOT NULL, coalesce(sum(r.quantity), 0)
               FROM checkouts c LEFT JOIN reservations r ON r.checkout_id = c.id AND r.state = 'held'
               WHERE c.email = :email GROUP BY c.id""",
            email=f"{buyer.visitor.guest_token}@example.com",
        )

    async def has_one_order(self, buyer: Buyer) -> None:
        """One order, paid once, its goods sold once, its mail queued once, whatever happened on the way."""
        assert await self.shop.rows(
            """SELECT o.status, o.payment_status, count(DISTINCT p.id), count(DISTINCT l.id),
                 (SELECT count(*) FROM procrastinate_jobs j WHERE j.args->>'subject_id' = o.id::text),
                 (SELECT sum(s.delta) FROM stock_ledger s WHERE s.reference = 'SH-' || o.number)
               FROM orders o LEFT JOIN payments p ON p.order_id = o.id JOIN order_lines l ON l.order_id = o.id
               WHERE o.checkout_id = :id GROUP BY o.id""",
            id=buyer.checkout_id,
        ) == [("PROCESSING", "PAID", 1, 1, 1, -1)]
        assert await self.holds(buyer) == [("completed", True, 0)]


async def test_start_of_payment_survives_a_cut_at_each_statement(wire: Wire, shop: Shop) -> None:
    await _restock(shop)
    shoppers = Shoppers(shop)

    async def act(buyer: Buyer) -> None:
        buyer.payment = await shop.pay_start(buyer.visitor)

    async def check(buyer: Buyer) -> None:
        assert await shoppers.holds(buyer) == [("open", True, 1)]
        assert buyer.payment is not None
        assert buyer.payment.amount_minor == 5_500

    cuts = await walk(wire, shoppers.with_cart, act, check)

    print(len(cuts), [cut.asked[:60] for cut in cuts if cut.is_commit])
    intents = shop.stripe.v1.payment_intents.list({"limit": 100}).data
    assert len({intent.metadata["checkout_id"] for intent in intents}) == len(intents)
    ((live,),) = await shop.rows("SELECT count(*) FROM checkouts")
    assert len(intents) == live
