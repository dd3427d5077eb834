"""What shoppers say, wish for and look at: reviews, votes, wishlists, stock alerts, viewed products."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
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
        Index("ix_reviews_created_at_id", "created_at", "id"),
        Index("ix_reviews_rating_id", "rating", "id"),
        Index("ix_reviews_unchecked", "created_at", "id", postgresql_where=text("checked_at IS NULL")),
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
    # When somebody of the staff looked at it; empty again once it is changed.
    checked_at: datetime | None = moment_column()
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


class ViewedProduct(SQLModel, table=True):
    """When an account, or a guest by the hash of their cookie, last looked at a product."""

    __tablename__ = "product_views"
    __table_args__ = (
        check("one_viewer", "(user_id IS NULL) <> (guest_token_hash IS NULL)"),
        Index(
            "uq_product_views_user",
            "user_id",
            "product_id",
            unique=True,
            postgresql_where=text("user_id IS NOT NULL"),
        ),
        Index(
            "uq_product_views_guest",
            "guest_token_hash",
            "product_id",
            unique=True,
            postgresql_where=text("guest_token_hash IS NOT NULL"),
        ),
    )

    id: UUID = primary_key()
    user_id: UUID | None = foreign_key("users.id", on_delete="CASCADE", nullable=True, index=False)
    guest_token_hash: str | None = text_column(nullable=True)
    product_id: UUID = foreign_key("products.id", on_delete="CASCADE")
    viewed_at: datetime = moment_column(nullable=False, index=True)


class GuestWish(SQLModel, table=True):
    """What a guest, by the hash of their cookie, wishes for; at the sign-in it goes onto the account's list."""

    __tablename__ = "guest_wishes"

    guest_token_hash: str = Field(sa_column=Column(Text, primary_key=True))
    product_id: UUID = Field(primary_key=True, foreign_key="products.id", ondelete="CASCADE", index=True)
    created_at: datetime = created_column(index=True)
