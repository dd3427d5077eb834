"""The page about the API, made from its description."""

import re

import httpx

from shophub.api.app import create_api


async def test_page_shows_every_operation_with_its_call_and_its_errors(api: httpx.AsyncClient) -> None:
    description = create_api().openapi()

    answer = await api.get("/api/docs")

    page = answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            part = page.split(f'<article class="operation" id="{name}"')[1].split("</article>")[0]
            assert page.count(f'href="#{name}"') >= 3  # the contents on a desk and on a phone, and the heading
            assert path in part
            assert "curl " in part
            assert ("-X" in part) == (method != "get")
            codes = {code for one in operation["responses"].values() for code in _codes(one)}
            assert codes == set(re.findall(r"<td><code>(\w+)</code></td>", part))
    assert sorted(re.findall(r' id="([^"]+)"', page)) == sorted(set(re.findall(r' id="([^"]+)"', page)))
    assert "<script" not in page


async def test_page_may_be_kept_and_gives_nobody_a_cookie(api: httpx.AsyncClient) -> None:
    answer = await api.get("/api/docs")

    assert answer.headers["cache-control"] == "public, max-age=300"
    assert "set-cookie" not in answer.headers


def _codes(answer: dict[str, dict[str, dict[str, dict[str, object]]]]) -> set[str]:
    examples = answer.get("content", {}).get("application/json", {}).get("examples", {})
    return {code for code, one in examples.items() if isinstance(one, dict) and "error" in one.get("value", {})}
