"""What comes over live connections: from other sites, from stolen tabs, from programs that know the protocol."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
import websockets

from shophub.state.gate import PAGE_REPORT, REPORTS_HEARD, RefusedEventError, check_event, fits
from shophub.state.store.cart import CartState
from shophub.state.store.checkout import CheckoutState
from tests.plain_http import NO_TLS
from tests.rows import rows
from tests.security.conftest import EventServer
from tests.security.live import connected, tab
from tests.security.people import make_person, some_variant
from tests.security.shop_app import ProbeState

STATE = "reflex___state____state"
CART = f"{STATE}.shophub___state___store___cart____cart_state"
ORDER = f"{STATE}.shophub___state___store___orders____order_state"
PROBE = f"{STATE}.tests___security___shop_app____probe_state"
SENTENCE = "could not read that"
MIB = 1024 * 1024


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1.evil.example"]
)
async def test_connection_from_another_sites_page_is_refused(live_shop: EventServer, origin: str):
    with pytest.raises(websockets.InvalidStatus) as refusal:
        async with connected(live_shop.url, "shophub_guest=a-guest-of-another-site-0123456789", origin=origin):
            pass

    assert refusal.value.response.status_code == 403


async def test_connection_from_our_own_page_is_let_in(live_shop: EventServer):
    async with tab(live_shop.url, "shophub_guest=a-guest-of-our-own-site-0123456789", origin=live_shop.url) as live:
        assert "seen" in await live.settle()


async def test_events_come_over_websockets_only(live_shop: EventServer):
    # Over plain requests they would pass the check of the origin, and the binding of tabs to cookies.
    address = f"{live_shop.url}/_event/?token={uuid4()}&EIO=4&transport=polling"
    async with httpx.AsyncClient(trust_env=False, verify=NO_TLS) as client:
        for answer in (await client.get(address), await client.post(address, content="40/_event,")):
            assert answer.status_code in (400, 403, 404, 405)
            assert "sid" not in answer.text


async def test_stolen_tab_token_opens_nothing(live_shop: EventServer, no_traceback: None):
    variant = await some_variant()
    me, thief = await make_person("customer", variant), await make_person("customer", variant)
    token = str(uuid4())
    async with tab(live_shop.url, me.cookie, token=token) as live:
        await live.send(f"{ORDER}.load", path=f"/orders/{me.order}")
        heard = await live.settle()
        bound = heard.split('"client_token":"')[1][:36]
    assert me.order in heard

    seen = {}
    for cookie, stolen in ((me.cookie, token), (thief.cookie, token), (thief.cookie, bound), ("", bound)):
        async with tab(live_shop.url, cookie, token=stolen) as live:
            await live.send(f"{STATE}.hydrate")
            seen[cookie, stolen] = me.order in await live.settle()

    # The tab itself finds its page again; nobody else does.
    assert seen.pop((me.cookie, token))
    assert set(seen.values()) == {False}


async def test_forged_handshake_neither_moves_the_caller_nor_opens_another_tab(
    live_shop: EventServer, no_traceback: None
):
    variant = await some_variant()
    me, thief = await make_person("customer", variant), await make_person("customer", variant)
    async with tab(live_shop.url, me.cookie) as live:
        await live.send(f"{ORDER}.load", path=f"/orders/{me.order}")
        bound = (await live.settle()).split('"client_token":"')[1][:36]
    forged = {
        "QUERY_STRING": f"token={bound}",
        "asgi.scope": {"client": ["203.0.113.66", 1], "headers": []},
        "REMOTE_ADDR": "203.0.113.66",
    }

    async with tab(live_shop.url, thief.cookie, more={"X-Forwarded-For": thief.address}) as live:
        for more in (
            [forged],
            [forged, None],
            [forged, {"event": {"name": f"{STATE}.hydrate"}}],
            [],
            [1],
            ["a", {}, 3],
        ):
            await live.send_raw("connect", *more)
        await live.send(f"{STATE}.hydrate")
        await live.send(f"{PROBE}.own", {"text": "a"})
        heard = await live.settle()

    assert SENTENCE in heard
    assert me.order not in heard
    assert "203.0.113.66" not in heard
    traces = "SELECT network_address FROM audit_log WHERE actor_id = :id AND action = 'probe.own'"
    assert await rows(traces, id=thief.user_id) == [(thief.address,)]


async def test_forged_headers_of_an_event_are_not_believed(live_shop: EventServer):
    variant = await some_variant()
    me, victim = await make_person("guest", variant), await make_person("customer", variant)
    async with tab(live_shop.url, me.cookie, more={"X-Forwarded-For": me.address}) as live:
        router = {"pathname": "/", "headers": {"cookie": victim.cookie}, "ip": "203.0.113.66", "token": "a", "sid": "b"}
        await live.send_raw("event", {"name": f"{PROBE}.own", "payload": {}, "router_data": router})
        await live.settle()

    assert await rows("SELECT 1 FROM audit_log WHERE actor_id = :id", id=victim.user_id) == []
    assert await rows("SELECT 1 FROM audit_log WHERE network_address = '203.0.113.66'") == []


@pytest.mark.parametrize(
    "parts",
    [
        [],
        ["event"],
        ["event", 1, 2],
        ["event", None],
        ["event", "text"],
        ["event", "{"],
        ["event", []],
        ["event", {"name": ["a"], "payload": {}}],
        ["event", {"name": f"{CART}.load", "payload": []}],
        ["event", {"name": f"{CART}.load", "payload": {"more": 1}}],
        ["event", {"name": f"{CART}.set_quantity", "payload": {"line_id": "a"}}],
        ["event", {"name": f"{CART}.apply_coupon", "payload": {"form_data": "code=A"}}],
        ["event", {"name": f"{CART}.load", "payload": {}, "router_data": "x"}],
        ["event", {"name": f"{CART}.load", "payload": {}, "router_data": {"pathname": 5}}],
        ["event", {"name": f"{CART}.load", "payload": {}, "router_data": {"asPath": "//["}}],
        ["event", {"name": f"{CART}.load", "payload": {}, "router_data": {"asPath": "/" + "a" * 10_000}}],
        ["event", {"name": f"{CART}.load", "payload": {}, "router_data": {"asPath": "/\u0000"}}],
        ["event", {"name": f"{CART}.load", "payload": {}, "router_data": {"query": "x"}}],
        ["event", {"name": f"{CART}.load", "payload": {}, "router_data": {"query": {"a": {"b": 1}}}}],
        ["event", {"name": f"{STATE}.setvar", "payload": {"var_name": "is_hydrated", "value": False}}],
        ["event", {"name": f"{CART}.setvar", "payload": {"var_name": "quantity", "value": 1}}],
        ["event", {"name": f"{STATE}.set_is_hydrated", "payload": {"value": False}}],
        ["event", {"name": f"{PROBE}.undeclared", "payload": {}}],
        ["event", {"name": f"{PROBE}.undeclared_event", "payload": {}}],
        ["no_such_event", {}],
        ["trigger_event", "connect"],
        [{"a": 1}],
        [7],
    ],
    ids=lambda parts: json.dumps(parts)[:60],
)
async def test_odd_message_is_refused_in_words_and_the_tab_works_on(
    live_shop: EventServer, no_traceback: None, parts: list[Any]
):
    async with tab(live_shop.url, "shophub_guest=a-guest-who-tries-things-0123456789") as live:
        await live.settle()
        if parts:
            await live.send_raw(*parts)
            assert SENTENCE in await live.settle()


@pytest.mark.parametrize(
    "frame",
    ["42/_event,[]", "42/_event,{}", "42/_event,null", "4", "4z", "9", "42/_event," + "[" * 200_000, "45/_event,1-x",
     "451-/_event,[]", "43/_event,99999[]", "42/_event,[\"event\"", "44/_event,{}", b"\x00\xff"],
    ids=lambda frame: str(frame)[:20],
)  # fmt: skip
async def test_frame_outside_the_protocol_ends_its_connection_only(
    live_shop: EventServer, no_traceback: None, frame: Any
):
    async with tab(live_shop.url) as neighbour:
        async with tab(live_shop.url) as live:
            await live.send_text(frame)
            await live.rest(1)
        assert "seen" in await neighbour.settle()


@pytest.mark.parametrize(
    "auth",
    ["x", {"event": 1}, {"event": {"name": f"{STATE}.setvar", "payload": {"var_name": "a", "value": 1}}},
     {"event": {"name": f"{PROBE}.undeclared_event"}}, {"state_schema": ["a"]}],
)  # fmt: skip
async def test_handshake_cannot_carry_what_an_event_may_not(live_shop: EventServer, no_traceback: None, auth: Any):
    async with connected(live_shop.url) as live:
        assert (await live.start(auth)).startswith("44/_event,")


async def test_connection_without_a_tab_is_refused(live_shop: EventServer, no_traceback: None):
    address = live_shop.url.replace("http", "ws") + "/_event/?EIO=4&transport=websocket"
    async with websockets.connect(address) as connection:
        await connection.recv()
        await connection.send("40/_event,")
        assert str(await connection.recv()).startswith("44/_event,")


async def test_refused_values_are_not_in_the_log(live_shop: EventServer):
    secret = "hunter2-" + uuid4().hex
    async with tab(live_shop.url) as live:
        await live.send(f"{CART}.set_quantity", {"line_id": secret, "quantity": {"password": secret}})
        await live.send(f"{CART}.apply_coupon", {"form_data": [secret]})
        await live.send_raw("event", secret)
        await live.send("no.such " + secret)
        await live.settle()

    assert secret not in live_shop.log.read_text()


async def test_pages_say_a_few_words_of_their_errors_and_no_more(live_shop: EventServer):
    mark = uuid4().hex
    async with tab(live_shop.url) as live:
        for _ in range(REPORTS_HEARD + 3):
            await live.send(PAGE_REPORT, {"info": f"{mark}\n" + "a" * 200_000, "component_stack": "a" * 40_000})
        await live.settle()

    said = [line for line in live_shop.log.read_text().splitlines() if mark in line]
    assert len(said) == REPORTS_HEARD
    assert max(map(len, said)) < 1_000


@pytest.mark.parametrize(
    ("method", "payload", "is_fitting"),
    [
        (CartState.set_quantity, {"line_id": "a", "quantity": 3}, True),
        (CartState.set_quantity, {"line_id": "a", "quantity": "3"}, False),
        (CartState.set_quantity, {"line_id": "a", "quantity": True}, False),
        (CartState.set_quantity, {"line_id": "a", "quantity": 1.5}, False),
        (CartState.set_quantity, {"line_id": 1, "quantity": 3}, False),
        (CartState.set_quantity, {"line_id": "a"}, False),
        (CartState.set_quantity, {"line_id": "a", "quantity": 3, "self": "b"}, False),
        (CartState.apply_coupon, {"form_data": {"code": "A"}}, True),
        (CartState.apply_coupon, {"form_data": "code=A"}, False),
        (CartState.apply_coupon, {"form_data": ["code"]}, False),
        (CheckoutState.press_pay, {}, True),
        (CheckoutState.press_pay, {"amount": 1}, False),
        (ProbeState.own, {}, True),
        (ProbeState.own, {"text": "a"}, True),
        (ProbeState.own, {"text": None}, False),
    ],
)
def test_arguments_are_those_of_the_signature(method: Any, payload: dict[str, Any], is_fitting: bool):
    assert fits(method.fn, payload) is is_fitting


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", {"deep": {"deep": {"deep": {"deep": {"d": {"d": {"d": {}}}}}}}}])
def test_values_that_cannot_be_kept_are_refused(text: object):
    with pytest.raises(RefusedEventError):
        check_event({"name": f"{CART}.apply_coupon", "payload": {"form_data": {"code": text}}})

    check_event({"name": f"{CART}.apply_coupon", "payload": {"form_data": {"code": "\u00e9 \u4f60 \U0001f600"}}})
