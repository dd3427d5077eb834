"""Files of products that the staff chose to import."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, LargeBinary, text
from sqlmodel import Field, SQLModel

from shophub.models.base import check, created_column, foreign_key, json_column, primary_key, text_column


class ProductImport(SQLModel, table=True):
    """A file, what its columns are, and what was done with it: the job that checked it and the one that imports it.

    The file never changes, and another mapping forgets the check: what was checked is what is imported.
    """

    __tablename__ = "product_imports"
    __table_args__ = (check("content_bounded", "octet_length(content) <= 16777216"),)

    id: UUID = primary_key()
    owner_id: UUID = foreign_key("users.id", on_delete="CASCADE")
    file_name: str = text_column(default="")
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    delimiter: str = text_column(default=",")
    row_count: int
    header: Any = json_column()
    samples: Any = json_column()
    mapping: dict[str, Any] = json_column()
    creates_categories: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    check_job_id: UUID | None = foreign_key("long_jobs.id", on_delete="SET NULL", nullable=True)
    import_job_id: UUID | None = foreign_key("long_jobs.id", on_delete="SET NULL", nullable=True)
    created_at: datetime = created_column(index=True)
