"""Buyers who stand before a step of the path from cart to refund."""

import json
import time
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import httpx

from shophub.api.app import create_api
from shophub.integrations import stripe
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id
from shophub.sandbox.stripe.deliveries import signature_header
from shophub.schemas.accounts import Visitor
from shophub.schemas.checkouts import PaymentView
from shophub.services.flows.reconcile import reconcile_checkout
from tests.checkout.conftest import Shop

ONE_ORDER = """
SELECT o.status, o.payment_status, count(DISTINCT p.id), count(DISTINCT l.id),
  (SELECT count(*) FROM procrastinate_jobs j WHERE j.args->>'subject_id' = o.id::text),
  (SELECT sum(s.delta) FROM stock_ledger s WHERE s.reference = 'SH-' || o.number)
FROM orders o LEFT JOIN payments p ON p.order_id = o.id JOIN order_lines l ON l.order_id = o.id
WHERE o.checkout_id = :id GROUP BY o.id
"""
HOLDS = """
SELECT c.status, c.stripe_payment_intent_id IS NOT NULL, coalesce(sum(r.quantity), 0)
FROM checkouts c LEFT JOIN reservations r ON r.checkout_id = c.id AND r.state = 'held'
WHERE c.email = :email GROUP BY c.id
"""


@dataclass
class Buyer:
    """A guest with one lamp in the cart, and perhaps a payment begun and an order."""

    visitor: Visitor
    payment: PaymentView | None = None
    number: int = 0
    request: UUID = field(default_factory=new_id)

    @property
    def checkout_id(self) -> UUID:
        """The checkout of the payment."""
        assert self.payment is not None
        return UUID(self.payment.checkout_id)

    @property
    def intent_id(self) -> str:
        """The PaymentIntent of the payment."""
        assert self.payment is not None
        return self.payment.client_secret.split("_secret_")[0]

    @property
    def email(self) -> str:
        """Where the mails go."""
        return f"{self.visitor.guest_token}@example.com"


class Buyers:
    """Makes them, and says what became of them."""

    def __init__(self, shop: Shop) -> None:
        """Let them buy in ``shop``."""
        self.shop = shop

    async def restock(self) -> None:
        """Have enough lamps for all."""
        await self.shop.rows("UPDATE variants SET stock = 1000 RETURNING 1")
        await self.shop.rows(
            """INSERT INTO stock_ledger (variant_id, delta, reason)
               SELECT v.id, v.stock - sum(l.delta), 'correction'
               FROM variants v JOIN stock_ledger l ON l.variant_id = v.id GROUP BY v.id RETURNING 1"""
        )

    async def empty_handed(self, name: str) -> Buyer:
        """Return one with nothing in the cart."""
        return Buyer(await self.shop.guest(name))

    async def with_cart(self, name: str) -> Buyer:
        """Return one who has chosen."""
        return Buyer(await self.shop.guest(name, (self.shop.lamp, 1)))

    async def paying(self, name: str) -> Buyer:
        """Return one who sees the payment form."""
        buyer = await self.with_cart(name)
        buyer.payment = await self.shop.pay_start(buyer.visitor)
        return buyer

    async def paid(self, name: str) -> Buyer:
        """Return one whose money Stripe has, which the shop does not know yet."""
        buyer = await self.paying(name)
        assert buyer.payment is not None
        self.shop.confirm(buyer.payment)
        return buyer

    async def ordered(self, name: str) -> Buyer:
        """Return one who has an order."""
        buyer = await self.paid(name)
        await reconcile_checkout(buyer.checkout_id)
        ((number,),) = await self.shop.rows("SELECT number FROM orders WHERE checkout_id = :id", id=buyer.checkout_id)
        buyer.number = int(str(number))
        return buyer

    async def holds(self, buyer: Buyer) -> list[tuple[object, ...]]:
        """Return status, whether there is a PaymentIntent, and held units of each checkout of a buyer."""
        return await self.shop.rows(HOLDS, email=buyer.email)

    async def is_held_once(self, buyer: Buyer) -> None:
        """One checkout with one lamp and one PaymentIntent, over the right amount."""
        assert await self.holds(buyer) == [("open", True, 1)]
        assert (await stripe.get_payment_intent(buyer.intent_id)).amount_minor == 5_500

    async def has_one_order(self, buyer: Buyer) -> None:
        """One order, paid once, its goods sold once, its mail queued once, whatever happened on the way."""
        assert await self.shop.rows(ONE_ORDER, id=buyer.checkout_id) == [("PROCESSING", "PAID", 1, 1, 1, -1)]
        assert await self.holds(buyer) == [("completed", True, 0)]

    async def has_nothing(self, buyer: Buyer) -> None:
        """The checkout ended, and nothing is held or can be paid."""
        assert await self.holds(buyer) == [("expired", True, 0)]
        assert (await stripe.get_payment_intent(buyer.intent_id)).status == "canceled"

    async def has_money_back(self, buyer: Buyer, amount_minor: int = 5_500) -> None:
        """So much was refunded in one refund, here and at Stripe."""
        (there,) = await stripe.list_refunds(buyer.intent_id)
        assert await self.shop.rows(
            """SELECT r.stripe_refund_id, r.status, r.amount_minor, p.refunded_minor, p.pending_minor
               FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.stripe_payment_intent_id = :id""",
            id=buyer.intent_id,
        ) == [(there.id, "succeeded", amount_minor, amount_minor, 0)]


async def announce(buyer: Buyer, kind: str = "payment_intent.succeeded") -> httpx.Response:
    """Send the signed event about a buyer's payment to the webhook's door, as Stripe does, and return the answer."""
    made = await stripe.list_events(utc_now() - timedelta(hours=1))
    (event,) = [one for one in made if one.type == kind and one.payment_intent_id == buyer.intent_id]
    body = json.dumps(event.payload)
    transport = httpx.ASGITransport(create_api())
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as door:
        return await door.post(
            "/api/webhooks/stripe",
            content=body,
            headers={"Stripe-Signature": signature_header(body, "whsec_sandbox", int(time.time()))},
        )
