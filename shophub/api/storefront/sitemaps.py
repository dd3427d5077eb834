"""What is said to robots: which pages there are, and which are none of theirs."""

from collections.abc import AsyncIterator
from datetime import UTC
from uuid import UUID
from xml.sax.saxutils import escape  # nosec B406 - writes, and reads nothing

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse

from shophub.api.permissions import PUBLIC
from shophub.api.storefront.heads import absolute
from shophub.services import sitemap
from shophub.services.sitemap import Entry
from shophub.settings import Settings, get_settings

router = APIRouter(include_in_schema=False)

_METHODS = ["GET", "HEAD"]
_SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEADERS = {"Cache-Control": "public, max-age=600"}
# What is no page at all. Pages that are not to be found say so themselves: a robot that may not read one never learns
# that, and lists its address all the same where somebody links to it.
CLOSED = ("/api/", "/auth/", "/sandbox/")


@router.api_route("/robots.txt", methods=_METHODS, dependencies=[PUBLIC])
async def get_robots() -> Response:
    """Where robots find the pages, and where they have nothing to look for."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines += [f"Sitemap: {absolute(get_settings(), '/sitemap.xml')}", ""]
    return PlainTextResponse("\n".join(lines), headers=_HEADERS)


@router.api_route("/sitemap.xml", methods=_METHODS, dependencies=[PUBLIC])
async def get_sitemap(request: Request) -> Response:
    """Every page; where there are too many for one file, the files in which they are."""
    parts = await sitemap.list_parts()
    if parts:
        return _stream(request, "sitemapindex", "sitemap", _all(parts))

    async def everything() -> AsyncIterator[list[Entry]]:
        yield await sitemap.list_pages()
        async for entries in sitemap.products():
            yield entries

    return _stream(request, "urlset", "url", everything())


@router.api_route("/sitemaps/pages.xml", methods=_METHODS, dependencies=[PUBLIC])
async def get_pages(request: Request) -> Response:
    """The pages that are no products."""
    return _stream(request, "urlset", "url", _all(await sitemap.list_pages()))


@router.api_route("/sitemaps/products-{first}.xml", methods=_METHODS, dependencies=[PUBLIC])
async def get_part(request: Request, first: UUID) -> Response:
    """The products of one part."""
    return _stream(request, "urlset", "url", sitemap.products(first))


async def _all(entries: list[Entry]) -> AsyncIterator[list[Entry]]:
    yield entries


def _stream(request: Request, root: str, tag: str, batches: AsyncIterator[list[Entry]]) -> Response:
    if request.method == "HEAD":
        return Response(headers=_HEADERS, media_type="application/xml")
    settings = get_settings()

    async def lines() -> AsyncIterator[str]:
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_SCHEMA}">\n'
        async for entries in batches:
            yield "".join(_line(tag, entry, settings) for entry in entries)
        yield f"</{root}>\n"

    return StreamingResponse(lines(), headers=_HEADERS, media_type="application/xml")


def _line(tag: str, entry: Entry, settings: Settings) -> str:
    changed = entry.changed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if entry.changed_at else ""
    moment = f"<lastmod>{changed}</lastmod>" if changed else ""
    return f"<{tag}><loc>{escape(absolute(settings, entry.path))}</loc>{moment}</{tag}>\n"
