"""What customers of the demo store say of what they bought, and who found it helpful."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from shophub.services.demo.chance import chance_for, demo_id
from shophub.services.demo.deals import course_of, order_id
from shophub.services.demo.people import Person, user_id
from shophub.services.demo.sales import Sale
from shophub.services.demo.shelves import product_id

MOST_VOTES = 14

Row = dict[str, Any]


def review_rows(sales: Sequence[Sale], people: Sequence[Person], now: datetime) -> tuple[list[Row], list[Row]]:
    """Return the reviews and the votes on them. Each was written after its order had been delivered."""
    reviews: list[Row] = []
    votes: list[Row] = []
    for sale in sales:
        if sale.review is None:
            continue
        product = sale.items[0].product
        chance = chance_for("review", sale.key)
        written_at = _written_at(sale, now)
        review_id = demo_id("review", sale.key, written_at)
        readers = [one for one in people if one.email != sale.customer.email]
        helped = chance.sample(readers, min(len(readers), chance.randrange(MOST_VOTES) ** 2 // MOST_VOTES))
        reviews.append(
            {
                "id": review_id,
                "product_id": product_id(product, now),
                "user_id": user_id(sale.customer.email, now),
                "order_id": order_id(sale),
                "author_name": sale.customer.short_name,
                "rating": sale.review.rating,
                "comment": sale.review.comment,
                "created_at": written_at,
                "updated_at": written_at,
            }
        )
        votes += [
            {
                "review_id": review_id,
                "user_id": user_id(reader.email, now),
                "created_at": min(now, written_at + timedelta(days=chance.randint(1, 40))),
            }
            for reader in helped
        ]
    return reviews, votes


def _written_at(sale: Sale, now: datetime) -> datetime:
    """Return a moment on the review's day, after the parcel had come."""
    delivered_at = course_of(sale).delivered_at
    if sale.review is None or delivered_at is None:
        raise ValueError("Only what was delivered is reviewed.")
    hours = timedelta(hours=chance_for("written", sale.key).randint(1, 20))
    return max(now - timedelta(days=sale.review.age_days) + hours, delivered_at + hours)
