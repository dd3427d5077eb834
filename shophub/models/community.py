"""What shoppers say and wish for: reviews, votes, wishlists, stock alerts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from shophub.models.base import (
    check,
    created_column,
    foreign_key,
    minor_column,
    moment_column,
    primary_key,
    text_column,
    updated_column,
)


class Review(SQLModel, table=True):
    """A customer's word on a product they received; one each. Triggers keep the product's rating exact."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("product_id", "user_id"),
        check("rating_range", "rating BETWEEN 1 AND 5"),
        check("comment_length", "length(comment) <= 2000"),
        check("helpful_not_negative", "helpful_count >= 0"),
        Index("ix_reviews_product_id_created_at", "product_id", text("created_at DESC")),
    )

    id: UUID = primary_key()
    product_id: UUID = foreign_key("products.id", on_delete="CASCADE", index=False)
    user_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)
    order_id: UUID | None = foreign_key("orders.id", on_delete="SET NULL", nullable=True)
    author_name: str = text_column()
    rating: int
    comment: str = text_column(default="")
    helpful_count: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    is_hidden: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    hidden_reason: str | None = text_column(nullable=True)
    hidden_by_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)
    created_at: datetime = created_column()
    updated_at: datetime = updated_column()


class ReviewVote(SQLModel, table=True):
    """One customer found one review helpful."""

    __tablename__ = "review_votes"

    review_id: UUID = Field(primary_key=True, foreign_key="reviews.id", ondelete="CASCADE")
    user_id: UUID = Field(primary_key=True, foreign_key="users.id", ondelete="CASCADE", index=True)
    created_at: datetime = created_column()


class Wishlist(SQLModel, table=True):
    """A customer's list; ``share_token`` opens it read-only while it is set."""

    __tablename__ = "wishlists"

    id: UUID = primary_key()
    user_id: UUID = foreign_key("users.id", on_delete="CASCADE", index=False, unique=True)
    share_token: str | None = text_column(nullable=True, unique=True)
    created_at: datetime = created_column()


class WishlistItem(SQLModel, table=True):
    """A product on a wishlist, with its price at that moment, to tell of a drop."""

    __tablename__ = "wishlist_items"

    wishlist_id: UUID = Field(primary_key=True, foreign_key="wishlists.id", ondelete="CASCADE")
    product_id: UUID = Field(primary_key=True, foreign_key="products.id", ondelete="CASCADE", index=True)
    added_price_minor: int = minor_column()
    # When the last piece of it was seen to be gone; empty while any can be had.
    sold_out_at: datetime | None = moment_column()
    created_at: datetime = created_column()


class StockAlert(SQLModel, table=True):
    """Somebody wants an e-mail when a variant can be had again."""

    __tablename__ = "stock_alerts"
    __table_args__ = (
        Index(
            "uq_stock_alerts_waiting",
            "variant_id",
            "email_key",
            unique=True,
            postgresql_where=text("notified_at IS NULL"),
        ),
    )

    id: UUID = primary_key()
    variant_id: UUID = foreign_key("variants.id", on_delete="CASCADE", index=False)
    user_id: UUID | None = foreign_key("users.id", on_delete="SET NULL", nullable=True)
    email: str = text_column()
    email_key: str = text_column()
    notified_at: datetime | None = moment_column()
    created_at: datetime = created_column()
