"""What search and filters stand on beside the products themselves. All of it can be made anew from them."""

from uuid import UUID

from sqlalchemy import BigInteger, Column, Identity, Text, text
from sqlalchemy.types import Uuid
from sqlmodel import Field, SQLModel

from shophub.models.base import minor_column


class SearchWord(SQLModel, table=True):
    """A word of the catalog and in how many products it stands: what misspelt words are corrected to."""

    __tablename__ = "search_words"

    word: str = Field(sa_column=Column(Text, primary_key=True))
    products: int = Field(sa_column_kwargs={"server_default": text("1")}, default=1)


class StockTurn(SQLModel, table=True):
    """A product that began or ceased to have something in stock since its ``in_stock`` was brought up to date.

    Rows are only ever added by those who sell, so that orders never wait for each other; a job takes them away.
    """

    __tablename__ = "stock_turns"

    id: int = Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    product_id: UUID = Field(sa_column=Column(Uuid, nullable=False))


class ListingCount(SQLModel, table=True):
    """How many products of a category share a value, where a shop has more of them than are counted on request.

    ``low`` and ``high`` are their cheapest and dearest price.
    """

    __tablename__ = "listing_counts"

    category_id: UUID = Field(sa_column=Column(Uuid, primary_key=True))
    facet: str = Field(sa_column=Column(Text, primary_key=True))
    value: str = Field(sa_column=Column(Text, primary_key=True))
    products: int
    low: int | None = minor_column(nullable=True)
    high: int | None = minor_column(nullable=True)
