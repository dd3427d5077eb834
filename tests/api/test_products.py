"""Products for the staff's programs."""

import httpx

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.lib.ids import new_id
from shophub.services import sessions
from tests.factories import make_order, make_product, make_user, variants_of
from tests.rows import rows


async def bearer(role: Role) -> dict[str, str]:
    """Return the header of somebody new."""
    async with transaction() as session:
        user = await make_user(session, role=role)
        return {"Authorization": f"Bearer {await sessions.start(session, user.id)}"}


async def test_product_is_deleted_by_staff_alone_and_kept_once_it_was_ordered(api: httpx.AsyncClient):
    async with transaction() as session:
        fresh = await make_product(session, name="Fresh")
        ordered = await make_product(session, name="Ordered")
        await make_order(session, variants=await variants_of(session, ordered))
    staff, customer = await bearer(Role.ADMIN), await bearer(Role.CUSTOMER)

    tries = [(fresh.id, customer), (fresh.id, staff), (fresh.id, staff), (new_id(), staff), (ordered.id, staff)]
    answers = [await api.delete(f"/api/admin/products/{one}", headers=who) for one, who in tries]

    assert [answer.status_code for answer in answers] == [403, 204, 404, 404, 409]
    assert answers[-1].json()["code"] == "product_kept"
    assert answers[-1].json()["error"].startswith("Ordered has been ordered, so it stays")
    assert await rows("SELECT name FROM products") == [("Ordered",)]
