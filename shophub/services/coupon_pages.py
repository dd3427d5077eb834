"""The staff's pages about coupons: the list, the form in the shop's own units, and many codes at once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields as fields_of_class
from datetime import timedelta
from typing import Any
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.statuses import DiscountType
from shophub.errors import InvalidInputError
from shophub.lib.clock import utc_now
from shophub.lib.money import decimal_string, parse_amount
from shophub.lib.tables import ColumnSpec, FilterSpec, TableQuery, TableSpec, TabSpec
from shophub.repositories import coupon_lists
from shophub.repositories.coupon_lists import ListedCoupon
from shophub.schemas.coupon_pages import CouponErrors, CouponFields, CouponLine, CouponPreview
from shophub.schemas.coupons import CODE_SENTENCE, CouponForm, CouponView, parse_coupon
from shophub.schemas.tables import TableView
from shophub.services import saved_views, stores
from shophub.services.views.coupons import coupon_line, dates, examples, limits, summary, terms_of
from shophub.services.views.tables import Edge, Found, table_view

TYPE_CHOICES = (("PERCENTAGE", "Percentage"), ("FIXED", "Amount"), ("FREE_SHIPPING", "Free delivery"))
COUPONS = TableSpec(
    name="coupons",
    path="/admin/coupons",
    columns=(
        ColumnSpec("code", "Code", sort="text", is_fixed=True),
        ColumnSpec("standing", "Status"),
        ColumnSpec("used", "Uses", sort="number", descends_first=True, is_number=True),
        ColumnSpec("revenue", "Revenue", is_number=True),
        ColumnSpec("given", "Taken off", is_number=True),
        ColumnSpec("ends", "Last day", sort="moment", descends_first=True),
        ColumnSpec("created", "Made", sort="moment", descends_first=True, is_shown=False),
        ColumnSpec("switch", "Actions", is_fixed=True),
    ),
    default_sort="-created",
    tabs=(
        TabSpec("", "All"),
        TabSpec("running", "Running"),
        TabSpec("planned", "Planned"),
        TabSpec("used", "Used up"),
        TabSpec("ended", "Ended"),
        TabSpec("off", "Off"),
    ),
    filters=(FilterSpec("type", "Kind", TYPE_CHOICES),),
    search="Code or description",
    export_path="/api/admin/coupons.csv",
)
# Letters and digits that nobody takes for each other.
SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
# The form's names of the terms, by those of ``CouponForm``.
FIELD_NAMES = {
    "minimum_amount": "minimum",
    "max_amount": "maximum",
    "max_uses_per_customer": "per_customer",
    "start_date": "starts",
    "end_date": "ends",
    "applicable_categories": "categories",
}


@dataclass(frozen=True)
class CouponListPage:
    """A page of coupons with what is around it."""

    lines: tuple[CouponLine, ...]
    table: TableView


async def list_coupons(session: AsyncSession, query: TableQuery, viewer_id: UUID | None) -> CouponListPage:
    """Return the coupons that a query asks for. Four statements, whatever is found."""
    store = await stores.get_store(session)
    counts = await coupon_lists.count_coupons(session, query)
    page = await coupon_lists.list_coupons(session, query)
    views = await saved_views.list_views(session, viewer_id, COUPONS)
    every = sum(counts.values())
    found = Found(
        counts={"": every, **counts},
        total=counts.get(query.tab, 0) if query.tab else every,
        shown=len(page.rows),
        first=_edge(page.rows, 0),
        last=_edge(page.rows, -1),
        has_previous=page.has_previous,
        has_next=page.has_next,
    )
    return CouponListPage(
        tuple(coupon_line(row, store.currency) for row in page.rows), table_view(COUPONS, query, found, views)
    )


async def list_categories(session: AsyncSession) -> list[tuple[str, str]]:
    """Return what a coupon can be limited to, as slug and name."""
    return await coupon_lists.list_category_choices(session)


def new_fields() -> CouponFields:
    """Return the form of a new coupon: from today on, for a month."""
    today = utc_now().date()
    return CouponFields(percent="10", starts=today.isoformat(), ends=(today + timedelta(days=30)).isoformat())


def fields_of(coupon: CouponView, currency: str) -> CouponFields:
    """Return a coupon's terms as its form shows them."""

    def amount(minor: int | None) -> str:
        return decimal_string(minor, currency) if minor else ""

    return CouponFields(
        code=coupon.code,
        description=coupon.description,
        discount_type=coupon.discount_type.value,
        percent=coupon.discount_value if coupon.discount_type is DiscountType.PERCENTAGE else "",
        amount=amount(coupon.amount_minor),
        minimum=amount(coupon.minimum_subtotal_minor),
        maximum=amount(coupon.maximum_discount_minor),
        max_uses=str(coupon.max_uses or ""),
        per_customer=str(coupon.max_uses_per_customer or ""),
        categories=coupon.categories,
        first_order_only=coupon.first_order_only,
        starts=coupon.starts_at.date().isoformat(),
        ends=(coupon.ends_at - timedelta(microseconds=1)).date().isoformat(),
        is_active=coupon.is_active,
    )


