"""Every handler, sent by everybody, with everything: what changed is asked of the database."""

import asyncio
import inspect
from typing import Any

import pytest
from reflex_base.registry import RegistrationContext

import tests.security.shop_app  # noqa: F401 - registers all handlers
from shophub.domain.permissions import STAFF_ONLY, may
from shophub.state.gate import OF_REFLEX
from shophub.state.session import AdminState
from tests.security.arguments import fitting, unfitting
from tests.security.books import changes, foreign, snapshot
from tests.security.conftest import EventServer
from tests.security.live import MARK, tab
from tests.security.people import PERSONAS, Person, make_person, make_victim, some_variant

STATE = "reflex___state____state"
PROBE = f"{STATE}.tests___security___shop_app____probe_state"
PROBE_ADMIN = f"{STATE}.tests___security___shop_app____probe_admin_state"
ORDER = f"{STATE}.shophub___state___store___orders____order_state"
SUCCESS = f"{STATE}.shophub___state___store___success____success_state"
BACKGROUND = "_reflex_background_task"
HANDLERS = {
    name: registered.handler.fn
    for name, registered in RegistrationContext.get().event_handlers.items()
    if name != MARK and not registered.handler.fn.__qualname__.startswith("EventHandlerSetVar")
}


def ours() -> dict[str, Any]:
    """Return the shop's own handlers."""
    return {name: method for name, method in HANDLERS.items() if method.__module__.startswith("shophub.")}


def test_known_failure_30_every_handler_declares_what_it_needs():
    """Known failure 30: admin pages check the role when the page loads, but the handlers behind the buttons do not."""
    undeclared = [name for name, method in ours().items() if not hasattr(method, "__permission__")]

    assert len(ours()) > 30
    assert undeclared == []


def test_handlers_of_the_back_office_declare_what_only_staff_may():
    declared = {
        f"{state.__name__}.{name}": getattr(handler.fn, "__permission__", None)
        for state in _below(AdminState)
        if state.__module__.startswith("shophub.")
        for name, handler in state.event_handlers.items()
        if name != "setvar"
    }
    admin_modules = [method for method in ours().values() if ".admin." in method.__module__]

    assert {name for name, permission in declared.items() if permission not in STAFF_ONLY} == set()
    assert {method.__qualname__ for method in admin_modules} <= declared.keys()


def test_handlers_arguments_have_types_that_are_checked():
    loose = [
        f"{method.__qualname__}({parameter.name})"
        for method in ours().values()
        for parameter in list(inspect.signature(method).parameters.values())[1:]
        if parameter.annotation is inspect.Parameter.empty
    ]

    assert loose == []


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", PERSONAS)
async def test_handlers_change_what_their_caller_may_and_nothing_else(
    kind: str, live_shop: EventServer, no_traceback: None
):
    variant = await some_variant()
    victim = await make_victim(variant)
    me = await make_person(kind, variant)
    before = snapshot(live_shop.database_url)
    done: set[str] = set()

    for name, method in HANDLERS.items():
        await _send_everything(live_shop, name, method, me, victim, str(variant.id))
        after = snapshot(live_shop.database_url)

        found = [change for change in changes(before, after) if change.table != "sessions"]
        if not _may(me, name, method):
            assert found == [], f"{kind} changed something by {name}"
        elif getattr(method, "__permission__", None) not in STAFF_ONLY:
            assert foreign(found, before, after, me.mine) == [], f"{kind} changed what is not theirs by {name}"
        if found:  # the next handler meets somebody who has everything again
            done.add(method.__qualname__)
            me = await make_person(kind, variant)
            after = snapshot(live_shop.database_url)
        before = after

    # What one may do has been done: the walk went through the doors, not past them.
    if me.role is not None or kind == "guest":
        assert {"CartState.set_quantity", "CartState.remove", "CartState.apply_coupon"} <= done
    probes = {method.__qualname__ for name, method in HANDLERS.items() if "probe" in name and _may(me, name, method)}
    assert {name for name in done if name.startswith("Probe")} == probes


async def _send_everything(
    shop: EventServer, name: str, method: Any, me: Person, victim: Person, variant_id: str
) -> None:
    async with tab(shop.url, me.cookie, more={"X-Forwarded-For": me.address}) as live:
        # Whatever a page has open when its buttons are pressed: the victim's order and checkout, asked for by address.
        await live.send(f"{ORDER}.load", path=f"/orders/{victim.order}")
        await live.send(f"{SUCCESS}.load", path=f"/checkout/success?checkout={victim.checkout_id}")
        for payload in fitting(method, me, victim, variant_id):
            await live.send(name, payload, path=f"/orders/{victim.order}")
        for payload in unfitting(method):
            await live.send_raw("event", {"name": name, "payload": payload, "router_data": {"pathname": "/"}})
        await live.send(f"{ORDER}.load", path=f"/orders/{me.order}")
        await live.send(name, next(fitting(method, me, victim, variant_id)), path=f"/orders/{me.order}")
        await live.settle()
        if getattr(method, BACKGROUND, False):
            await asyncio.sleep(0.5)  # it runs beside the events, and nothing tells when it has ended


def _may(me: Person, name: str, method: Any) -> bool:
    """Return whether a handler is this person's to use: the table of roles, and what the second guard adds."""
    permission = getattr(method, "__permission__", None)
    if permission is None:
        return name in OF_REFLEX
    if name.startswith(PROBE_ADMIN) and permission not in STAFF_ONLY:
        return False
    if getattr(method, "__step_up__", False) and not me.has_stepped_up:
        return False
    return may(me.role, permission)


def _below(kind: type[Any]) -> set[type[Any]]:
    found = {one for one in kind.__subclasses__() if "_mixin" not in one.__dict__}
    return found.union(*(_below(one) for one in kind.__subclasses__()))
