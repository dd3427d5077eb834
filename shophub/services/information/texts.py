"""What these pages say: our texts in ``defaults/`` until the merchant writes another. A change shows at once."""

from functools import lru_cache
from pathlib import Path

from shophub.db import AsyncSession
from shophub.domain.information import InformationPage
from shophub.errors import InvalidInputError, TextChangedError
from shophub.lib.rich_text import plain_summary, render_markdown
from shophub.repositories import information
from shophub.repositories.information import TextRow
from shophub.schemas.information import ContactFact, InformationDraft, InformationView
from shophub.schemas.stores import StoreView
from shophub.services import audit, stores
from shophub.services.audit import Actor

DEFAULTS = Path(__file__).parent / "defaults"
MAX_LENGTH = 20_000
# A page has one h1, its title.
TOP_HEADING = 2


async def get_page(session: AsyncSession, page: InformationPage) -> InformationView:
    """Return a page as everybody sees it now. Two statements."""
    body = _body(page, await information.find(session, page))
    store = await stores.get_store(session)
    return InformationView(
        page=page.value,
        title=page.heading,
        html=render(body),
        summary=plain_summary(body),
        store_name=store.name,
        logo_url=store.logo_url,
        facts=_facts(store) if page is InformationPage.CONTACT else (),
    )


async def get_draft(session: AsyncSession, page: InformationPage) -> InformationDraft:
    """Return a page's text to be worked on, and the version that ``replace`` asks for."""
    return _draft(page, await information.find(session, page))


def render(body: str) -> str:
    """Return the HTML of a text, sanitised like a product's description."""
    return render_markdown(_tidy(body)[:MAX_LENGTH], TOP_HEADING)


async def replace(
    session: AsyncSession, page: InformationPage, body: str, *, version: int, actor: Actor
) -> InformationDraft:
    """Put a text (Markdown) in the place of a page's. What was there stays in the audit log.

    Raises:
        TextChangedError: Somebody else changed it since ``version``; nothing has changed.
        InvalidInputError: Empty, or longer than 20,000 characters.
    """
    wanted = _tidy(body)
    if not wanted:
        raise InvalidInputError("Write a text, or go back to ours.", {"body": "Write a text, or go back to ours."})
    if len(wanted) > MAX_LENGTH:
        sentence = f"This text has {len(wanted):,} characters. At most {MAX_LENGTH:,} can be kept."
        raise InvalidInputError(sentence, {"body": sentence})
    return await _change(session, page, wanted, version, actor, "information.replace")


async def restore(session: AsyncSession, page: InformationPage, *, version: int, actor: Actor) -> InformationDraft:
    """Go back to our own text.

    Raises:
        TextChangedError: Somebody else changed it since ``version``; nothing has changed.
    """
    return await _change(session, page, None, version, actor, "information.restore")


async def _change(
    session: AsyncSession, page: InformationPage, body: str | None, version: int, actor: Actor, action: str
) -> InformationDraft:
    standing = await information.lock(session, page)
    if standing.version != version:
        raise TextChangedError("Somebody else changed this text. Keep a copy of yours and load the page again.")
    if body == standing.body:
        return _draft(page, standing)
    changed = TextRow(body, await information.change(session, page, body))
    await audit.record(
        session,
        actor,
        action,
        target="information",
        target_id=page.value,
        before={"body": _body(page, standing)},
        after={"body": _body(page, changed)},
    )
    return _draft(page, changed)


def _draft(page: InformationPage, row: TextRow) -> InformationDraft:
    body = _body(page, row)
    return InformationDraft(page.value, page.heading, body, row.version, row.body is None, render(body))


def _body(page: InformationPage, row: TextRow) -> str:
    return _default(page) if row.body is None else row.body


@lru_cache
def _default(page: InformationPage) -> str:
    return (DEFAULTS / f"{page.value}.md").read_text(encoding="utf-8").strip()


def _tidy(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()


def _facts(store: StoreView) -> tuple[ContactFact, ...]:
    """Return how the store can be reached, as far as its settings say so."""
    number = "".join(sign for sign in store.phone if sign.isdigit() or sign == "+")
    kept = (
        ContactFact("mail", "E-mail", store.email, f"mailto:{store.email}"),
        ContactFact("phone", "Phone", store.phone, f"tel:{number}" if number else ""),
        ContactFact("home", "Address", ", ".join(line.strip() for line in store.address.splitlines() if line.strip())),
    )
    return tuple(fact for fact in kept if fact.text)
