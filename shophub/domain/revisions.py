"""A revision of a checkout: what exactly is paid for, frozen. Kept as JSON, because nothing may ever change in it."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from shophub.domain.pricing import Quote


@dataclass(frozen=True)
class RevisionLine:
    """A line as it was agreed. Amounts are minor units of the revision's currency."""

    variant_id: UUID
    product_id: UUID
    slug: str
    name: str
    sku: str
    options: dict[str, str]
    image_public_id: str | None
    image_alt: str
    image_colour: str
    quantity: int
    price_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int


@dataclass(frozen=True)
class RevisionSums:
    """The quote's sums: ``total = subtotal - discount + shipping + tax`` (included tax is not added)."""

    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    shipping_tax_minor: int
    tax_minor: int
    total_minor: int
    tax_included: bool


@dataclass(frozen=True)
class Revision:
    """What a payment is for."""

    checkout_id: UUID
    number: int
    currency: str
    lines: tuple[RevisionLine, ...]
    sums: RevisionSums
    shipping_address: dict[str, str]
    coupon_id: UUID | None
    coupon_code: str | None
    email: str
    note: str

    @property
    def quantities(self) -> dict[UUID, int]:
        """Return how many of each variant are bought."""
        wanted: dict[UUID, int] = {}
        for line in self.lines:
            wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
        return wanted

    def is_same_as(self, other: "Revision") -> bool:
        """Return whether both ask the same of the shopper and of the store."""
        return {**asdict(self), "number": 0} == {**asdict(other), "number": 0}


def sums_of(quote: Quote) -> RevisionSums:
    """Return the sums of a quote."""
    return RevisionSums(
        subtotal_minor=quote.subtotal_minor,
        discount_minor=quote.discount_minor,
        shipping_minor=quote.shipping_minor,
        shipping_tax_minor=quote.shipping_tax_minor,
        tax_minor=quote.tax_minor,
        total_minor=quote.total_minor,
        tax_included=quote.tax_included,
    )


def line_to_json(line: RevisionLine) -> dict[str, Any]:
    """Return the line as it is stored."""
    return {**asdict(line), "variant_id": str(line.variant_id), "product_id": str(line.product_id)}


def line_from_json(stored: dict[str, Any]) -> RevisionLine:
    """Return a stored line."""
    return RevisionLine(
        **{**stored, "variant_id": UUID(stored["variant_id"]), "product_id": UUID(stored["product_id"])}
    )
