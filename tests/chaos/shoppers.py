"""Shoppers of the storm: each has a plan, and meets a shop that dies and comes back."""

import asyncio
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import httpx

from tests.sandbox.conftest import SECRET_KEY

# What a shopper does once the payment has begun. Each plan is taken by somebody in every storm.
PLANS = (
    "pays",
    "pays with another card after a decline",
    "is declined and goes away",
    "authenticates",
    "fails to authenticate, then pays",
    "pays by bank and it arrives",
    "pays by bank and it bounces",
    "goes away",
    "pays and is refunded at Stripe",
    "pays and is refunded in part at Stripe",
    "pays and is refunded in part by the staff",
    "pays and cancels",
    "pays, disputes and wins",
    "pays, disputes and loses",
    "pays with a card that is disputed at once",
    "pays nothing",
    "pays after time was over",
    "wants more, then pays",
    "pays in two tabs",
    "pays and a refund at Stripe bounces",
    "pays and a refund at Stripe waits",
)
CARDS = {
    "at once": "pm_card_createDispute",
    "bounces": "pm_card_refundFail",
    "waits": "pm_card_pendingRefund",
}
PATIENCE_SECONDS = 90
TRIES = 5
SENTENCES = {
    "Something went wrong on our side. Please try again.",
    "The shop cannot be reached right now. Please try again in a moment.",
    "The payment service cannot be reached right now. Please try again in a moment.",
}


class GoneError(Exception):
    """The shop said no for good: sold out, or paid meanwhile."""


class ExpiredError(Exception):
    """The goods could be held no longer: the payment begins anew."""


@dataclass
class Stripe:
    """The Stripe sandbox as browsers, banks and its dashboard use it."""

    http: httpx.AsyncClient

    async def post(self, path: str, **form: str) -> dict[str, Any]:
        """Call the API; a refusal is an answer."""
        answer = await self.http.post(f"/stripe/v1/{path}", data=form, auth=(SECRET_KEY, ""))
        body: dict[str, Any] = answer.json()
        return body

    async def confirm(self, intent: str, method: str) -> None:
        """Confirm a payment; a decline leaves it to be tried again.

        Raises:
            GoneError: The shop has cancelled it meanwhile.
        """
        answer = await self.post(
            f"payment_intents/{intent}/confirm", payment_method=method, return_url="http://localhost/done"
        )
        if answer.get("error", {}).get("type", "card_error") != "card_error":
            raise GoneError(intent)

    async def control(self, path: str, **body: str) -> None:
        """Have a bank do something."""
        headers = {"Authorization": f"Bearer {SECRET_KEY}"}
        (await self.http.post(f"/stripe/_test/{path}", json=body, headers=headers)).raise_for_status()

    async def one(self, kind: str, intent: str) -> str:
        """Return the id of the charge or dispute of a payment."""
        answer = await self.http.get(f"/stripe/v1/{kind}", params={"payment_intent": intent}, auth=(SECRET_KEY, ""))
        return str(answer.json()["data"][0]["id"])


