"""One customer as the staff see them. Nothing here changes anything: an account is its owner's own affair."""

from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.order_numbers import order_number
from shophub.errors import UserNotFoundError
from shophub.lib.clock import utc_now
from shophub.lib.money import format_money
from shophub.repositories import customers
from shophub.repositories.customers import CustomerRow, NoteRow, ReviewRow
from shophub.schemas.customers import CustomerFact, CustomerNote, CustomerReview, CustomerView
from shophub.services import order_list, stores
from shophub.services.views.moments import ago_text, date_text, recent_text

ORDERS_SHOWN = 10
NOTES_SHOWN = 20
REVIEWS_SHOWN = 10


async def get_customer(session: AsyncSession, user_id: UUID) -> CustomerView:
    """Return a customer with what they bought, wrote and what was noted about it. Five statements, whatever there is.

    Raises:
        UserNotFoundError: No such account, or somebody who was erased.
    """
    store = await stores.get_store(session)
    row = await customers.find_customer(session, user_id)
    if row is None:
        raise UserNotFoundError("There is no such customer.")
    orders = await order_list.list_of_customer(session, user_id, ORDERS_SHOWN)
    notes = await customers.list_notes(session, user_id, NOTES_SHOWN)
    reviews = await customers.list_reviews(session, user_id, REVIEWS_SHOWN)
    now = utc_now()
    return CustomerView(
        id=str(row.id),
        name=row.full_name or row.email,
        email=row.email,
        mail_url=f"mailto:{quote(row.email, safe='@')}",
        people_url="/admin/users?" + urlencode({"q": row.email}),
        orders_url="/admin/orders?" + urlencode({"q": row.email}),
        reviews_text=f"{row.review_count:,}",
        is_active=row.is_active,
        is_verified=row.is_verified,
        figures=_figures(row, store.currency, now),
        facts=_facts(row, now),
        orders=orders,
        more_orders_text=f"All {row.order_count:,} orders" if row.order_count > len(orders) else "",
        notes=tuple(_note(one) for one in notes),
        reviews=tuple(_review(one) for one in reviews),
    )


def _figures(row: CustomerRow, currency: str, now: datetime) -> tuple[CustomerFact, ...]:
    average = (2 * row.spent_minor + row.paid_count) // (2 * row.paid_count) if row.paid_count else 0
    last = row.last_order_at
    return (
        CustomerFact("Spent", format_money(row.spent_minor, currency)),
        CustomerFact("Orders", f"{row.order_count:,}"),
        CustomerFact("Average order", format_money(average, currency)),
        CustomerFact("Last order", "None yet" if last is None else recent_text(last, now) or date_text(last)),
    )


def _facts(row: CustomerRow, now: datetime) -> tuple[CustomerFact, ...]:
    seen = row.last_sign_in_at
    return (
        CustomerFact("Customer since", date_text(row.created_at)),
        CustomerFact("Last sign-in", "Never" if seen is None else recent_text(seen, now) or date_text(seen)),
        CustomerFact("Addresses in the address book", f"{row.address_count:,}"),
        CustomerFact("On the wishlist", f"{row.wish_count:,}"),
        CustomerFact("Wants offers by e-mail", "Yes" if row.accepts_marketing else "No"),
    )


def _note(row: NoteRow) -> CustomerNote:
    number = order_number(row.number)
    return CustomerNote(
        order=number,
        order_url=f"/admin/orders/{number}",
        body=row.body,
        author=row.author or "Somebody who has left",
        at_iso=row.created_at.isoformat(),
        at_text=ago_text(row.created_at, utc_now()),
    )


def _review(row: ReviewRow) -> CustomerReview:
    return CustomerReview(
        id=str(row.id),
        product=row.product_name,
        product_url=f"/admin/products/{row.product_id}",
        stars=row.rating,
        stars_text="1 star" if row.rating == 1 else f"{row.rating} stars",
        comment=row.comment or "No words, only stars.",
        is_hidden=row.is_hidden,
        at_iso=row.created_at.isoformat(),
        at_text=date_text(row.created_at),
    )
