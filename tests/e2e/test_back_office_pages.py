"""Every page of the back office by everybody: its links lead somewhere, its buttons do something, axe finds nothing.

The pages are those that the app has, so a new one is walked by itself; where a part of the address changes, it is taken
from the first link that leads there.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urldefrag, urlsplit

import httpx
import psycopg
import pytest
from playwright.async_api import Browser

from shophub.domain.admin_sections import DASHBOARD, may_open
from shophub.domain.statuses import Role
from shophub.pages.routes import PAGES
from shophub.services.passwords import hash_password
from tests.databases import TestServer
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.crawler import READY, Crawl, Memory
from tests.e2e.people import PASSWORD
from tests.e2e.shop_server import ShopServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
# Where an invited person becomes one of the staff: a page of the shop's.
ROUTES = [page.route for page in PAGES if re.match("/admin(/|$)", page.route) and page.route != "/admin/accept-invite"]
# Of links that differ only in what they name, so many are followed.
FOLLOWED = 2


@pytest.fixture(scope="module")
def busy_shop(database_server: TestServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ShopServer]:
    """A shop of its own, because everything in it is pressed, with something on every page; its log stays clean."""
    with database_server.clone() as url:
        server = ShopServer(url, Path(tmp_path_factory.mktemp("back-office")))
        try:
            server.start()
            server.run("tests.e2e.catalogue")
            server.run("tests.e2e.back_office_things")
            yield server
        finally:
            server.stop()
        said = server.log.read_text(errors="replace").splitlines()
    assert [line for line in said if "Traceback" in line or ("[error" in line and "] alert " not in line)] == []


@pytest.fixture(scope="module")
def memory() -> Memory:
    """What the way of one has pressed, so that the next need not: an owner may do all that an admin may."""
    return {}


async def sign_in(shop: ShopServer, role: Role) -> str:
    """Make somebody of a role; returns the token of a session of theirs."""
    email = f"{role.value.lower()}@example.com"
    with psycopg.connect(shop.database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO users (id, email, full_name, role, password_hash, email_verified_at, created_at, updated_at) "
            "VALUES (gen_random_uuid(), %s, 'Wanda Walker', %s, %s, now(), now(), now()) ON CONFLICT DO NOTHING",
            (email, role.value, await hash_password(PASSWORD)),
        )
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(shop.url + "/api/auth/signin", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["token"])


def route_of(path: str) -> str | None:
    """Return the page that an address belongs to; one that is written out goes before one with a part that changes."""
    fitting = [page.route for page in PAGES if re.fullmatch(re.sub(r"\[\w+\]", "[^/]+", page.route), path)]
    return min(fitting, key=lambda route: route.count("["), default=None)


def pages_for(crawl: Crawl, role: Role, routes: list[str]) -> Iterator[str]:
    """Give the address of each page that a role may open; those that links lead to come last."""
    for route in sorted(routes, key=lambda one: (one.count("["), one)):
        if not may_open(role, route):
            continue
        if "[" not in route:
            yield route
            continue
        paths = [urlsplit(link).path for link in crawl.links]
        yield next(path for path in paths if route_of(path) == route)


@pytest.mark.parametrize("role", [None, Role.CUSTOMER, Role.ADMIN], ids=["guest", "customer", "admin"])
async def test_who_may_not_is_kept_out(role: Role | None, busy_shop: ShopServer, chromium: Browser) -> None:
    context = await chromium.new_context(base_url=busy_shop.url)
    context.set_default_timeout(20_000)
    if role is not None:
        cookie = {"name": "shophub_session", "value": await sign_in(busy_shop, role), "url": busy_shop.url}
        await context.add_cookies([cookie])  # type: ignore[list-item]
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    seen: dict[str, str] = {}
    paths = [re.sub(r"\[\w+\]", "SH-1001", route) for route in ROUTES if role is None or not may_open(role, route)]
    paths += ["/admin?range=7d"] if role is None else []

    await page.goto("/login")
    for path in paths:
        await page.wait_for_function(READY)
        await page.evaluate(
            "(path) => { document.querySelector('main').dataset.left = ''; "
            "history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }",
            path,
        )
        if role is None:
            asked = (
                "(path) => location.pathname === '/login' && new URLSearchParams(location.search).get('next') === path"
            )
            await page.wait_for_function(asked, arg=path)
            seen[path] = "signs in"
        else:
            await page.wait_for_function(READY)
            seen[path] = await page.locator("main h1").inner_text()
    ways = await page.get_by_role("navigation", name="Back office").get_by_role("link").count()
    await context.close()

    expected = "signs in" if role is None else "This page is not for this account"
    assert seen == dict.fromkeys(paths, expected)
    assert paths
    assert (ways > 0) == (role is Role.ADMIN)
    assert complaints == []


@pytest.mark.parametrize(("role", "size"), [(Role.ADMIN, PHONE), (Role.SUPER_ADMIN, DESKTOP)], ids=["admin", "owner"])
async def test_all_that_can_be_pressed_and_followed_does_something(
    role: Role, size: dict[str, int], busy_shop: ShopServer, chromium: Browser, memory: Memory
) -> None:
    """Known failure 46: a link of an admin's leads to a page that does not exist."""
    token = await sign_in(busy_shop, role)
    context = await chromium.new_context(base_url=busy_shop.url, viewport=size, reduced_motion="reduce")  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    await context.add_cookies([{"name": "shophub_session", "value": token, "url": busy_shop.url}])
    crawl = Crawl(await context.new_page(), role.value, memory)
    await crawl.begin()

    await crawl.walk(DASHBOARD.path, frame="only")
    for path in pages_for(crawl, role, ROUTES):
        await crawl.walk(path)
    if role is Role.SUPER_ADMIN:
        # What the other walk cannot open on its phone. Its buttons have been pressed.
        await crawl.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        for path in pages_for(crawl, role, [route for route in ROUTES if not may_open(Role.ADMIN, route)]):
            await crawl.look(path)
    await context.close()
    crawl.found += await follow(busy_shop, crawl, role, token)

    assert not crawl.found, "\n".join(crawl.found)
    assert crawl.met > 3 * len(ROUTES)


async def follow(shop: ShopServer, crawl: Crawl, role: Role, token: str) -> list[str]:
    """Return the links that lead nowhere, or to what the role may not open."""
    wrong: list[str] = []
    followed: dict[tuple[str, ...], int] = {}
    cookies = {"shophub_session": token}
    async with httpx.AsyncClient(cookies=cookies, follow_redirects=True, trust_env=False, timeout=30) as client:
        for link, where in crawl.links.items():
            parts = urlsplit(link)
            if not link.startswith(shop.url + "/"):
                if parts.scheme not in ("https", "mailto", "tel"):
                    wrong.append(f"{where} leads to {link}")
                continue
            if parts.path.startswith("/admin") and not may_open(role, parts.path):
                wrong.append(f"{where} leads to {link}, which the role may not open")
            known = route_of(parts.path) or re.sub(r"[0-9a-f-]*\d[0-9a-f-]*", "*", parts.path)
            kind = (known, *sorted(name for name, _ in parse_qsl(parts.query)))
            followed[kind] = followed.get(kind, 0) + 1
            if followed[kind] > FOLLOWED:
                continue
            answer = await client.get(urldefrag(link).url)
            if answer.status_code >= 400 or answer.url.path == "/login":
                wrong.append(f"{where} leads to {link}: {answer.status_code} at {answer.url.path}")
    return wrong
