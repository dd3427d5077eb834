"""A revision of a checkout: what exactly is paid for, frozen. Kept as JSON, because nothing may ever change in it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from shophub.domain.pricing import Quote
from shophub.domain.reasons import Reason, reason_from_json


@dataclass(frozen=True)
class RevisionLine:
    """A line as it was agreed, and why it came to that. Amounts are minor units of the revision's currency."""

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
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class RevisionSums:
    """The quote's sums: ``total = subtotal - discount + shipping + tax`` (included tax is not added).

    Revisions that were stored before quotes explained themselves have neither rate nor reasons.
    """

    subtotal_minor: int
    discount_minor: int
    shipping_minor: int
    shipping_tax_minor: int
    tax_minor: int
    total_minor: int
    tax_included: bool
    tax_rate_ppm: int = 0
    shipping_reasons: tuple[Reason, ...] = ()


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
        tax_rate_ppm=quote.tax_rate_ppm,
        shipping_reasons=quote.shipping_reasons,
    )


def sums_from_json(stored: Mapping[str, Any]) -> RevisionSums:
    """Return stored sums."""
    return RevisionSums(**{**stored, "shipping_reasons": _reasons(stored.get("shipping_reasons"))})


def line_to_json(line: RevisionLine) -> dict[str, Any]:
    """Return the line as it is stored."""
    return {**asdict(line), "variant_id": str(line.variant_id), "product_id": str(line.product_id)}


def line_from_json(stored: Mapping[str, Any]) -> RevisionLine:
    """Return a stored line."""
    ids = {name: UUID(stored[name]) for name in ("variant_id", "product_id")}
    return RevisionLine(**{**stored, **ids, "reasons": _reasons(stored.get("reasons"))})


def _reasons(stored: list[dict[str, Any]] | None) -> tuple[Reason, ...]:
    return tuple(reason_from_json(reason) for reason in stored or ())
