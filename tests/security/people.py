"""Who tries, and whose things they try it on."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import randrange
from uuid import UUID

from shophub.db import transaction
from shophub.domain.order_numbers import order_number
from shophub.domain.statuses import Role
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_token, token_hash
from shophub.models.accounts import EmailToken, Invite
from shophub.models.catalog import Variant
from shophub.models.checkouts import Checkout
from shophub.models.community import Review
from shophub.services import sessions
from tests.factories import make_address, make_cart, make_coupon, make_order, make_product, make_user, variants_of
from tests.rows import rows

COUPON = "WALKED10"
PERSONAS = ("guest", "customer", "admin", "super_admin", "deactivated", "signed_out", "demoted", "signed_in_long_ago")
ROLES = {
    "customer": Role.CUSTOMER,
    "admin": Role.ADMIN,
    "super_admin": Role.SUPER_ADMIN,
    "demoted": Role.CUSTOMER,
    "signed_in_long_ago": Role.SUPER_ADMIN,
}


@dataclass
class Person:
    """Somebody with a cart, an order and an address; guests have the cart only."""

    kind: str
    cookie: str
    role: Role | None
    mine: set[str]
    user_id: UUID | None = None
    line_id: str = ""
    order: str = ""
    checkout_id: str = ""
    address_id: str = ""
    review_id: str = ""
    # Behind the proxy that the tests' shop trusts; everybody has one of their own, and so their own number of tries.
    address: str = field(default_factory=lambda: f"10.{randrange(256)}.{randrange(256)}.{randrange(1, 255)}")
    others: list[str] = field(default_factory=list)
    # An address that has no account: whatever comes of it is this person's.
    email: str = field(default_factory=lambda: f"{new_token().lower()}@example.com")

    @property
    def has_stepped_up(self) -> bool:
        """Whether the password was entered lately."""
        return self.role is not None and self.kind != "signed_in_long_ago"


async def some_variant() -> Variant:
    """Return a variant that there is enough of, made where there is none, with the coupon of the walk."""
    async with transaction() as session:
        product = await make_product(session, stock=9_000)
        (variant,) = await variants_of(session, product)
        if not await rows("SELECT 1 FROM coupons WHERE code = :code", code=COUPON):
            await make_coupon(session, code=COUPON)
        return variant


async def make_person(kind: str, variant: Variant) -> Person:
    """Make one of ``PERSONAS`` with things of their own, as the database and the browser know them."""
    guest_token = new_token()
    if kind == "guest":
        return await _guest(variant, guest_token)
    role = Role.ADMIN if kind == "demoted" else ROLES.get(kind, Role.CUSTOMER)
    async with transaction() as session:
        user = await make_user(session, role=role)
        cart = await make_cart(session, user=user, lines=[(variant, 2)])
        address = await make_address(session, user, is_default=True)
        order = await make_order(session, user=user, variants=[variant])
        # Hidden, so that it does not count: what its author does with it changes no product's rating.
        review = Review(
            product_id=variant.product_id, user_id=user.id, order_id=order.id, author_name="Ada S.", rating=3,
            is_hidden=True,
        )  # fmt: skip
        session.add(review)
        token = await sessions.start(session, user.id)
        cookie = f"{sessions.SESSION_COOKIE}={token}; shophub_guest={guest_token}"
    person = Person(kind, cookie, ROLES.get(kind), {str(user.id), user.email, token_hash(guest_token)}, user.id)
    person.order, person.checkout_id = order_number(order.number), str(order.checkout_id)
    person.address_id, person.line_id = str(address.id), await _line_of(cart.id)
    person.review_id = str(review.id)
    read = sessions.read(token)
    assert read is not None
    await _change(kind, user.id, read.session_id)
    return person


async def _guest(variant: Variant, guest_token: str) -> Person:
    async with transaction() as session:
        cart = await make_cart(session, guest_token=guest_token, lines=[(variant, 2)])
    person = Person("guest", f"shophub_guest={guest_token}", None, {token_hash(guest_token)})
    person.line_id = await _line_of(cart.id)
    return person


async def _line_of(cart_id: UUID) -> str:
    ((line_id,),) = await rows("SELECT id FROM cart_lines WHERE cart_id = :id", id=cart_id)
    return str(line_id)


async def _change(kind: str, user_id: UUID, session_id: UUID) -> None:
    """Do what was done to somebody after they had signed in."""
    done = {
        "deactivated": "UPDATE users SET is_active = false, deactivated_at = now() WHERE id = :user RETURNING id",
        "demoted": "UPDATE users SET role = 'CUSTOMER' WHERE id = :user RETURNING id",
        "signed_out": "UPDATE sessions SET revoked_at = now() WHERE id = :session AND user_id = :user RETURNING id",
        "signed_in_long_ago": "UPDATE sessions SET step_up_at = now() - interval '11 minutes' "
        "WHERE id = :session AND user_id = :user RETURNING id",
    }.get(kind)
    if done is not None:
        values = {"user": user_id} | ({"session": session_id} if ":session" in done else {})
        assert await rows(done, **values)


async def make_victim(variant: Variant) -> Person:
    """Make somebody whose things nobody else may touch, more of them than a walker has."""
    victim = await make_person("customer", variant)
    now, later = utc_now(), utc_now() + timedelta(hours=1)
    async with transaction() as session:
        checkout = Checkout(
            user_id=victim.user_id, email="victim@example.com", email_key="victim@example.com", currency="USD",
            opened_at=now, expires_at=later,
        )  # fmt: skip
        link = EmailToken(
            user_id=victim.user_id, purpose="verify_email", token_hash=token_hash(new_token()), expires_at=later
        )
        invite = Invite(
            email=f"{new_token()}@example.com", role="ADMIN", token_hash=token_hash(new_token()), expires_at=later
        )
        session.add_all([checkout, link, invite])
        await make_order(session, email="guest@example.com", variants=[variant])
        await make_cart(session, guest_token=new_token(), lines=[(variant, 1)])
    victim.checkout_id = str(checkout.id)
    victim.others = [str(link.id), str(invite.id)]
    return victim
