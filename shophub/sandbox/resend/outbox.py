"""The messages that were sent, in PostgreSQL."""

import hashlib
import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from shophub.sandbox.resend.errors import ResendError
from shophub.sandbox.resend.message import Message
from shophub.sandbox.storage import Connection, Storage, one

# The oldest go; a mailbox for looking at is not an archive.
MAX_KEPT = 10_000

TABLES: tuple[LiteralString, ...] = (
    """
    CREATE TABLE IF NOT EXISTS sandbox.email (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id uuid NOT NULL UNIQUE,
        sender text NOT NULL,
        "to" text[] NOT NULL,
        cc text[] NOT NULL,
        bcc text[] NOT NULL,
        reply_to text[] NOT NULL,
        recipients text NOT NULL,
        subject text NOT NULL,
        html text,
        text text,
        headers jsonb NOT NULL,
        tags jsonb NOT NULL,
        attachments jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS sandbox.email_idempotency (
        key text PRIMARY KEY,
        fingerprint text NOT NULL,
        answer jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
)


@dataclass(frozen=True)
class StoredAttachment:
    """A file of a stored message."""

    filename: str
    content_type: str
    content: str
    bytes: int


@dataclass(frozen=True)
class StoredEmail:
    """One message as it was taken in; ``seq`` grows with each."""

    seq: int
    id: uuid.UUID
    sender: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    reply_to: tuple[str, ...]
    subject: str
    html: str | None
    text: str | None
    headers: dict[str, str]
    tags: tuple[dict[str, str], ...]
    attachments: tuple[StoredAttachment, ...]
    created_at: datetime


class Outbox:
    """Takes messages in, once per idempotency key, and gives them out again."""

    def __init__(self, storage: Storage) -> None:
        """Keep messages in ``storage``."""
        self._storage = storage

    async def send(self, messages: Sequence[Message], *, key: str | None, body: object) -> list[str]:
        """Store the messages and return their ids, all or none.

        With a ``key`` used in the last 24 hours, the first call's ids are returned and nothing is stored; a second
        call at the same moment waits for the first.

        Raises:
            ResendError: 409: the key was used with another body.
        """
        fingerprint = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        ids = [str(uuid.uuid4()) for _ in messages]
        async with self._storage.transaction() as connection:
            if key is not None:
                earlier = await self._claim(connection, key, fingerprint, ids)
                if earlier is not None:
                    return earlier
            for message_id, message in zip(ids, messages, strict=True):
                await self._insert(connection, message_id, message)
        return ids

    async def _claim(self, connection: Connection, key: str, fingerprint: str, ids: list[str]) -> list[str] | None:
        """Take the key for this call, or return what the call that had it answered."""
        await connection.execute("DELETE FROM sandbox.email_idempotency WHERE created_at < now() - interval '24 hours'")
        cursor = await connection.execute(
            "INSERT INTO sandbox.email_idempotency (key, fingerprint, answer) VALUES (%s, %s, %s)"
            " ON CONFLICT (key) DO NOTHING",
            (key, fingerprint, Jsonb(ids)),
        )
        if cursor.rowcount:
            return None
        cursor = await connection.execute(
            "SELECT fingerprint, answer FROM sandbox.email_idempotency WHERE key = %s", (key,)
        )
        row = one(await cursor.fetchone())
        if row["fingerprint"] != fingerprint:
            raise ResendError(
                409,
                "invalid_idempotent_request",
                "This idempotency key has been used on a request that had a different payload.",
            )
        return [str(item) for item in row["answer"]]

    async def _insert(self, connection: Connection, message_id: str, message: Message) -> None:
        cursor = await connection.execute(
            'INSERT INTO sandbox.email (id, sender, "to", cc, bcc, reply_to, recipients, subject, html, text, headers,'
            " tags, attachments) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING seq",
            (
                message_id,
                message.sender,
                list(message.to),
                list(message.cc),
                list(message.bcc),
                list(message.reply_to),
                " ".join(message.recipients),
                *(_storable(value) for value in (message.subject, message.html, message.text)),
                Jsonb(message.headers),
                Jsonb(list(message.tags)),
                Jsonb([asdict(item) for item in message.attachments]),
            ),
        )
        seq = one(await cursor.fetchone())["seq"]
        await connection.execute("DELETE FROM sandbox.email WHERE seq <= %s", (seq - MAX_KEPT,))

    async def find(self, message_id: str) -> StoredEmail | None:
        """Return one message, or ``None``; also for what is no id at all."""
        try:
            wanted = uuid.UUID(message_id)
        except ValueError:
            return None
        async with self._storage.transaction() as connection:
            cursor = await connection.execute("SELECT * FROM sandbox.email WHERE id = %s", (wanted,))
            row = await cursor.fetchone()
        return None if row is None else _stored(row)

    async def list_newest(
        self, *, limit: int, before: int | None = None, address: str = ""
    ) -> tuple[list[StoredEmail], int]:
        """Return up to ``limit`` messages, newest first, and how many there are.

        Args:
            limit: At most so many.
            before: Only messages with a smaller ``seq``.
            address: Part of a recipient's address, in any case; empty for all.
        """
        literal = re.sub(r"([\\%_])", r"\\\1", address.strip().lower())
        pattern = f"%{literal}%"
        async with self._storage.transaction() as connection:
            cursor = await connection.execute(
                "SELECT * FROM sandbox.email WHERE recipients LIKE %s AND (%s::bigint IS NULL OR seq < %s)"
                " ORDER BY seq DESC LIMIT %s",
                (pattern, before, before, limit),
            )
            rows = await cursor.fetchall()
            cursor = await connection.execute(
                "SELECT count(*) AS total FROM sandbox.email WHERE recipients LIKE %s", (pattern,)
            )
            total = one(await cursor.fetchone())["total"]
        return [_stored(row) for row in rows], int(total)


def _stored(row: dict[str, Any]) -> StoredEmail:
    fields = {name: value for name, value in row.items() if name != "recipients"}
    for name in ("to", "cc", "bcc", "reply_to", "tags"):
        fields[name] = tuple(fields[name])
    fields["attachments"] = tuple(StoredAttachment(**item) for item in fields["attachments"])
    return StoredEmail(**fields)


def _storable(value: str | None) -> str | None:
    """Drop the one character that PostgreSQL's text cannot hold."""
    return value.replace("\0", "") if value else value
