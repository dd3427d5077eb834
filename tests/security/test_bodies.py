"""Bodies that nobody means: whatever is sent to whichever route, it is refused in words and is no failure of ours."""

import json
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import pytest
from fastapi.routing import APIRoute

from shophub.api.app import ROUTERS
from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.services import sessions
from tests.factories import make_user
from tests.security.conftest import EventServer
from tests.security.test_web import is_complete

SOME_ID = "01890000-0000-7000-8000-000000000000"
DEEP = 20_000


def routes() -> Iterator[tuple[str, str]]:
    """Yield method and address of every route that takes a body."""
    for route in (route for router in ROUTERS for route in router.routes):
        if isinstance(route, APIRoute):
            for method in sorted(route.methods & {"POST", "PUT", "PATCH", "DELETE"}):
                yield method, route.path.format_map(dict.fromkeys(route.param_convertors, SOME_ID))


ROUTES = sorted(set(routes()))
ODD_TEXTS = ("\x00", "\ud800", "a" * 5_000, "<script>alert(1)</script>", "' OR 1=1; --", "\u202e\u0000", "")
JSON_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "not json": b"{",
    "no utf-8": b'{"email": "\xff\xfe"}',
    "utf-16": '{"email": "a"}'.encode("utf-16"),
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "huge number": b'{"quantity": ' + b"9" * 6_000 + b"}",
    "huge exponent": b'{"quantity": 1e99999, "email": 1e99999}',
    "no number": b'{"quantity": NaN, "email": Infinity}',
    "the same key twice": b'{"email": "a@b.example", "email": {"a": 1}}',
    "many keys": json.dumps({f"k{number}": number for number in range(5_000)}).encode(),
}
FIELDS = (
    "email", "password", "fullName", "full_name", "token", "totp", "code", "role", "quantity", "next", "checkoutId",
    "id", "isActive", "name", "setup_token",
)  # fmt: skip
JSON_BODIES |= {
    f"odd text {number}": json.dumps(dict.fromkeys(FIELDS, text)).encode() for number, text in enumerate(ODD_TEXTS)
}
JSON_BODIES |= {
    f"odd value {number}": json.dumps(dict.fromkeys(FIELDS, value)).encode()
    for number, value in enumerate(([], {}, {"a": [1]}, True, 0, -1, 10**18, 1.5, None, ["x"]))
}
FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
FIELD = b'--b\r\nContent-Disposition: form-data; name="email"%b\r\n\r\nx\r\n--b--\r\n'
FORM_BODIES: dict[str, tuple[str, bytes]] = {
    "odd escapes": (FORM, b"email=%ff%fe&password=%00&full_name=%ed%a0%80&next=%0d%0a&token=%00"),
    "half an escape": (FORM, b"email=%&password=%u0041&next=%2"),
    "many fields": (FORM, b"&".join(b"f%d=1" % number for number in range(5_000))),
    "long field": (FORM, b"email=" + b"a" * 90_000),
    "no boundary": ("multipart/form-data", b"x"),
    "broken parts": (PARTS, b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"),
    "a file": (PARTS, FIELD % b'; filename="x"'),
    "odd charset": (f"{FORM}; charset=utf-7", b"email=+ADw-script+AD4-"),
    "unknown charset": (f"{PARTS}; charset=nope", FIELD % b""),
    "odd name": (PARTS, FIELD % b"; filename*=nope''%ff"),
    "endless boundary": (f"multipart/form-data; boundary={'b' * 5_000}", b"--" + b"b" * 5_000),
    "a compressed one": ("application/json", b"\x1f\x8b\x08\x00"),
    "no type": ("", b"\x00\x01\x02"),
    "an odd type": ("text/html; charset=%%%", b"<b>"),
}


async def token_of_super_admin() -> str:
    async with transaction() as session:
        user = await make_user(session, role=Role.SUPER_ADMIN)
        return await sessions.start(session, user.id)


def send(
    connection: HTTPConnection, method: str, path: str, body: bytes, headers: dict[str, str]
) -> tuple[int, dict[str, str], bytes]:
    """Send a request and return status, headers and body of the answer; again where it was cut off.

    A server that answers before it has read everything closes the connection; whether its answer is heard is luck.
    """
    for _ in range(4):
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        except (HTTPException, OSError) as error:
            connection.close()
            cut_off = error
    raise cut_off


@pytest.mark.parametrize("signed_in", [False, True], ids=["guest", "super admin"])
@pytest.mark.parametrize(("method", "path"), ROUTES)
async def test_no_body_is_a_failure_of_ours(
    live_shop: EventServer, no_traceback: None, method: str, path: str, signed_in: bool
):
    host = urlsplit(live_shop.url).netloc
    headers = {"Host": host, "Sec-Fetch-Site": "same-origin"}
    if signed_in:
        headers["Authorization"] = f"Bearer {await token_of_super_admin()}"
    bodies = {name: ("application/json", body) for name, body in JSON_BODIES.items()} | FORM_BODIES
    if not signed_in:  # most routes do not even look at a guest's
        bodies = {name: bodies[name] for name in list(bodies)[::5]}
    wrong: dict[str, object] = {}
    with closing(HTTPConnection(host, timeout=30)) as connection:
        for name, (kind, body) in bodies.items():
            more = {"Content-Type": kind} if kind else {}
            status, answered, said = send(connection, method, path, body, {**headers, **more})
            if status >= 500 or not is_complete(answered):
                wrong[name] = status
            if answered.get("content-type", "").startswith("application/json") and status >= 400:
                assert set(json.loads(said)) == {"error", "code", "details"}

    assert wrong == {}
