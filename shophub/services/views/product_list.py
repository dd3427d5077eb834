"""From rows of the staff's list of products to its lines."""

from collections.abc import Sequence

from shophub.domain.statuses import ProductStatus
from shophub.lib.money import decimal_string, format_money
from shophub.repositories.product_list import ListedProduct, ListedVariant
from shophub.schemas.product_list import ProductLine, VariantLine
from shophub.schemas.tables import EditCell
from shophub.services.views.moments import date_text
from shophub.services.views.pictures import picture

THUMB_WIDTHS = (80, 160)
STATUS = {
    ProductStatus.ACTIVE: ("Active", "success"),
    ProductStatus.DRAFT: ("Draft", "brand"),
    ProductStatus.ARCHIVED: ("Archived", "neutral"),
}


def product_line(row: ListedProduct, currency: str, low: int) -> ProductLine:
    """Return a product's line, closed."""
    is_single = row.variant_count == 1
    status, tone = STATUS[ProductStatus(row.status)]
    return ProductLine(
        id=str(row.id),
        name=row.name,
        url=f"/admin/products/{row.id}",
        picture=picture(row.public_id, row.alt or "", row.colour or "#e8e4dc", widths=THUMB_WIDTHS, width=80),
        sku_text=(row.first_sku or "") if is_single else "",
        status_text=status,
        status_tone=tone,
        category=row.category_name,
        price_text=_prices(row, currency),
        stock_text=f"{row.stock:,}",
        stock_note=_stock_note(row.scarcest, low, row.variant_count),
        stock_tone=stock_tone(row.scarcest, low),
        sold_text=f"{row.sold_count:,}",
        created_iso=row.created_at.isoformat(),
        created_text=date_text(row.created_at),
        variants_text="" if is_single else _counted(row.variant_count),
        is_single=is_single,
        variants=(_only(row, currency, low),) if is_single else (),
    )


def variant_lines(rows: Sequence[ListedVariant], currency: str, low: int) -> tuple[VariantLine, ...]:
    """Return the lines of a product's variants."""
    return tuple(
        VariantLine(
            id=str(row.id),
            name=" / ".join(row.option_values) or row.sku,
            sku=row.sku,
            price=EditCell(decimal_string(row.price_minor, currency)),
            stock=EditCell(str(row.stock)),
            reserved_text=reserved_text(row.reserved),
            was_text="" if row.compare_at_minor is None else format_money(row.compare_at_minor, currency),
            stock_tone=stock_tone(row.stock - row.reserved, low),
        )
        for row in rows
    )


def reserved_text(reserved: int) -> str:
    """Return what checkouts hold, in words, nothing where they hold nothing."""
    return f"{reserved:,} set aside" if reserved else ""


def stock_tone(available: int, low: int) -> str:
    """Return how scarce something is."""
    if available <= 0:
        return "danger"
    return "warning" if available <= low else "neutral"


def _only(row: ListedProduct, currency: str, low: int) -> VariantLine:
    return VariantLine(
        id=str(row.first_id),
        name=row.name,
        sku=row.first_sku or "",
        price=EditCell(decimal_string(row.lowest_minor or 0, currency)),
        stock=EditCell(str(row.stock)),
        reserved_text=reserved_text(row.reserved),
        stock_tone=stock_tone(row.stock - row.reserved, low),
    )


def _prices(row: ListedProduct, currency: str) -> str:
    if row.lowest_minor is None or row.highest_minor is None:
        return "No price"
    low = format_money(row.lowest_minor, currency)
    return low if row.lowest_minor == row.highest_minor else f"{low} – {format_money(row.highest_minor, currency)}"


def _stock_note(scarcest: int, low: int, variants: int) -> str:
    if variants == 0:
        return "No variants"
    if scarcest <= 0:
        return "Sold out" if variants == 1 else "Some sold out"
    if scarcest <= low:
        return "Low" if variants == 1 else "Some low"
    return ""


def _counted(count: int) -> str:
    return "No variants" if count == 0 else f"{count:,} variants"
