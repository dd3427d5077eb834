"""The columns that an import of products knows, and which of a file's columns they are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

OPTIONS = 3


@dataclass(frozen=True)
class ImportColumn:
    """A column: its name in our own files, its label, and what others call it (letters and digits alone)."""

    name: str
    label: str
    others: tuple[str, ...] = ()
    of_product: bool = True


COLUMNS = (
    ImportColumn("slug", "Address (slug)", ("handle", "urlkey", "url", "permalink", "productslug")),
    ImportColumn("name", "Name", ("title", "productname", "producttitle", "product")),
    ImportColumn("status", "Status", ("published", "state", "visibility")),
    ImportColumn("category", "Category", ("productcategory", "categories", "type", "producttype", "collection")),
    ImportColumn("brand", "Brand", ("vendor", "manufacturer", "make")),
    ImportColumn("tags", "Tags", ("keywords", "labels")),
    ImportColumn("description", "Description", ("body", "bodyhtml", "longdescription", "productdescription", "text")),
    *(
        column
        for place in range(1, OPTIONS + 1)
        for column in (
            ImportColumn(f"option{place}_name", f"Option {place}: name", (f"attribute{place}name",)),
            ImportColumn(
                f"option{place}_value", f"Option {place}: value", (f"attribute{place}values", f"option{place}"),
                of_product=False,
            ),
        )
    ),
    ImportColumn("sku", "SKU", ("variantsku", "articlenumber", "itemnumber", "code", "partnumber"), of_product=False),
    ImportColumn("price", "Price", ("variantprice", "regularprice", "unitprice", "sellingprice"), of_product=False),
    ImportColumn(
        "compare_at_price", "Price before",
        ("variantcompareatprice", "compareat", "oldprice", "rrp", "msrp", "listprice"), of_product=False,
    ),
    ImportColumn("currency", "Currency", ("currencycode",), of_product=False),
    ImportColumn(
        "stock", "Stock", ("quantity", "qty", "inventory", "variantinventoryqty", "stockquantity", "onhand"),
        of_product=False,
    ),
    ImportColumn("image", "Picture (its public id)", ("imagepublicid", "variantimage"), of_product=False),
)  # fmt: skip
BY_NAME = {column.name: column for column in COLUMNS}
OF_PRODUCT = tuple(column.name for column in COLUMNS if column.of_product)


def find_columns(header: Sequence[str]) -> dict[str, int]:
    """Return which place of a file's header each known column is at, as far as its names tell; the first one counts."""
    found: dict[str, int] = {}
    plain = [_plain(name) for name in header]
    for column in COLUMNS:
        for name in (_plain(column.name), _plain(column.label), *column.others):
            if name in plain and plain.index(name) not in found.values():
                found[column.name] = plain.index(name)
                break
    return found


def mapping_problem(mapping: Mapping[str, int], width: int) -> str:
    """Return what keeps a mapping from being used, nothing where it can be."""
    if any(name not in BY_NAME or not 0 <= place < width for name, place in mapping.items()):
        return "That column is not in the file."
    doubled = [place for place in mapping.values() if list(mapping.values()).count(place) > 1]
    if doubled:
        names = " and ".join(BY_NAME[name].label for name, place in mapping.items() if place == doubled[0])
        return f"{names} are taken from the same column. Choose another one for all but one of them."
    if not {"slug", "sku", "name"} & set(mapping):
        return "Say which column holds the SKU, the address or the name: else no row can be told to be a product."
    return ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", name.lower())
