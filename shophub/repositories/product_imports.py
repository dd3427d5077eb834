"""Files of products to import. Whose a file is, is part of each question of a page."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shophub.db import AsyncSession


@dataclass(frozen=True)
class ImportRow:
    """A file without its content. ``mapping`` leads from known columns to places in ``header``."""

    id: UUID
    file_name: str
    delimiter: str
    row_count: int
    header: list[str]
    samples: list[list[str]]
    mapping: dict[str, int]
    creates_categories: bool
    check_job_id: UUID | None
    import_job_id: UUID | None
    created_at: datetime


OWN = text("""
SELECT id, file_name, delimiter, row_count, header, samples, mapping, creates_categories, check_job_id, import_job_id,
  created_at
FROM product_imports WHERE owner_id = :owner_id AND (CAST(:id AS uuid) IS NULL OR id = :id)
ORDER BY created_at DESC, id DESC LIMIT :limit
""")
INSERT = text("""
INSERT INTO product_imports (id, owner_id, file_name, content, delimiter, row_count, header, samples, mapping)
VALUES (:id, :owner_id, :file_name, :content, :delimiter, :row_count, CAST(:header AS jsonb), CAST(:samples AS jsonb),
  CAST(:mapping AS jsonb))
""")


async def insert(
    session: AsyncSession,
    *,
    id: UUID,
    owner_id: UUID,
    file_name: str,
    content: bytes,
    delimiter: str,
    row_count: int,
    header: Sequence[str],
    samples: Sequence[Sequence[str]],
    mapping: Mapping[str, int],
) -> None:
    """Keep a file."""
    values: dict[str, Any] = {
        "id": id,
        "owner_id": owner_id,
        "file_name": file_name,
        "content": content,
        "delimiter": delimiter,
        "row_count": row_count,
        "header": json.dumps(list(header)),
        "samples": json.dumps([list(row) for row in samples]),
        "mapping": json.dumps(dict(mapping)),
    }
    await session.execute(INSERT, values)


async def find_own(session: AsyncSession, import_id: UUID, owner_id: UUID) -> ImportRow | None:
    """Return somebody's file."""
    row = (await session.execute(OWN, {"owner_id": owner_id, "id": import_id, "limit": 1})).mappings().one_or_none()
    return None if row is None else ImportRow(**row)


async def lock_own(session: AsyncSession, import_id: UUID, owner_id: UUID) -> ImportRow | None:
    """Return somebody's file, which no other tab of theirs changes until the transaction ends."""
    await session.execute(text("SELECT id FROM product_imports WHERE id = :id FOR UPDATE"), {"id": import_id})
    return await find_own(session, import_id, owner_id)


async def list_own(session: AsyncSession, owner_id: UUID, limit: int) -> list[ImportRow]:
    """Return somebody's latest files."""
    rows = (await session.execute(OWN, {"owner_id": owner_id, "id": None, "limit": limit})).mappings()
    return [ImportRow(**row) for row in rows]


async def read_content(session: AsyncSession, import_id: UUID, owner_id: UUID) -> bytes | None:
    """Return what is in somebody's file."""
    statement = text("SELECT content FROM product_imports WHERE id = :id AND owner_id = :owner_id")
    found = (await session.execute(statement, {"id": import_id, "owner_id": owner_id})).scalar_one_or_none()
    return None if found is None else bytes(found)


async def set_mapping(
    session: AsyncSession, import_id: UUID, mapping: Mapping[str, int], *, creates_categories: bool
) -> None:
    """Write down which column is which; what was checked before counts no more."""
    statement = text("""
        UPDATE product_imports SET mapping = CAST(:mapping AS jsonb), creates_categories = :creates_categories,
          check_job_id = NULL WHERE id = :id
    """)
    values = {"id": import_id, "mapping": json.dumps(dict(mapping)), "creates_categories": creates_categories}
    await session.execute(statement, values)


async def set_check(session: AsyncSession, import_id: UUID, job_id: UUID) -> None:
    """Write down which work checks the file."""
    statement = text("UPDATE product_imports SET check_job_id = :job_id WHERE id = :id")
    await session.execute(statement, {"id": import_id, "job_id": job_id})


async def set_import(session: AsyncSession, import_id: UUID, job_id: UUID) -> None:
    """Write down which work imports the file."""
    statement = text("UPDATE product_imports SET import_job_id = :job_id WHERE id = :id")
    await session.execute(statement, {"id": import_id, "job_id": job_id})
