"""Fills a running shop with something for every page of the back office; run as a module beside ``catalogue``."""

import asyncio

from sqlalchemy import text

from shophub.db import close_database, transaction
from shophub.domain.statuses import OrderStatus, Role
from shophub.integrations import stripe
from shophub.models.community import Review
from shophub.schemas.accounts import UserView, Visitor
from shophub.schemas.carts import CartOwner
from shophub.schemas.checkouts import AddressForm
from shophub.schemas.people import InviteForm
from shophub.services import carts, invites
from shophub.services.audit import Actor
from shophub.services.flows.start_payment import start_payment
from shophub.settings import get_settings
from tests.factories import make_coupon, make_order, make_user

ADDRESS = AddressForm(
    full_name="Cora Customer", address="1 Market Street", city="San Francisco", zip_code="94105", country="US"
)


async def main() -> None:
    """Have somebody buy, review and be invited."""
    async with transaction() as session:
        owner = await make_user(session, full_name="Otto Owner", role=Role.SUPER_ADMIN)
        cora = await make_user(session, full_name="Cora Customer")
        lamps = await session.execute(
            text("SELECT v.id, v.product_id FROM variants v JOIN products p ON p.id = v.product_id "
                 "WHERE p.slug LIKE 'plain-thing-%' ORDER BY p.slug LIMIT 3")
        )  # fmt: skip
        goods = lamps.all()
        await make_coupon(session, code="WELCOME10")
        await make_order(session, user=cora, status=OrderStatus.DELIVERED)
        session.add(
            Review(
                product_id=goods[0].product_id, user_id=cora.id, author_name="Cora C.", rating=2, comment="Too small."
            )
        )
        await invites.make_invite(session, InviteForm(email="new@example.com", role=Role.ADMIN), Actor(owner.id))
        visitor = Visitor(user=UserView(cora.id, cora.email, cora.full_name, cora.role, True))
        for one in goods:
            await carts.add_item(session, CartOwner(cora.id), one.id, 2)
    payment = await start_payment(visitor, email="", address=ADDRESS)
    await stripe.confirm_payment_intent(
        payment.client_secret.split("_secret_")[0],
        payment_method="pm_card_visa",
        return_url=get_settings().public_url,
    )
    await _wait_for_the_order()
    await close_database()


async def _wait_for_the_order() -> None:
    for _ in range(200):
        async with transaction() as session:
            if (await session.execute(text("SELECT 1 FROM payments"))).first() is not None:
                return
        await asyncio.sleep(0.05)
    raise SystemExit("The shop did not make the order.")


if __name__ == "__main__":
    asyncio.run(main())
