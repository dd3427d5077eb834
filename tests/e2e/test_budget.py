"""Bytes over the wire, compressed, all chunks of a cold visit."""

import asyncio
import gzip

import pytest
from playwright.async_api import Page, Response

from tests.e2e.conftest import go_live

KIB = 1024
CSS = 14


@pytest.mark.parametrize(
    ("path", "scripts"),
    [("/", 190), ("/products", 195), ("/products/oak-desk-lamp", 200), ("/cart", 195), ("/checkout", 205)],
)
async def test_page_keeps_its_byte_budget(path: str, scripts: int, page: Page) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))

    await go_live(page, path)
    await page.wait_for_load_state("networkidle")

    async def size(kind: str) -> float:
        chosen = [answer for answer in answers if answer.url.split("?")[0].endswith(kind)]
        assert chosen
        bodies = await asyncio.gather(*(answer.body() for answer in chosen))
        return sum(len(gzip.compress(body)) for body in bodies) / KIB

    assert await size(".js") <= scripts
    assert await size(".css") <= CSS
