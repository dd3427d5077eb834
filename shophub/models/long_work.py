"""Long work of the staff: what runs, how far it is, what went in and what came out."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Text, text
from sqlalchemy.types import Uuid
from sqlmodel import Field, SQLModel

from shophub.domain.statuses import WorkState
from shophub.models.base import (
    check,
    created_column,
    foreign_key,
    json_column,
    moment_column,
    one_of,
    primary_key,
    text_column,
)


class LongJob(SQLModel, table=True):
    """A piece of long work. ``run`` numbers its runs: what an earlier one still writes is refused."""

    __tablename__ = "long_jobs"
    __table_args__ = (
        one_of("state", WorkState),
        check("done_not_negative", "done >= 0"),
        check("total_not_negative", "total >= 0"),
        Index("ix_long_jobs_owner_id_created_at", "owner_id", "created_at", "id"),
        Index("ix_long_jobs_unfinished", "id", postgresql_where=text("state IN ('queued', 'running')")),
    )

    id: UUID = primary_key()
    kind: str = text_column()
    permission: str = text_column()
    owner_id: UUID = foreign_key("users.id", on_delete="CASCADE", index=False)
    network_address: str = text_column(default="")
    title: str = text_column(default="")
    result_name: str = text_column(default="")
    parameters: dict[str, Any] = json_column()
    state: str = text_column(default=WorkState.QUEUED)
    done: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    total: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    problems: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    # What came of it so far, by name, and the first of what went wrong: row, place, reason.
    counts: dict[str, Any] = json_column()
    samples: Any = json_column()
    error: str = text_column(default="")
    cancel_requested: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    run: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    # Runs since it last got on: one that never does is given up.
    fruitless: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    created_at: datetime = created_column()
    started_at: datetime | None = moment_column()
    finished_at: datetime | None = moment_column(index=True)


class LongJobPart(SQLModel, table=True):
    """A part of the file that went in (``input``) or comes out (``result``); together, in order, they are the file."""

    __tablename__ = "long_job_parts"
    __table_args__ = (
        check("role_known", "role IN ('input', 'result')"),
        check("content_bounded", "octet_length(content) <= 33554432"),
    )

    job_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("long_jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    )
    role: str = Field(sa_column=Column(Text, primary_key=True))
    place: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