def form_data(fields: CouponFields, currency: str) -> dict[str, Any]:
    """Return what was typed as ``CouponForm`` takes it.

    Raises:
        InvalidInputError: Amounts that are none, with a sentence for each field.
    """
    wrong: dict[str, str] = {}

    def minor(name: str, typed: str) -> int | None:
        if not typed.strip():
            return None
        try:
            return parse_amount(typed, currency)
        except InvalidInputError as error:
            wrong[name] = error.message
            return None

    value: str | int | None = "0"
    if fields.discount_type == DiscountType.PERCENTAGE:
        value = fields.percent.strip().removesuffix("%").strip()
    elif fields.discount_type == DiscountType.FIXED:
        value = minor("amount", fields.amount)
    is_free = fields.discount_type == DiscountType.FREE_SHIPPING
    data = {
        "code": fields.code,
        "description": fields.description,
        "discount_type": fields.discount_type,
        "discount_value": value,
        "minimum_amount": minor("minimum", fields.minimum),
        "max_amount": None if is_free else minor("maximum", fields.maximum),
        "max_uses": fields.max_uses,
        "max_uses_per_customer": fields.per_customer,
        "applicable_categories": list(fields.categories),
        "first_order_only": fields.first_order_only,
        "start_date": fields.starts,
        "end_date": fields.ends,
        "is_active": fields.is_active,
    }
    if wrong:
        raise InvalidInputError("Some details of the coupon are not right.", wrong)
    return data


def changes(before: CouponFields, after: CouponFields, currency: str) -> dict[str, Any]:
    """Return what of a coupon was changed in its form, as ``update_coupon`` takes it; the rest is left out.

    Raises:
        InvalidInputError: Amounts that are none.
    """
    old, new = form_data(before, currency), form_data(after, currency)
    changed = {name: new[name] for name in new if new[name] != old[name]}
    if "discount_type" in changed:
        changed["discount_value"] = new["discount_value"]
        changed["max_amount"] = new["max_amount"]
    return changed


def shown_errors(error: InvalidInputError, discount_type: str) -> CouponErrors:
    """Return the sentences of a refusal at the fields of the form; what has no field there is left out."""
    value = "amount" if discount_type == DiscountType.FIXED else "percent"
    names = {**FIELD_NAMES, "discount_value": value}
    said = {names.get(name, name): sentence for name, sentence in error.fields.items()}
    return CouponErrors(**{one.name: said[one.name] for one in fields_of_class(CouponErrors) if one.name in said})


def preview(fields: CouponFields, currency: str, names: Sequence[tuple[str, str]]) -> CouponPreview:
    """Return what the typed terms come to, or the first thing that is missing; ``names`` are all categories."""
    shown = fields.code.strip().upper()
    try:
        form = parse_coupon({**form_data(fields, currency), "code": shown or "CODE"})
    except InvalidInputError as error:
        return CouponPreview(code=shown, problem=next(iter(error.fields.values()), error.message))
    chosen = [name for slug, name in names if slug in form.applicable_categories]
    return CouponPreview(
        code=shown,
        summary=summary(terms_of(form, chosen), currency),
        dates=dates(form.start_date, form.end_date),
        limits=limits(form.max_uses, form.max_uses_per_customer),
        examples=examples(form, currency),
    )


def random_code(prefix: str = "") -> str:
    """Return a code that nobody guesses, behind a prefix where there is one."""
    tail = "".join(secrets.choice(SIGNS) for _ in range(8))
    return f"{prefix}-{tail}" if prefix else tail


def codes_of(prefix: str, count: int) -> list[str]:
    """Return so many different codes with a prefix.

    Raises:
        InvalidInputError: The prefix leaves no room for the rest.
    """
    if len(prefix) > 30:
        raise InvalidInputError(CODE_SENTENCE, {"code": "The beginning of many codes has at most 30 characters."})
    codes: dict[str, None] = {}
    while len(codes) < count:
        codes[random_code(prefix)] = None
    return list(codes)


def single_use(form: CouponForm) -> CouponForm:
    """Return the same terms for a code that works once."""
    return form.model_copy(update={"max_uses": 1, "max_uses_per_customer": None})


def _edge(rows: Sequence[ListedCoupon], place: int) -> Edge | None:
    return (rows[place].edge, rows[place].id) if rows else None
