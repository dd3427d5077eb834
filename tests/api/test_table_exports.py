"""The lists of the back office as files: for the staff who may see the list, and for nobody else."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from shophub.db import close_database, transaction
from shophub.domain.statuses import Role
from shophub.lib.tables import TableSpec
from shophub.schemas.order_list import ORDER_TABLE
from shophub.schemas.product_list import PRODUCTS
from shophub.services import audit, sessions
from shophub.services.audit import SHOP
from shophub.services.audit_pages import AUDIT_LOG
from shophub.services.coupon_pages import COUPONS
from shophub.services.people_lists import CUSTOMERS
from shophub.settings import get_settings
from tests.factories import make_coupon, make_order, make_product, make_user
from tests.rows import rows

EXPORTS = (ORDER_TABLE.export_path, PRODUCTS.export_path)


async def signed_in(role: Role | None) -> dict[str, str]:
    """Return the header of somebody of a role, none for a guest."""
    if role is None:
        return {}
    async with transaction() as session:
        token = await sessions.start(session, (await make_user(session, role=role)).id)
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("path", EXPORTS)
async def test_files_of_lists_are_for_the_staff(api: httpx.AsyncClient, path: str) -> None:
    async with transaction() as session:
        product = await make_product(session, name="Oak Lamp")
        await make_order(session, email="ada@example.com")

    answers = [await api.get(path, headers=await signed_in(role)) for role in (None, Role.CUSTOMER, Role.ADMIN)]

    assert [answer.status_code for answer in answers] == [401, 403, 200]
    assert not any(secret in answer.text for answer in answers[:2] for secret in ("ada@example.com", product.name))
    assert answers[2].headers["content-type"].startswith("text/csv")
    assert "no-store" in answers[2].headers["cache-control"]
    assert ("ada@example.com" if "orders" in path else "Oak Lamp") in answers[2].text


@pytest.mark.parametrize("spec", [ORDER_TABLE, PRODUCTS, COUPONS, CUSTOMERS, AUDIT_LOG], ids=lambda spec: spec.name)
async def test_slow_reader_of_a_file_holds_no_connection(
    database: str, app: FastAPI, spec: TableSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with transaction() as session:
        await make_product(session)
        await make_coupon(session)
        await make_order(session, email="ada@example.com")
        await make_user(session)
        await audit.record(session, SHOP, "order.note", target="order")
    headers = await signed_in(Role.SUPER_ADMIN)
    await close_database()
    monkeypatch.setenv("DB_POOL_MAX", "1")  # whoever holds it keeps everybody else from the database
    get_settings.cache_clear()
    taken: list[bytes] = []

    async def take_slowly(message: MutableMapping[str, Any]) -> None:
        assert await rows("SELECT 1") == [(1,)]
        taken.append(message.get("body", b""))

    async def stay_connected() -> dict[str, Any]:
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

    scope = {"type": "http", "method": "GET", "path": spec.export_path, "query_string": b"", "client": None,
             "headers": [(b"authorization", headers["Authorization"].encode())]}  # fmt: skip
    await app(scope, stay_connected, take_slowly)

    header, lines = [part for part in taken if part]
    assert (header.count(b"\n"), lines.count(b"\n") >= 1) == (1, True)
