"""The palette's questions over HTTP."""

import httpx
import pytest

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.services import sessions
from tests.factories import make_product, make_user

PATH = "/api/admin/palette"


async def signed_in(role: Role) -> dict[str, str]:
    """Return the header of somebody of a role."""
    async with transaction() as session:
        token = await sessions.start(session, (await make_user(session, role=role)).id)
    return {"Authorization": f"Bearer {token}"}


async def test_staff_are_told_what_is_called_so(api: httpx.AsyncClient) -> None:
    async with transaction() as session:
        lamp = await make_product(session, name="Oak Lamp")

    answer = await api.get(PATH, params={"q": "oak"}, headers=await signed_in(Role.ADMIN))

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert answer.json() == {
        "q": "oak",
        "groups": [
            {
                "name": "Products",
                "icon": "box",
                "hits": [{"label": "Oak Lamp", "hint": "Active", "url": f"/admin/products/{lamp.id}"}],
            }
        ],
    }


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.CUSTOMER, 403)])
async def test_others_are_refused(api: httpx.AsyncClient, role: Role | None, status: int) -> None:
    headers = await signed_in(role) if role else {}

    assert (await api.get(PATH, params={"q": "oak"}, headers=headers)).status_code == status
