"""The two guards of handlers, each by itself."""

import pytest

from tests.rows import rows
from tests.security.conftest import EventServer
from tests.security.live import tab
from tests.security.people import make_person, some_variant

STATE = "reflex___state____state"
ORDERS = f"{STATE}.shophub___state___store___orders____orders_state"
PROBE = f"{STATE}.tests___security___shop_app____probe_state"
PROBE_ADMIN = f"{STATE}.tests___security___shop_app____probe_admin_state"
OWN = {"probe.own", "probe.own_steps", "probe.own_behind"}


async def tried(shop: EventServer, kind: str, state: str, *names: str) -> tuple[set[str], str]:
    """Send events as somebody; return which left a trace, and what the page was told."""
    me = await make_person(kind, await some_variant())
    ((last,),) = await rows("SELECT coalesce(max(id), 0) FROM audit_log")
    async with tab(shop.url, me.cookie) as live:
        for name in names:
            await live.send(f"{state}.{name}", path="/orders?page=2")
        heard = await live.settle()
    found = await rows("SELECT action FROM audit_log WHERE id > :last AND action LIKE 'probe.%'", last=last)
    return {str(action) for (action,) in found}, heard


@pytest.mark.parametrize("kind", ["guest", "deactivated", "signed_out"])
async def test_nobody_unknown_comes_through_any_kind_of_handler(live_shop: EventServer, no_traceback: None, kind: str):
    done, heard = await tried(live_shop, kind, PROBE, "own", "own_steps", "own_behind", "refund")

    assert done == set()
    # They sign in first, and come back to where they were.
    assert heard.count("/login?next=/orders%3Fpage%3D2") == 4


async def test_customer_comes_through_what_customers_may(live_shop: EventServer, no_traceback: None):
    done, heard = await tried(live_shop, "customer", PROBE, "own", "own_steps", "own_behind", "refund")

    assert done == OWN
    assert "Your account may not do this." in heard


async def test_password_entered_long_ago_is_asked_for_in_the_page(live_shop: EventServer, no_traceback: None):
    done, heard = await tried(live_shop, "signed_in_long_ago", PROBE, "refund")
    fresh, _ = await tried(live_shop, "super_admin", PROBE, "refund")

    assert done == set()
    assert "showModal" in heard
    assert fresh == {"probe.refund"}


@pytest.mark.parametrize("kind", ["guest", "customer", "demoted", "admin", "super_admin"])
async def test_back_office_is_guarded_where_its_authors_forgot_to(
    live_shop: EventServer, no_traceback: None, kind: str
):
    done, _ = await tried(live_shop, kind, PROBE_ADMIN, "declared_too_little", "unasked", "products")

    assert done == ({"probe.unasked", "probe.products"} if "admin" in kind else set())


async def test_handler_that_declares_nothing_is_nobodys(live_shop: EventServer, no_traceback: None):
    done, _ = await tried(live_shop, "super_admin", PROBE, "undeclared_event", "undeclared")

    assert done == set()


async def test_what_a_page_held_is_forgotten_once_its_owner_is_signed_out(live_shop: EventServer, no_traceback: None):
    me = await make_person("customer", await some_variant())
    async with tab(live_shop.url, me.cookie) as live:
        await live.send(f"{ORDERS}.load", path="/orders")
        assert me.order in await live.settle()
        await rows("UPDATE sessions SET revoked_at = now() WHERE user_id = :id RETURNING 1", id=me.user_id)
        await live.send(f"{ORDERS}.load", path="/orders")
        told = await live.settle()
        await live.send(f"{STATE}.hydrate")
        held = await live.settle()

    assert '"view_rx_state_":{"items":[]' in told
    assert me.order not in held
