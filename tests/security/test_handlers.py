"""Every handler, sent by everybody, with everything: what changed is asked of the database."""

import inspect
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from reflex_base.registry import RegistrationContext

import tests.security.shop_app  # noqa: F401 - registers all handlers
from shophub.domain.permissions import STAFF_ONLY, may
from shophub.models.catalog import Variant
from shophub.state.gate import OF_REFLEX
from shophub.state.session import AdminState
from tests.rows import rows
from tests.security.arguments import fitting, unfitting
from tests.security.books import Change, Rows, changes, foreign, snapshot
from tests.security.conftest import EventServer
from tests.security.live import MARK, tab
from tests.security.people import PERSONAS, Person, make_person, make_victim, some_variant

STATE = "reflex___state____state"
PROBE = f"{STATE}.tests___security___shop_app____probe_state"
PROBE_ADMIN = f"{STATE}.tests___security___shop_app____probe_admin_state"
ORDER = f"{STATE}.shophub___state___store___orders____order_state"
SUCCESS = f"{STATE}.shophub___state___store___success____success_state"
# Everybody presses every button with everybody's ids. What is no id is sent by those who were never anybody else, what
# no page sends by one who is turned away everywhere and by one who is let in everywhere; all of it by all in the long
# form: ``SHOPHUB_LONG_TESTS=1``.
LONG = os.environ.get("SHOPHUB_LONG_TESTS") == "1"
SEND_TEXTS = frozenset(PERSONAS if LONG else ("guest", "customer", "admin", "super_admin"))
SEND_MISFITS = frozenset(PERSONAS if LONG else ("guest", "super_admin"))
# What somebody who may use it has pressed without changing anything. Who comes later presses several of these in one
# tab, and each in a tab of its own if something changes. What one may not use is pressed several at a time by all.
calm: set[str] = set()
TOGETHER = 12
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
    walk = Walk(live_shop, kind, variant, victim, await make_person(kind, variant))
    await walk.begin()

    for names in _together(walk.me):
        if not await walk.changes_nothing(names):
            for name in names:
                await walk.press(name)

    # What one may do has been done: the walk went through the doors, not past them.
    done = {HANDLERS[name].__qualname__ for name in walk.done}
    if walk.me.role is not None or kind == "guest":
        assert {"CartState.set_quantity", "CartState.remove", "CartState.apply_coupon"} <= done
    probes = {
        method.__qualname__ for name, method in HANDLERS.items() if "probe" in name and _may(walk.me, name, method)
    }
    assert {name for name in done if name.startswith("Probe")} == probes


def _together(me: Person) -> Iterator[list[str]]:
    """Give all handlers, in parts that are pressed in one tab: one by one where something is to be expected of it."""
    waiting: dict[tuple[bool, bool], list[str]] = {}
    for name, method in HANDLERS.items():
        is_allowed = _may(me, name, method)
        # The victim's order and checkout are what these work on: they have to be the last that was loaded.
        works_on_them = name.startswith((f"{ORDER}.", f"{SUCCESS}."))
        if works_on_them or (is_allowed and name not in calm):
            yield [name]
        else:
            waiting.setdefault((is_allowed, _is_for_staff(name)), []).append(name)
    for names in waiting.values():
        for start in range(0, len(names), TOGETHER):
            yield names[start : start + TOGETHER]


@dataclass
class Walk:
    """One person's way through the handlers."""

    shop: EventServer
    kind: str
    variant: Variant
    victim: Person
    me: Person
    done: set[str] = field(default_factory=set)
    before: Rows = field(default_factory=dict)

    async def begin(self) -> None:
        """Look at the database as it is."""
        self.before = snapshot(self.shop.database_url)

    async def changes_nothing(self, names: list[str]) -> bool:
        """Press several and return whether all is as it was; one alone is left to ``press``."""
        if len(names) == 1:
            return False
        standing = await self._standing()
        await self._send_everything(names)
        after = snapshot(self.shop.database_url)
        found = self._judge(after, names)
        self.before = after
        if found or standing != await self._standing():
            await self._start_again()
            return False
        return True

    async def press(self, name: str) -> None:
        """Press one and judge what came of it."""
        await self._send_everything([name])
        after = snapshot(self.shop.database_url)
        found = self._judge(after, [name])
        self.before = after
        if found:
            self.done.add(name)
            calm.discard(name)
            await self._start_again()
        elif _may(self.me, name, HANDLERS[name]):
            calm.add(name)

    def _judge(self, after: Rows, names: list[str]) -> list[Change]:
        """Return what has changed, which handlers of one kind may have done."""
        found = [change for change in changes(self.before, after) if change.table != "sessions"]
        if not _may(self.me, names[0], HANDLERS[names[0]]):
            assert found == [], f"{self.kind} changed something by {names}"
        elif not _is_for_staff(names[0]):
            theirs = foreign(found, self.before, after, self.me.mine)
            assert theirs == [], f"{self.kind} changed what is not theirs by {names}"
        return found

    async def _start_again(self) -> None:
        """Have the next handler meet somebody who has everything again."""
        self.me = await make_person(self.kind, self.variant)
        self.before = snapshot(self.shop.database_url)

    async def _standing(self) -> list[Any]:
        """Return how many of one's sessions go on: who signs out by one handler is nobody to the next."""
        going_on = "SELECT count(*) FROM sessions WHERE user_id = :id AND revoked_at IS NULL"
        return [tuple(row) for row in await rows(going_on, id=self.me.user_id)]

    async def _send_everything(self, names: list[str]) -> None:
        me, victim, variant_id = self.me, self.victim, str(self.variant.id)
        async with tab(self.shop.url, me.cookie, more={"X-Forwarded-For": me.address}) as live:
            # Whatever a page has open when its buttons are pressed: the victim's order and checkout, by their address.
            await live.send(f"{ORDER}.load", path=f"/orders/{victim.order}")
            await live.send(f"{SUCCESS}.load", path=f"/checkout/success?checkout={victim.checkout_id}")
            for name in names:
                method = HANDLERS[name]
                for payload in fitting(method, me, victim, variant_id, texts=me.kind in SEND_TEXTS):
                    await live.send(name, payload, path=f"/orders/{victim.order}")
                for payload in unfitting(method) if me.kind in SEND_MISFITS else ():
                    await live.send_raw("event", {"name": name, "payload": payload, "router_data": {"pathname": "/"}})
                await live.settle()
            await live.send(f"{ORDER}.load", path=f"/orders/{me.order}")
            for name in names:
                first = next(fitting(HANDLERS[name], me, victim, variant_id))
                await live.send(name, first, path=f"/orders/{me.order}")
            await live.settle()


def _is_for_staff(name: str) -> bool:
    return getattr(HANDLERS[name], "__permission__", None) in STAFF_ONLY


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
    found = {one for one in kind.__subclasses__() if not one.__dict__.get("_mixin")}
    return found.union(*(_below(one) for one in kind.__subclasses__()))
