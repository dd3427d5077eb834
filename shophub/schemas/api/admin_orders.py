"""Orders as the staff's programs read them, and what these may do with one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field, field_validator, model_validator
from pydantic.config import JsonDict

from shophub.domain.statuses import OrderStatus, RefundSource, RefundStatus
from shophub.lib.plain_text import PlainText
from shophub.schemas.api.base import ApiForm, ApiOut
from shophub.schemas.api.orders import OrderEventOut, OrderOut
from shophub.schemas.fulfilment import web_address

MAX_LINES = 500
MAX_AMOUNT = 10**15
MAX_REASON = 300
Sku = Annotated[str, Field(min_length=1, max_length=64)]


class StaffEventOut(OrderEventOut):
    """A step as the staff see it: also those that the customer does not, and who took it (null: the shop itself)."""

    is_public: bool
    actor_id: UUID | None


class StaffOrderOut(OrderOut):
    """An order as the staff read it. ``customerId`` is null for guests and for accounts that were erased."""

    customer_id: UUID | None
    review_reason: str | None
    events: Sequence[StaffEventOut]


class RefundOut(ApiOut):
    """Money given back, or on its way; ``requestedBy`` is null for what Stripe's dashboard or the shop itself gave."""

    id: UUID
    amount: int
    currency: str
    status: RefundStatus
    source: RefundSource
    reason: str
    restock: bool
    requested_by: UUID | None
    failure_reason: str | None
    created_at: datetime


class OrderDeskOut(StaffOrderOut):
    """An order where it is worked on: with its refunds, and what of the payment can still be given back."""

    refunds: list[RefundOut]
    refundable: int
    disputed: int


_SHIPPED: JsonDict = {"status": "SHIPPED", "carrier": "UPS", "trackingNumber": "1Z999AA10123456784"}


class OrderPatch(ApiForm):
    """The next step of an order. The parcel belongs to SHIPPED; CANCELLED gives all money and goods back."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SHIPPED]})

    status: OrderStatus
    carrier: PlainText | None = Field(None, max_length=80)
    tracking_number: PlainText | None = Field(None, max_length=80)
    tracking_url: PlainText | None = Field(None, max_length=500, pattern=r"^https?://[^\s/?#]+\S*$")

    @field_validator("tracking_url")
    @classmethod
    def _opens_in_a_browser(cls, value: str | None) -> str | None:
        return value and web_address(value)

    @model_validator(mode="after")
    def _parcel_leaves_with_its_order(self) -> Self:
        if self.status is not OrderStatus.SHIPPED and (self.carrier or self.tracking_number or self.tracking_url):
            raise ValueError("carrier and tracking belong to the status SHIPPED")
        return self


class RefundLineForm(ApiForm):
    """So many units of a line."""

    sku: Sku
    quantity: int = Field(ge=1, le=1_000_000, strict=True)


_NOT_BOTH: JsonDict = {
    "not": {"required": ["lines", "amount"], "properties": {"lines": {"type": "array"}, "amount": {"type": "integer"}}},
    "examples": [{"lines": [{"sku": "WH-1000-BLK", "quantity": 1}], "restock": True, "reason": "Came back unused."}],
}


class RefundForm(ApiForm):
    """What to give back: units of lines, or an amount, or, with neither, all that is left."""

    model_config = ConfigDict(json_schema_extra=_NOT_BOTH)

    lines: list[RefundLineForm] | None = Field(None, min_length=1, max_length=MAX_LINES)
    amount: int | None = Field(None, ge=1, le=MAX_AMOUNT, strict=True)
    restock: bool = Field(strict=True)
    reason: PlainText | None = Field(None, max_length=MAX_REASON)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.lines is not None and self.amount is not None:
            raise ValueError("give lines or an amount, not both")
        return self

    @property
    def units(self) -> dict[str, int] | None:
        """Return how many units of each SKU; one that is named twice counts twice."""
        if self.lines is None:
            return None
        units: dict[str, int] = {}
        for line in self.lines:
            units[line.sku] = units.get(line.sku, 0) + line.quantity
        return units


class RefundedOut(ApiOut):
    """A refund that was asked for just now, and its order after it."""

    id: UUID
    status: RefundStatus
    amount: int
    currency: str
    order: OrderDeskOut
