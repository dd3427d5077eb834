"""What an import finds in the shop, what it goes by, and what it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from shophub.domain.import_rows import LineResult

Options = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class ImportVariant:
    """A variant as it stands, or as it is to be; ``image`` is a picture's public id."""

    id: UUID
    values: tuple[str, ...]
    position: int
    sku: str
    price_minor: int
    compare_at_minor: int | None
    stock: int
    reserved: int = 0
    image: str = ""


@dataclass(frozen=True)
class ImportProduct:
    """A product as it stands, or as it is to be. ``category`` is a slug."""

    id: UUID
    slug: str
    name: str
    status: str
    category: str
    brand: str
    tags: tuple[str, ...]
    description: str
    options: Options = ()
    variants: tuple[ImportVariant, ...] = ()
    images: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ImportTerms:
    """What an import goes by. ``columns`` are mapped; ``repeated`` names rows with the SKU of another."""

    currency: str
    columns: frozenset[str]
    creates_categories: bool = False
    repeated: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportShop:
    """What the shop has of what rows are about; ``category_names`` lead to slugs, to nothing where two share one."""

    products: Mapping[UUID, ImportProduct]
    sku_owners: Mapping[str, UUID]
    category_slugs: frozenset[str]
    category_names: Mapping[str, str]


@dataclass
class ImportPlan:
    """What is to be written, and what is said of each row. ``changed`` pairs what there is with what is to be."""

    results: list[LineResult] = field(default_factory=list)
    new_products: list[ImportProduct] = field(default_factory=list)
    changed_products: list[tuple[ImportProduct, ImportProduct]] = field(default_factory=list)
    optioned_products: list[ImportProduct] = field(default_factory=list)
    options: dict[UUID, Options] = field(default_factory=dict)
    new_variants: list[tuple[UUID, ImportVariant]] = field(default_factory=list)
    changed_variants: list[tuple[UUID, ImportVariant, ImportVariant]] = field(default_factory=list)
    new_categories: dict[str, str] = field(default_factory=dict)
