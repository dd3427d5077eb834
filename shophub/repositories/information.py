"""What the merchant wrote on the pages about the shop. Without a row, or with none in it, the shop's own text holds."""

from dataclasses import dataclass

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.domain.information import InformationPage


@dataclass(frozen=True)
class TextRow:
    """The merchant's text, None where there is none; the version is 0 before the first change and never comes again."""

    body: str | None = None
    version: int = 0


async def find(session: AsyncSession, page: InformationPage) -> TextRow:
    """Return what is kept of a page's text."""
    statement = text("SELECT body, version FROM information_texts WHERE page = :page")
    row = (await session.execute(statement, {"page": page.value})).one_or_none()
    return TextRow() if row is None else TextRow(row.body, row.version)


async def lock(session: AsyncSession, page: InformationPage) -> TextRow:
    """Return the same, which nobody else can change before the transaction ends; the first change makes the row."""
    made = text("INSERT INTO information_texts (page, version) VALUES (:page, 0) ON CONFLICT DO NOTHING")
    await session.execute(made, {"page": page.value})
    statement = text("SELECT body, version FROM information_texts WHERE page = :page FOR NO KEY UPDATE")
    row = (await session.execute(statement, {"page": page.value})).one()
    return TextRow(row.body, row.version)


async def change(session: AsyncSession, page: InformationPage, body: str | None) -> int:
    """Put another text in the place of one that was locked; returns its version."""
    statement = text(
        "UPDATE information_texts SET body = :body, version = version + 1, updated_at = now() WHERE page = :page "
        "RETURNING version"
    )
    return int((await session.execute(statement, {"page": page.value, "body": body})).scalar_one())
