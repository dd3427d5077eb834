"""Errors about products, categories and stock."""

from shophub.errors.families import ConflictError, InvalidInputError, NotFoundError


class ProductNotFoundError(NotFoundError):
    """No such product or variant, or it is not on sale."""

    code = "product_not_found"


class ProductGoneError(ProductNotFoundError):
    """The product was sold here and is not any more. ``category_slug`` names the shelf it stood on."""

    code = "product_gone"

    def __init__(self, message: str, category_slug: str, category_name: str) -> None:
        """Keep where something like it may be found."""
        super().__init__(message)
        self.category_slug = category_slug
        self.category_name = category_name


class NumberChangedError(ConflictError):
    """Somebody changed a variant's stock or price since it was read; ``current`` is what it is now."""

    code = "number_changed"

    def __init__(self, message: str, current: int) -> None:
        """Keep the present value."""
        super().__init__(message)
        self.current = current


class SlugMovedError(NotFoundError):
    """The product or category has another address now: ``slug``."""

    code = "moved"

    def __init__(self, message: str, slug: str) -> None:
        """Keep the address that replaced the one asked for."""
        super().__init__(message)
        self.slug = slug


class CategoryNotFoundError(NotFoundError):
    """No such category."""

    code = "category_not_found"


class InsufficientStockError(InvalidInputError):
    """Fewer are available than were asked for."""

    code = "insufficient_stock"

    def __init__(self, message: str, *, variant_id: str, available: int) -> None:
        """Name the variant and how many can still be had."""
        super().__init__(message)
        self.variant_id = variant_id
        self.available = available


class HoardingError(InvalidInputError):
    """More of a variant than is set aside for guests of one network address, or for one account without its cart."""

    code = "hoarding_limit"

    def __init__(self, message: str, *, variant_id: str, allowed: int) -> None:
        """Name the variant and how many may be held."""
        super().__init__(message)
        self.variant_id = variant_id
        self.allowed = allowed


class CatalogMovedError(ConflictError):
    """Somebody changed the same products at the same moment; nothing was written, and it can be tried again."""

    code = "catalog_moved"


class ImportNotFoundError(NotFoundError):
    """There is no such file to import, or it is somebody else's."""

    code = "import_not_found"


class VersionRequiredError(ConflictError):
    """Stock changes only with the version that was read: whoever sends none may undo what others did."""

    code = "version_required"


class StockReservedError(ConflictError):
    """Checkouts under way have set aside more than the stock would then be."""

    code = "stock_reserved"


class SkuTakenError(ConflictError):
    """Another product has that SKU."""

    code = "sku_taken"


class VariantKeptError(ConflictError):
    """A variant that was ordered, or is being paid for, cannot be removed: set its stock to 0 instead."""

    code = "variant_kept"
