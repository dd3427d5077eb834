"""Deleting a product for good, and beginning a new one as a copy of another."""

from dataclasses import replace
from uuid import UUID

from shophub.db import AsyncSession
from shophub.errors import ConflictError, ProductNotFoundError
from shophub.lib.ids import new_id
from shophub.repositories import product_editing
from shophub.schemas.product_editor import MAX_NAME, EditorView
from shophub.services import audit
from shophub.services.audit import Actor
from shophub.services.product_editor import get_product, product_facts

ORDERED = "{name} has been ordered, so it stays for those orders. Archive it instead: then nobody can buy it any more."
HELD = "{name} is being paid for right now. Archive it, or try again in half an hour."
COPY = "Copy of "


class ProductKeptError(ConflictError):
    """The product stands in orders, or in somebody's payment: it cannot be deleted, but archived."""

    code = "product_kept"


async def delete(session: AsyncSession, product_id: UUID, *, actor: Actor) -> str:
    """Delete a product that was never ordered, with all of its own; carts and wishlists lose it. Returns its name.

    Raises:
        ProductNotFoundError: It is not there (any more).
        ProductKeptError: It has been ordered, or is being paid for.
    """
    product = await product_editing.lock(session, product_id)
    if product is None:
        raise ProductNotFoundError("Somebody deleted this product meanwhile.")
    if await product_editing.is_ordered(session, product_id):
        raise ProductKeptError(ORDERED.format(name=product.name))
    if any(variant.reserved for variant in product.variants):
        raise ProductKeptError(HELD.format(name=product.name))
    await product_editing.delete(session, product_id)
    await audit.record(
        session, actor, "product.delete", target="product", target_id=str(product_id), before=product_facts(product)
    )
    return product.name


async def copy_of(session: AsyncSession, product_id: UUID, currency: str) -> EditorView:
    """Return a new draft that begins as a product does; without pictures, stock, address and SKUs, which are its own.

    Nothing is written until it is saved.

    Raises:
        ProductNotFoundError: There is none to copy.
    """
    view = await get_product(session, product_id, currency)
    variants = tuple(
        replace(one, id="", version=0, sku="", stock=0, reserved=0, picture="", is_ordered=False)
        for one in view.variants
    )
    return replace(
        view,
        id=str(new_id()),
        version=0,
        name=(COPY + view.name)[:MAX_NAME],
        slug="",
        status="draft",
        pictures=(),
        variants=variants,
        created_text="",
        updated_text="",
    )
