"""Reads and checks one message of a request body.

Source: https://resend.com/docs/api-reference/emails/send-email.
"""

import base64
import binascii
import re
from dataclasses import dataclass

from shophub.sandbox.resend.errors import ResendError, invalid_field, missing_field

MAX_RECIPIENTS = 50
_ADDRESS = re.compile(r"[^\s<>@,;\"]+@[^\s<>@,;\"]+\.[^\s<>@,;\".]+")
_NAMED = re.compile(r"[^<>\r\n]*<([^<>]+)>")
_ADDRESS_RULE = (
    "Invalid `{field}` field. The email address needs to follow the `email@example.com` or"
    " `Name <email@example.com>` format."
)


@dataclass(frozen=True)
class Attachment:
    """A file of a message, its content in base64."""

    filename: str
    content_type: str
    content: str
    bytes: int


@dataclass(frozen=True)
class Message:
    """A message that may be sent. ``html`` or ``text`` is there, or both."""

    sender: str
    to: tuple[str, ...]
    subject: str
    html: str | None
    text: str | None
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    reply_to: tuple[str, ...]
    headers: dict[str, str]
    tags: tuple[dict[str, str], ...]
    attachments: tuple[Attachment, ...]

    @property
    def recipients(self) -> tuple[str, ...]:
        """Return the bare addresses of all who get it, in lower case."""
        return tuple(bare_address(one).lower() for one in (*self.to, *self.cc, *self.bcc))


def parse_message(body: object) -> Message:
    """Return the message that ``body`` describes.

    Raises:
        ResendError: 422, in Resend's words: a field is missing or cannot be used.
    """
    if not isinstance(body, dict):
        raise invalid_field("The request body must be a JSON object.")
    for field in ("from", "to", "subject"):
        if not body.get(field):
            raise missing_field(field)
    html, text = _text(body, "html"), _text(body, "text")
    if html is None and text is None:
        raise ResendError(422, "missing_required_field", "Missing `html` or `text` field.")
    subject = _text(body, "subject") or ""
    if "\n" in subject or "\r" in subject:
        raise invalid_field("The `subject` field must be a single line.")
    return Message(
        sender=_addresses(body, "from", one=True)[0],
        to=_addresses(body, "to"),
        subject=subject,
        html=html,
        text=text,
        cc=_addresses(body, "cc"),
        bcc=_addresses(body, "bcc"),
        reply_to=_addresses(body, "reply_to"),
        headers=_headers(body.get("headers")),
        tags=_tags(body.get("tags")),
        attachments=_attachments(body.get("attachments")),
    )


def bare_address(address: str) -> str:
    """Return ``ann@example.com`` of ``Ann <ann@example.com>``."""
    match = _NAMED.fullmatch(address.strip())
    return match[1].strip() if match else address.strip()


def _text(body: dict[str, object], field: str) -> str | None:
    value = body.get(field)
    if value is None or isinstance(value, str):
        return value or None
    raise invalid_field(f"The `{field}` field must be a string.")


def _addresses(body: dict[str, object], field: str, *, one: bool = False) -> tuple[str, ...]:
    value = body.get(field)
    if value is None or value == []:
        return ()
    values = value if isinstance(value, list) and not one else [value]
    if len(values) > MAX_RECIPIENTS:
        raise invalid_field(f"The `{field}` field can have at most {MAX_RECIPIENTS} addresses.")
    for address in values:
        if not isinstance(address, str) or len(address) > 998 or not _ADDRESS.fullmatch(bare_address(address)):
            raise invalid_field(_ADDRESS_RULE.format(field=field))
    return tuple(str(address) for address in values)


def _headers(value: object) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid_field("The `headers` field must be an object of strings.")
    for name, text in value.items():
        if not isinstance(text, str) or not re.fullmatch(r"[!-9;-~]+", name) or re.search(r"[\0\r\n]", text):
            raise invalid_field("The `headers` field must be an object of strings.")
    return dict(value)


def _tags(value: object) -> tuple[dict[str, str], ...]:
    if value is None:
        return ()
    for tag in value if isinstance(value, list) else [None]:
        parts = (tag.get("name"), tag.get("value")) if isinstance(tag, dict) else ()
        if not parts or not all(
            isinstance(part, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,256}", part) for part in parts
        ):
            raise invalid_field("Tags should only contain ASCII letters, numbers, underscores, or dashes.")
    return tuple({"name": tag["name"], "value": tag["value"]} for tag in value) if isinstance(value, list) else ()


def _attachments(value: object) -> tuple[Attachment, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ResendError(422, "invalid_attachment", "Attachment must have either a `content` or `path`.")
    return tuple(_attachment(item) for item in value)


def _attachment(item: object) -> Attachment:
    content = item.get("content") if isinstance(item, dict) else None
    if isinstance(content, list) and all(isinstance(byte, int) and 0 <= byte < 256 for byte in content):
        content = base64.b64encode(bytes(content)).decode()
    if not isinstance(item, dict) or not isinstance(content, str):
        # The real service would also fetch `path`; a sandbox must not be a way into the developer's network.
        raise ResendError(422, "invalid_attachment", "Attachment must have either a `content` or `path`.")
    try:
        size = len(base64.b64decode(content, validate=True))
    except (binascii.Error, ValueError) as error:
        raise ResendError(422, "invalid_attachment", "Attachment `content` must be base64.") from error
    kind = item.get("content_type")
    return Attachment(
        filename=str(item.get("filename") or "attachment").replace("\0", "")[:255],
        content_type=kind if isinstance(kind, str) else "application/octet-stream",
        content=content,
        bytes=size,
    )
