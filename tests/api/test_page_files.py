"""Every page has one address, and what is no page has none."""

from pathlib import Path

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from shophub.api.web.page_files import PageFiles


async def compiled(scope: Scope, receive: Receive, send: Send) -> None:
    """Say which file is asked for."""
    await PlainTextResponse(scope["path"])(scope, receive, send)


@pytest.fixture
def client(tmp_path: Path) -> httpx.AsyncClient:
    """A browser at a build with two pages and the shells that Reflex puts beside them."""
    folder = tmp_path / "build" / "client"
    for name in ("index", "login", "admin/products", "404", "__spa-fallback"):
        file = folder / f"{name}.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(PageFiles(compiled, tmp_path)), base_url="http://localhost:3000"
    )


@pytest.mark.parametrize(
    ("asked", "proper"),
    [
        ("/login/", "/login"),
        ("/login.html", "/login"),
        ("/login/?next=%2Fcart", "/login?next=%2Fcart"),
        ("/admin/products/", "/admin/products"),
        ("/products/oak-chair/", "/products/oak-chair"),
        ("/products/oak-chair///?Colour=Oak", "/products/oak-chair?Colour=Oak"),
        ("//elsewhere.example/", "/elsewhere.example"),
        ("/index.html", "/"),
        ("/404.html", "/404"),
        ("/__spa-fallback.html", "/__spa-fallback"),
    ],
)
async def test_page_has_one_address(client: httpx.AsyncClient, asked: str, proper: str) -> None:
    answer = await client.get("http://localhost:3000" + asked)

    assert (answer.status_code, answer.headers["location"]) == (308, proper)


@pytest.mark.parametrize(
    ("asked", "file"),
    [
        ("/", "/"),
        ("/login", "/login.html"),
        ("/admin/products", "/admin/products.html"),
        ("/products/oak-chair", "/products/oak-chair"),
        ("/api/docs/", "/api/docs/"),
        ("/sandbox/mail/", "/sandbox/mail/"),
        ("/_event/", "/_event/"),
    ],
)
async def test_proper_address_is_answered(client: httpx.AsyncClient, asked: str, file: str) -> None:
    answer = await client.get(asked)

    assert (answer.status_code, answer.text) == (200, file)


@pytest.mark.parametrize("path", ["/404", "/__spa-fallback"])
async def test_known_failure_37_shell_is_no_page(client: httpx.AsyncClient, path: str) -> None:
    """Known failure 37: an empty page answers 200."""
    answer = await client.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
