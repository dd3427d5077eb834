"""Searches that found nothing: what the shop may lack, or calls by another name. Without who searched."""

import re
from datetime import datetime, timedelta

from shophub.db import AsyncSession
from shophub.errors import ThrottledError
from shophub.lib.clock import utc_now
from shophub.lib.pagination import PageRequest
from shophub.repositories import searches
from shophub.schemas.catalog import ListingView
from shophub.schemas.search import EmptySearchView
from shophub.services import throttles

MAX_LENGTH = 80
KEPT_FOR = timedelta(days=90)
# An address, or digits enough for a telephone, card or order number: that may say who searched.
PERSONAL = re.compile(r"@|\d[\d\s().-]{5,}\d")


async def note(session: AsyncSession, view: ListingView, network_address: str = "") -> bool:
    """Keep what was searched for in vain, of the first page of an unfiltered search; return whether it was kept.

    A search that was corrected counts as well: what was typed found nothing. What may belong to a person is not kept,
    nor more from one network address than people search for: a script could fill the table.
    """
    typed = view.searched_for or view.query
    if not typed or view.page != 1 or view.chips or (view.total and not view.searched_for):
        return False
    query = " ".join(typed.lower().split())[:MAX_LENGTH].strip()
    if PERSONAL.search(query):
        return False
    try:
        await throttles.hit(throttles.Action.EMPTY_SEARCH, network_address)
    except ThrottledError:
        return False
    await searches.add(session, query, 0)
    return True


async def list_empty(session: AsyncSession, page: int = 1, page_size: int = 50) -> tuple[int, list[EmptySearchView]]:
    """Return how many different searches found nothing in the last 90 days, and a page of them, frequent ones first.

    Raises:
        InvalidInputError: A page that cannot be.
    """
    request = PageRequest(page, page_size)
    now = utc_now()
    total, rows = await searches.list_empty(session, now - KEPT_FOR, limit=request.page_size, offset=request.offset)
    return total, [
        EmptySearchView(row.query, row.count, row.last_at.isoformat(), _ago(row.last_at, now)) for row in rows
    ]


def _ago(moment: datetime, now: datetime) -> str:
    days = (now.date() - moment.date()).days
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"
