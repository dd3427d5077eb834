"""Visits: what counts as one, and how far it came."""

import re
from datetime import timedelta
from enum import IntEnum

# A visit is over when nothing was heard of it for so long.
PAUSE = timedelta(minutes=30)
# What programs that run scripts call themselves: the others are never counted, because only live pages are. A maker of
# telephones is called Cubot.
_PROGRAM = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|scraper|preview|monitor|uptime|lighthouse|headless|phantomjs|selenium|puppeteer|"
    r"playwright|facebookexternalhit|archiver|validator",
    re.IGNORECASE,
)


class Step(IntEnum):
    """How far a visit came; who came further has come so far as well. What follows the last is the order."""

    VISIT = 0
    PRODUCT = 1
    CART = 2
    CHECKOUT = 3


def is_persons(user_agent: str) -> bool:
    """Return whether a person's browser calls itself so, rather than a program's."""
    return user_agent.startswith("Mozilla/") and not _PROGRAM.search(user_agent)


def is_shop_page(path: str) -> bool:
    """Return whether a page belongs to the shop, rather than to those who run it."""
    return path.startswith("/") and path != "/admin" and not path.startswith("/admin/")
