"""One change of many products at once, with what it takes to undo it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shophub.db import AsyncSession
from shophub.domain.price_changes import PriceChange, is_possible
from shophub.domain.statuses import ProductStatus
from shophub.errors import InvalidInputError
from shophub.lib.tables import TableQuery
from shophub.repositories import product_changes, product_list
from shophub.services import audit
from shophub.services.audit import Actor
from shophub.services.search_text import words_of

MAX_CHOSEN = 500_000
MAX_TAGS = 30
MAX_TAG = 40


@dataclass(frozen=True)
class Undo:
    """What a change replaced: per product or variant the value before and the one that it got."""

    kind: str = ""
    values: Mapping[UUID, tuple[Any, Any]] = field(default_factory=dict)
    products: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Changed:
    """What came of a change: of how many products, how many variants were left alone, and the way back."""

    count: int
    undo: Undo
    left_alone: int = 0


async def chosen_ids(session: AsyncSession, query: TableQuery, ids: Sequence[UUID], *, is_all: bool) -> list[UUID]:
    """Return the products that a bulk action is about.

    Raises:
        InvalidInputError: More than half a million.
    """
    if not is_all:
        return list(ids)
    found = await product_list.list_ids(session, query, words_of(query.q), MAX_CHOSEN + 1)
    if len(found) > MAX_CHOSEN:
        raise InvalidInputError(f"At most {MAX_CHOSEN:,} products can be changed at once. Narrow the list first.")
    return found


async def set_status(session: AsyncSession, ids: Iterable[UUID], status: ProductStatus, actor: Actor) -> Changed:
    """Give products a status; those that have it already are no change."""
    known = await product_changes.lock_products(session, list(ids))
    before = await product_changes.set_status(session, dict.fromkeys(known, status.value))
    values = {one: (old, status.value) for one, old in before.items()}
    await _record(session, actor, "product.status", "status", values)
    return Changed(len(before), Undo("status", values, tuple(before)))


async def change_tags(
    session: AsyncSession, ids: Iterable[UUID], *, add: Sequence[str], remove: Sequence[str], actor: Actor
) -> Changed:
    """Add tags to products and take others away, each product's own order kept.

    Raises:
        InvalidInputError: Nothing to do, a tag of more than 40 characters, or more than 30 of them on a product.
    """
    added, removed = _tags(add), {tag.lower() for tag in _tags(remove)}
    if not added and not removed:
        raise InvalidInputError("Type a tag to add or to remove.")
    known = await product_changes.lock_products(session, list(ids))
    now = await product_changes.list_tags(session, known)

    def changed(tags: list[str]) -> list[str]:
        kept = [tag for tag in tags if tag.lower() not in removed]
        return [*kept, *(tag for tag in added if tag.lower() not in {one.lower() for one in kept})]

    wanted = {one: changed(tags) for one, tags in now.items()}
    if any(len(tags) > MAX_TAGS for tags in wanted.values()):
        raise InvalidInputError(f"A product may have up to {MAX_TAGS} tags.")
    before = await product_changes.set_tags(session, wanted)
    values = {one: (old, wanted[one]) for one, old in before.items()}
    await _record(session, actor, "product.tags", "tags", values)
    return Changed(len(before), Undo("tags", values, tuple(before)))


async def change_prices(session: AsyncSession, ids: Iterable[UUID], change: PriceChange, actor: Actor) -> Changed:
    """Change the price of every variant of products; those that could not be sold at it are left alone."""
    known = await product_changes.lock_products(session, list(ids))
    variants = await product_changes.lock_variants_of(session, known)
    wanted = {one.id: change.applied(one.price_minor) for one in variants}
    possible = [one for one in variants if is_possible(wanted[one.id], one.compare_at_minor)]
    moved = [one for one in possible if wanted[one.id] != one.price_minor]
    await product_changes.set_prices(session, {one.id: wanted[one.id] for one in moved})
    changes: dict[str, tuple[dict[str, audit.Value], dict[str, audit.Value]]] = {}
    for one in moved:
        before, after = changes.setdefault(str(one.product_id), ({}, {}))
        before[one.sku], after[one.sku] = one.price_minor, wanted[one.id]
    await audit.record_many(session, actor, "product.price", target="product", changes=changes)
    values: dict[UUID, tuple[Any, Any]] = {one.id: (one.price_minor, wanted[one.id]) for one in moved}
    return Changed(len(changes), Undo("price", values, tuple(known)), len(variants) - len(possible))


async def undo(session: AsyncSession, way_back: Undo, actor: Actor) -> int:
    """Put back what a change replaced, where it is still what the change made it; returns of how many products."""
    known = await product_changes.lock_products(session, list(way_back.products))
    if way_back.kind == "price":
        return await _undo_prices(session, way_back, known, actor)
    if way_back.kind == "tags":
        now: Mapping[UUID, object] = await product_changes.list_tags(session, known)
        back: dict[UUID, Any] = {one: old for one, (old, new) in way_back.values.items() if now.get(one) == new}
        await product_changes.set_tags(session, back)
    else:
        now = await product_changes.list_statuses(session, known)
        back = {one: old for one, (old, new) in way_back.values.items() if now.get(one) == new}
        await product_changes.set_status(session, back)
    await _record(
        session, actor, f"product.{way_back.kind}", way_back.kind, {one: (now[one], old) for one, old in back.items()}
    )
    return len(back)


async def _undo_prices(session: AsyncSession, way_back: Undo, known: Sequence[UUID], actor: Actor) -> int:
    back: dict[UUID, int] = {}
    changes: dict[str, tuple[dict[str, audit.Value], dict[str, audit.Value]]] = {}
    for one in await product_changes.lock_variants_of(session, known):
        old, new = way_back.values.get(one.id, (None, None))
        if isinstance(old, int) and one.price_minor == new and is_possible(old, one.compare_at_minor):
            back[one.id] = old
            before, after = changes.setdefault(str(one.product_id), ({}, {}))
            before[one.sku], after[one.sku] = one.price_minor, old
    await product_changes.set_prices(session, back)
    await audit.record_many(session, actor, "product.price", target="product", changes=changes)
    return len(changes)


async def _record(
    session: AsyncSession, actor: Actor, action: str, name: str, values: Mapping[UUID, tuple[Any, Any]]
) -> None:
    changes = {str(one): ({name: old}, {name: new}) for one, (old, new) in values.items()}
    await audit.record_many(session, actor, action, target="product", changes=changes)


def _tags(typed: Sequence[str]) -> list[str]:
    tags = [" ".join(tag.split()) for tag in typed]
    found = {tag.lower(): tag for tag in reversed(tags) if tag}
    if any(len(tag) > MAX_TAG or not tag.isprintable() for tag in found.values()):
        raise InvalidInputError(f"A tag may have up to {MAX_TAG} characters.")
    return list(reversed(found.values()))