class Shopper:
    """One guest with one plan."""

    def __init__(self, name: str, plan: str, shop: httpx.AsyncClient, stripe: Stripe, luck: Random) -> None:
        """Prepare; ``luck`` decides how long is waited and what is bought."""
        self.name, self.plan, self._shop, self._stripe, self._luck = name, plan, shop, stripe, luck
        self.checkout = ""

    async def go(self, goods: list[UUID]) -> None:
        """Buy, and whatever comes after, until it is done or cannot be."""
        await asyncio.sleep(self._luck.uniform(0, 2))
        code = "ALL" if self.plan == "pays nothing" else ""
        choice = goods[:2] if code or "more" in self.plan else goods  # of these there is enough
        variant, quantity = str(self._luck.choice(choice)), self._luck.choice((1, 1, 2))
        try:
            await self._ask("cart", variant=variant, quantity=quantity, code=code)
            for _ in range(TRIES):
                intent = await self._begin()
                if "more" in self.plan:
                    await self._ask("cart", variant=str(goods[1 - goods.index(UUID(variant)) % 2]), quantity=1)
                    intent = await self._begin()
                elif "two tabs" in self.plan:
                    intent = max(await asyncio.gather(self._begin(), self._begin()))
                try:
                    if intent:
                        await self._pay(intent)
                except ExpiredError:
                    continue
                return
        except GoneError:
            return

    async def _begin(self) -> str:
        begun = await self._ask("start")
        self.checkout = begun["checkout"]
        return begun["secret"].split("_secret_")[0]

    async def _press(self) -> None:
        await self._ask("press", checkout=self.checkout)

    async def _pay(self, intent: str) -> None:
        if self.plan in ("goes away", "is declined and goes away"):
            if "declined" in self.plan:
                await self._stripe.confirm(intent, "pm_card_visa_chargeDeclined")
            return
        if self.plan != "pays after time was over":  # that one has left the page open for long
            await self._press()
        if "another card" in self.plan:
            await self._stripe.confirm(intent, "pm_card_visa_chargeDeclined")
            await self._press()
        if "authenticate" in self.plan:
            await self._authenticate(intent)
        elif "by bank" in self.plan:
            await self._stripe.confirm(intent, "pm_usBankAccount_processing")
            await asyncio.sleep(self._luck.uniform(0, 1))
            outcome = "succeeded" if "arrives" in self.plan else "failed"
            await self._stripe.control(f"payment_intents/{intent}/settle", outcome=outcome)
        elif card := next((card for words, card in CARDS.items() if words in self.plan), None):
            await self._stripe.confirm(intent, card)
        else:
            await self._stripe.confirm(intent, "pm_card_visa")
        await self._afterwards(intent)

    async def _authenticate(self, intent: str) -> None:
        await self._stripe.confirm(intent, "pm_card_authenticationRequired")
        outcome = "fail" if "fails" in self.plan else "complete"
        await self._stripe.post(f"payment_intents/{intent}/authenticate", outcome=outcome)
        if outcome == "fail":
            await self._stripe.confirm(intent, "pm_card_visa")

    async def _afterwards(self, intent: str) -> None:
        await asyncio.sleep(self._luck.uniform(0, 0.5))
        if "at Stripe" in self.plan:
            part = {"amount": "100"} if "in part" in self.plan else {}
            await self._stripe.post("refunds", payment_intent=intent, **part)
        elif "disputes" in self.plan:
            await self._stripe.control(f"charges/{await self._stripe.one('charges', intent)}/dispute")
            await asyncio.sleep(self._luck.uniform(0, 0.5))
            outcome = "won" if "wins" in self.plan else "lost"
            await self._stripe.control(f"disputes/{await self._stripe.one('disputes', intent)}/close", outcome=outcome)
        elif "staff" in self.plan or "cancels" in self.plan:
            order = (await self._ask("wait", checkout=self.checkout))["order"]
            number = int(order.removeprefix("SH-"))
            if "staff" in self.plan:  # once: who gets no answer looks before asking again
                await self._ask("refund", order=number, amount=100, patience=0)
            else:
                await self._ask("cancel", order=number)

    async def _ask(self, what: str, *, patience: float = PATIENCE_SECONDS, **body: object) -> dict[str, str]:
        """Ask the shop, and again while it is dead or says that trying again may help."""
        end = asyncio.get_running_loop().time() + patience
        while True:
            try:
                answer = await self._shop.post(f"/shopper/{what}", json={"guest": self.name, **body})
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.is_success:
                found: dict[str, str] = answer.json() or {}
                return found
            if answer is not None and answer.status_code < 500:
                raise ExpiredError if answer.json()["code"] == "checkout_expired" else GoneError(answer.text)
            # Whatever went wrong, the shopper reads a sentence and no more.
            assert answer is None or answer.json()["error"] in SENTENCES, answer.text
            if asyncio.get_running_loop().time() > end:
                if patience:
                    raise TimeoutError(f"{self.name} got no answer to {what}")
                raise GoneError(what)
            await asyncio.sleep(self._luck.uniform(0.05, 0.2))
