"""A change of many products: at once where that takes a moment, as long work where they are more than that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.permissions import Permission
from shophub.domain.price_changes import PriceChange
from shophub.domain.statuses import ProductStatus
from shophub.errors import ConflictError, InvalidInputError
from shophub.lib.tables import TableQuery
from shophub.services import long_jobs, product_bulk, stores
from shophub.services.audit import Actor
from shophub.services.long_jobs import Value, WorkKind
from shophub.services.product_bulk import Changed

CHANGE_PRODUCTS = WorkKind("products.change", Permission.MANAGE_PRODUCTS)
AT_ONCE = 5_000
ID_BYTES = 16
_TITLES = {"active": "Activate {}", "archived": "Archive {}", "draft": "Turn {} into drafts"}


@dataclass(frozen=True)
class BulkChange:
    """One of: a status, tags to add and to remove, or new prices, whose amounts are of ``currency``."""

    status: ProductStatus | None = None
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    price: PriceChange | None = None
    currency: str = ""

    @property
    def title(self) -> str:
        """Return what is done, with room for how many products."""
        if self.status is not None:
            return _TITLES[self.status.value]
        return "Change prices of {}" if self.price is not None else "Change tags of {}"

    def as_parameters(self) -> dict[str, Value]:
        """Return the change as long work keeps it."""
        price = {} if self.price is None else {"kind": self.price.kind, "value": str(self.price.value)}
        status = "" if self.status is None else self.status.value
        return {
            "status": status, "add": list(self.add), "remove": list(self.remove), "price": price,
            "currency": self.currency,
        }  # fmt: skip

    @classmethod
    def from_parameters(cls, kept: Mapping[str, Any]) -> "BulkChange":
        """Return the change that ``as_parameters`` made of it."""
        price = kept["price"]
        return cls(
            status=ProductStatus(kept["status"]) if kept["status"] else None,
            add=tuple(kept["add"]),
            remove=tuple(kept["remove"]),
            price=PriceChange(price["kind"], int(price["value"])) if price else None,
            currency=kept["currency"],
        )


async def change_now_or_later(
    session: AsyncSession,
    query: TableQuery,
    ids: Sequence[UUID],
    change: BulkChange,
    actor: Actor,
    *,
    is_all: bool,
    seen: int = 0,
) -> Changed | UUID:
    """Change products, or with more than 5,000 of them have it done as long work and return its id.

    With ``is_all`` they are those that ``query`` finds, of which ``seen`` were shown to who decided.

    Raises:
        ConflictError: There are more or fewer of them by now.
        InvalidInputError: The change is none, or not possible.
        TooMuchWorkError: Too much work of the account waits already.
    """
    found = await product_bulk.chosen_ids(session, query, ids, is_all=is_all)
    if is_all and len(found) != seen:
        raise ConflictError(f"The list has {len(found):,} products by now, not {seen:,}. Nothing was changed.")
    if len(found) <= AT_ONCE:
        return await apply(session, found, change, actor)
    await apply(session, (), change, actor)  # says now what is wrong with the change itself
    return await long_jobs.start(
        session,
        actor,
        CHANGE_PRODUCTS,
        title=change.title.format(f"{len(found):,} products"),
        total=len(found),
        parameters=change.as_parameters(),
        content=b"".join(one.bytes for one in found),
        result_name="changed-products.csv",
    )


async def apply(session: AsyncSession, ids: Sequence[UUID], change: BulkChange, actor: Actor) -> Changed:
    """Change products in the caller's transaction.

    Raises:
        InvalidInputError: The change is none, or not possible; the currency is another one by now.
    """
    if change.status is not None:
        return await product_bulk.set_status(session, ids, change.status, actor)
    if change.price is None:
        return await product_bulk.change_tags(session, ids, add=change.add, remove=change.remove, actor=actor)
    if change.price.kind != "percent" and await stores.hold_currency(session) != change.currency:
        raise InvalidInputError("The store's currency was changed meanwhile. Look at the prices again.")
    return await product_bulk.change_prices(session, ids, change.price, actor)


def ids_of(content: bytes) -> list[UUID]:
    """Return the products that long work was started with."""
    return [UUID(bytes=content[place : place + ID_BYTES]) for place in range(0, len(content), ID_BYTES)]
