"""What the palette of the back office finds, and for whom."""

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.statuses import ProductStatus, Role
from shophub.schemas.admin_shell import PaletteHit
from shophub.services import palette
from tests.factories import make_order, make_product, make_user, variants_of
from tests.statements import counted_statements


async def found(session: AsyncSession, typed: str, role: Role | None = Role.ADMIN) -> dict[str, list[PaletteHit]]:
    """Return what is found, by kind."""
    return {group.name: list(group.hits) for group in (await palette.find(session, role, typed)).groups}


@pytest.mark.parametrize("form", ["{}", "#{}", "SH-{}", "sh {}"], ids=["digits", "hash", "public", "lower"])
async def test_order_is_found_by_its_number(session: AsyncSession, form: str) -> None:
    order = await make_order(session, email="ada@example.com", shipping_minor=500)

    hits = (await found(session, form.format(order.number)))["Orders"]

    assert hits[0] == PaletteHit(
        f"Order SH-{order.number}", "$45.00 · Being prepared · ada@example.com", f"/admin/orders/SH-{order.number}"
    )


async def test_beginning_of_a_number_finds_the_one_called_so_and_then_the_newest(session: AsyncSession) -> None:
    orders = [await make_order(session) for _ in range(4)]
    for order, number in zip(orders, (52, 520, 5_201, 530), strict=True):
        await session.execute(
            text("UPDATE orders SET number = :number WHERE id = :id"), {"number": number, "id": order.id}
        )

    assert [hit.label for hit in (await found(session, "52"))["Orders"]] == [
        "Order SH-52",
        "Order SH-5201",
        "Order SH-520",
    ]


async def test_product_is_found_by_words_of_its_name_whatever_its_status(session: AsyncSession) -> None:
    shade = await make_product(session, name="Oak Lamp Shade", status=ProductStatus.DRAFT)
    lamp = await make_product(session, name="Oak Lamp")
    await make_product(session, name="Chair", description="Beside an oak lamp.")

    hits = (await found(session, "lam oak"))["Products"]

    assert [(hit.label, hit.hint, hit.url) for hit in hits] == [
        ("Oak Lamp", "Active", f"/admin/products/{lamp.id}"),
        ("Oak Lamp Shade", "Draft", f"/admin/products/{shade.id}"),
    ]


async def test_product_is_found_by_the_beginning_of_a_sku(session: AsyncSession) -> None:
    product = await make_product(session, name="Chair")
    [variant] = await variants_of(session, product)
    await session.execute(text("UPDATE variants SET sku = 'ZQ-100_A' WHERE id = :id"), {"id": variant.id})

    assert [hit.label for hit in (await found(session, "zq-100_"))["Products"]] == ["Chair"]
    assert "Products" not in await found(session, "zq-1000")


@pytest.mark.parametrize("typed", ["%", "_", "a' OR true --", "&|!", "\\", "((", " ", "x" * 5_000, "٣٤"], ids=range(9))
async def test_signs_of_query_languages_are_mere_letters(session: AsyncSession, typed: str) -> None:
    await make_product(session, name="Oak Lamp")
    await make_order(session)
    await make_user(session)

    assert await found(session, typed) == {}


@pytest.mark.parametrize("role", [None, Role.CUSTOMER])
async def test_who_may_open_nothing_finds_nothing_and_asks_nothing(session: AsyncSession, role: Role | None) -> None:
    order = await make_order(session)
    await make_product(session, name="Oak Lamp")

    with counted_statements(session) as statements:
        assert await found(session, str(order.number), role) == {}
        assert await found(session, "oak", role) == {}

    assert statements == []


async def test_each_kind_is_one_statement(session: AsyncSession) -> None:
    for _ in range(6):
        await make_product(session, name="Oak Lamp", options={"Size": ("S", "M", "L")})
        await make_order(session)

    with counted_statements(session) as statements:
        groups = await found(session, "oak")

    assert len(groups["Products"]) == 5
    assert len(statements) <= 2
