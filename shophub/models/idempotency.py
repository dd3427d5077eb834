"""Answers given to requests under a key of the caller's, to be given again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from shophub.models.base import check, created_column, moment_column, primary_key, text_column


class IdempotencyKey(SQLModel, table=True):
    """A key that a request was sent under: leased while it is being answered, then with its answer.

    All texts are hashes but the answer, which is sealed: bodies hold passwords, and answers tokens.
    """

    __tablename__ = "idempotency_keys"
    __table_args__ = (
        UniqueConstraint("scope", "key"),
        Index("ix_idempotency_keys_created_at", "created_at"),
        check("answered_when_completed", "(answer IS NULL) = (completed_at IS NULL)"),
    )

    id: UUID = primary_key()
    scope: str = text_column()  # who asks, and what for
    key: str = text_column()
    request_hash: str = text_column()
    leased_by: UUID = Field()
    leased_until: datetime = moment_column(nullable=False)
    answer: str | None = text_column(nullable=True)
    completed_at: datetime | None = moment_column()
    created_at: datetime = created_column()
