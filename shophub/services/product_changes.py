"""One number of a variant, changed where it stands in a list: its stock, its price."""

from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.price_changes import is_possible
from shophub.domain.statuses import StockReason
from shophub.errors import InvalidInputError, NumberChangedError, ProductNotFoundError
from shophub.lib.money import format_money
from shophub.repositories import inventory, product_changes
from shophub.repositories.product_changes import VariantNumbers
from shophub.schemas.product_editor import MAX_STOCK
from shophub.services import audit
from shophub.services.audit import Actor

_WHY = {StockReason.ORDER: "Some were sold", StockReason.REFUND: "Some came back", StockReason.IMPORT: "An import ran"}


async def set_stock(session: AsyncSession, variant_id: UUID, stock: int, *, seen: int, actor: Actor) -> UUID:
    """Set what is on the shelf, with a row of the ledger; ``seen`` is what was shown. Returns the product.

    Raises:
        ProductNotFoundError: The variant is not there any more.
        NumberChangedError: It is not what was seen; nothing has changed.
        InvalidInputError: Below what checkouts have set aside, or more than the editor takes.
    """
    variant = await _locked(session, variant_id)
    if variant.stock != seen:
        name, reason = await product_changes.find_last_stock_change(session, variant_id)
        who = f"Changed by {name}" if name else _WHY.get(StockReason(reason), "It changed") if reason else "It changed"
        raise NumberChangedError(f"{who}: {variant.stock} now. Yours was not saved.", variant.stock)
    if not 0 <= stock <= MAX_STOCK:
        raise InvalidInputError(f"Type a number from 0 to {MAX_STOCK:,}.")
    if stock < variant.reserved:
        raise InvalidInputError(f"{variant.reserved} are set aside in checkouts. It cannot be fewer.")
    if stock == variant.stock:
        return variant.product_id
    await product_changes.change_stock(session, variant_id, stock - variant.stock)
    reason = StockReason.RESTOCK if stock > variant.stock else StockReason.CORRECTION
    await inventory.record_movements(
        session, {variant_id: stock - variant.stock}, reason=reason, reference="list", actor_id=actor.user_id
    )
    await _record(session, actor, "product.stock", variant, {"stock": variant.stock}, {"stock": stock})
    return variant.product_id


async def set_price(
    session: AsyncSession, variant_id: UUID, price_minor: int, *, seen_minor: int, currency: str, actor: Actor
) -> UUID:
    """Set a price in minor units of the store's currency; ``seen_minor`` is what was shown. Returns the product.

    Raises:
        ProductNotFoundError: The variant is not there any more.
        NumberChangedError: It is not what was seen; nothing has changed.
        InvalidInputError: Zero, or not below the old price that is struck out.
    """
    variant = await _locked(session, variant_id)
    if variant.price_minor != seen_minor:
        name = await product_changes.find_last_editor(session, variant.product_id)
        who = f"Changed by {name}" if name else "It changed"
        now = format_money(variant.price_minor, currency)
        raise NumberChangedError(f"{who}: {now} now. Yours was not saved.", variant.price_minor)
    if variant.compare_at_minor is not None and price_minor >= variant.compare_at_minor:
        was = format_money(variant.compare_at_minor, currency)
        raise InvalidInputError(f"It is shown as reduced from {was}: type less, or take that away in the editor.")
    if not is_possible(price_minor, None):
        raise InvalidInputError("Type a price above zero.")
    if price_minor == variant.price_minor:
        return variant.product_id
    await product_changes.set_price(session, variant_id, price_minor)
    before, after = {"price_minor": variant.price_minor}, {"price_minor": price_minor}
    await _record(session, actor, "product.price", variant, before, after)
    return variant.product_id


async def _locked(session: AsyncSession, variant_id: UUID) -> VariantNumbers:
    variant = await product_changes.lock_variant(session, variant_id)
    if variant is None:
        raise ProductNotFoundError("This variant was deleted meanwhile.")
    return variant


async def _record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    variant: VariantNumbers,
    before: dict[str, int],
    after: dict[str, int],
) -> None:
    sku: dict[str, audit.Value] = {"sku": variant.sku}
    await audit.record(
        session,
        actor,
        action,
        target="product",
        target_id=str(variant.product_id),
        before={**sku, **before},
        after={**sku, **after},
    )
