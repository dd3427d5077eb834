"""Coupons as the staff's programs read and write them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StringConstraints, WithJsonSchema

from shophub.domain.statuses import DiscountType
from shophub.schemas.api.base import ApiForm, ApiOut
from shophub.schemas.coupons import DESCRIPTION_MAX, MAX_COUNT, MAX_MINOR

Code = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9][A-Za-z0-9_-]{2,39}$")]
Words = Annotated[str, StringConstraints(max_length=DESCRIPTION_MAX)]
Value = (
    Annotated[StrictInt, Field(ge=0, le=MAX_MINOR)]
    | Annotated[StrictFloat, Field(ge=0, le=100, allow_inf_nan=False)]
)  # fmt: skip
Amount = Annotated[StrictInt, Field(ge=0, le=MAX_MINOR)]
Limit = Annotated[StrictInt, Field(ge=1, le=MAX_MINOR)]
Count = Annotated[StrictInt, Field(ge=1, le=MAX_COUNT)]
Slugs = Annotated[list[Annotated[str, StringConstraints(min_length=1, max_length=250)]], Field(max_length=500)]
Moment = Annotated[
    str,
    StringConstraints(max_length=40),
    WithJsonSchema({
        "anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}],
        "description": "A day alone is meant whole. Without an offset it is UTC. From the year 2000 to 2999.",
    }),
]  # fmt: skip
VALUE = "A percentage (more than 0, at most 100, two decimals), minor units of the store's currency, or 0."
EXAMPLE: dict[str, Any] = {
    "code": "SPRING10",
    "description": "Spring sale",
    "discountType": "PERCENTAGE",
    "discountValue": 10,
    "minimumAmount": 5000,
    "maxUses": 100,
    "startDate": "2026-03-01",
    "endDate": "2026-03-31",
}


class CouponIn(ApiForm):
    """A new coupon. Amounts are minor units of the store's currency; the case of ``code`` does not matter."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    code: Code
    description: Words | None = None
    discount_type: DiscountType
    discount_value: Value = Field(0, description=VALUE)
    minimum_amount: Amount = 0
    max_amount: Limit | None = Field(None, description="The most that is taken off; null: no limit.")
    max_uses: Count | None = None
    max_uses_per_customer: Count | None = None
    applicable_categories: Slugs = Field(default_factory=list, description="Slugs; empty: the whole cart.")
    first_order_only: StrictBool = False
    start_date: Moment
    end_date: Moment
    is_active: StrictBool = True

    def sent(self) -> dict[str, Any]:
        """Return what was sent, as ``parse_coupon`` reads it."""
        return self.model_dump(by_alias=True, mode="json")


class CouponPatch(ApiForm):
    """What changes of a coupon; what is not named stays. Another ``discountType`` takes its ``discountValue`` along."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"isActive": False}, {"maxUses": 500}], "minProperties": 1}
    )

    code: Code = Field(default_factory=str)
    description: Words | None = Field(default_factory=lambda: None)
    discount_type: DiscountType = Field(default_factory=lambda: DiscountType.PERCENTAGE)
    discount_value: Value = Field(default_factory=int, description=VALUE)
    minimum_amount: Amount = Field(default_factory=int)
    max_amount: Limit | None = Field(default_factory=lambda: None)
    max_uses: Count | None = Field(default_factory=lambda: None)
    max_uses_per_customer: Count | None = Field(default_factory=lambda: None)
    applicable_categories: Slugs = Field(default_factory=list)
    first_order_only: StrictBool = Field(default_factory=bool)
    start_date: Moment = Field(default_factory=str)
    end_date: Moment = Field(default_factory=str)
    is_active: StrictBool = Field(default_factory=bool)

    def sent(self) -> dict[str, Any]:
        """Return what was sent, as ``update_coupon`` reads it."""
        return self.model_dump(by_alias=True, mode="json", exclude_unset=True)


class CouponOut(ApiOut):
    """A coupon. ``used_count`` are orders, ``held_count`` checkouts under way; ``end_date`` itself is not in it."""

    id: UUID
    code: str
    description: str | None
    discount_type: DiscountType
    discount_value: int | float = Field(description=VALUE)
    minimum_amount: int = Field(ge=0)
    max_amount: int | None
    max_uses: int | None
    max_uses_per_customer: int | None
    used_count: int = Field(ge=0)
    held_count: int = Field(ge=0)
    applicable_categories: list[str] = Field(description="Slugs; empty: the whole cart.")
    first_order_only: bool
    start_date: datetime
    end_date: datetime
    is_active: bool
    currency: str = Field(min_length=3, max_length=3, description="The store's, of all amounts here.")
