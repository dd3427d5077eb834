"""The staff's list of products as its page shows it."""

from dataclasses import dataclass, field

from shophub.lib.tables import ColumnSpec, FilterSpec, TableSpec, TabSpec
from shophub.schemas.catalog import ImageView
from shophub.schemas.tables import EditCell

STOCK_CHOICES = (("in", "In stock"), ("low", "Low"), ("out", "Sold out"))
PRODUCTS = TableSpec(
    name="products",
    path="/admin/products",
    columns=(
        ColumnSpec("name", "Product", sort="text", is_fixed=True),
        ColumnSpec("status", "Status"),
        ColumnSpec("price", "Price", sort="number", is_number=True),
        ColumnSpec("stock", "Stock", is_number=True),
        ColumnSpec("category", "Category"),
        ColumnSpec("sold", "Sold", sort="number", descends_first=True, is_number=True),
        ColumnSpec("created", "Added", sort="moment", descends_first=True, is_shown=False),
    ),
    default_sort="-created",
    tabs=(TabSpec("", "All"), TabSpec("active", "Active"), TabSpec("draft", "Draft"), TabSpec("archived", "Archived")),
    filters=(FilterSpec("stock", "Stock", STOCK_CHOICES), FilterSpec("category", "Category"), FilterSpec("tag", "Tag")),
    search="Name, brand, tag or SKU",
    export_path="/api/admin/products.csv",
)


@dataclass(frozen=True)
class VariantLine:
    """A variant below its product; its numbers are edited in place."""

    id: str = ""
    name: str = ""
    sku: str = ""
    price: EditCell = field(default_factory=EditCell)
    stock: EditCell = field(default_factory=EditCell)
    reserved_text: str = ""
    was_text: str = ""
    stock_tone: str = "neutral"


@dataclass(frozen=True)
class ProductLine:
    """A product. One with a single variant has that one's numbers in its own row; others open to show theirs."""

    id: str = ""
    name: str = ""
    url: str = ""
    picture: ImageView = field(default_factory=ImageView)
    sku_text: str = ""
    status_text: str = ""
    status_tone: str = "neutral"
    category: str = ""
    price_text: str = ""
    stock_text: str = ""
    stock_note: str = ""
    stock_tone: str = "neutral"
    sold_text: str = ""
    created_iso: str = ""
    created_text: str = ""
    variants_text: str = ""
    is_single: bool = False
    is_open: bool = False
    variants: tuple[VariantLine, ...] = ()
