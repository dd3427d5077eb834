"""The mailbox page at ``/sandbox/mail``: drawn on the server, kept up to date by a small script.

Besides the page there is a JSON door for tests: ``GET /mail/messages?to=…`` and ``GET /mail/messages/{id}``.
"""

import base64
import hashlib
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from shophub.sandbox.config import SandboxConfig
from shophub.sandbox.mail.contents import frame_document, linked_text, plain_text, preview
from shophub.sandbox.resend.message import bare_address
from shophub.sandbox.resend.outbox import Outbox, StoredEmail
from shophub.sandbox.storage import Storage

PAGE_SIZE = 50
_HERE = Path(__file__).parent
# The frame of a message inherits this: its styles and pictures work, its scripts do not.
_SECURITY = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; connect-src 'self';"
        " img-src * data:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "no-cache",
}
_templates = Environment(loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
_templates.filters.update(preview=preview, bare=bare_address, frame=frame_document)


class Mailbox:
    """Draws the page and answers its script."""

    def __init__(self, config: SandboxConfig, outbox: Outbox) -> None:
        """Show what ``outbox`` holds."""
        self._base = f"{config.base_path}/mail"
        self._outbox = outbox

    async def page(self, request: Request) -> Response:
        """Answer the whole page, or with ``?part=list`` its list alone for the script."""
        search = request.query_params.get("to", "").strip()[:200]
        before = request.query_params.get("before", "")
        emails, total = await self._outbox.list_newest(
            limit=PAGE_SIZE,
            before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
            address=search,
        )
        wanted = request.query_params.get("id", "")
        context: dict[str, object] = {
            "base": self._base,
            "search": search,
            "emails": emails,
            "total": total,
            "selected_id": wanted,
            "link": self._link(search),
            "older": emails[-1].seq if len(emails) == PAGE_SIZE else None,
            "first_page": not before,
        }
        if request.query_params.get("part") == "list":
            return _revalidated(request, _templates.get_template("list.html").render(context))
        selected = await self._outbox.find(wanted) if wanted else None
        context.update(self._selection(selected, request.query_params.get("view", "")))
        status = HTTPStatus.NOT_FOUND if wanted and selected is None else HTTPStatus.OK
        html = _templates.get_template("page.html").render(context)
        return Response(html, status, _SECURITY, "text/html")

    async def messages(self, request: Request) -> Response:
        """Answer the newest messages to an address as JSON."""
        address = request.query_params.get("to", "")
        emails, total = await self._outbox.list_newest(limit=PAGE_SIZE, address=address)
        return JSONResponse({"items": [_as_json(email) for email in emails], "total": total})

    async def message(self, request: Request) -> Response:
        """Answer one message as JSON."""
        email = await self._outbox.find(request.path_params["id"])
        if email is None:
            return JSONResponse({"error": "No such message."}, HTTPStatus.NOT_FOUND)
        return JSONResponse(_as_json(email))

    async def attachment(self, request: Request) -> Response:
        """Answer a file of a message, always to be saved, never shown."""
        email = await self._outbox.find(request.path_params["id"])
        index = request.path_params["index"]
        if email is None or index >= len(email.attachments):
            return Response(status_code=HTTPStatus.NOT_FOUND)
        name = urlencode({"": email.attachments[index].filename})[1:].replace("+", "%20")
        headers = {**_SECURITY, "content-disposition": f"attachment; filename*=UTF-8''{name}"}
        return Response(base64.b64decode(email.attachments[index].content), 200, headers, "application/octet-stream")

    def _link(self, search: str) -> Callable[..., str]:
        def link(**changes: object) -> str:
            query = {name: value for name, value in {"to": search, **changes}.items() if value}
            return f"{self._base}?{urlencode(query)}" if query else self._base

        return link

    def _selection(self, email: StoredEmail | None, view: str) -> dict[str, object]:
        if email is None:
            return {"email": None}
        shown = "text" if email.html is None else ("html" if view != "text" else "text")
        return {"email": email, "view": shown, "text": linked_text(plain_text(email))}


def mail_routes(config: SandboxConfig, storage: Storage) -> list[Route]:
    """Return the routes, relative to where the sandboxes are mounted."""
    mailbox = Mailbox(config, Outbox(storage))
    return [
        Route("/mail", mailbox.page),
        Route("/mail/mail.js", _file("mail.js", "text/javascript")),
        Route("/mail/mail.css", _file("mail.css", "text/css")),
        Route("/mail/messages", mailbox.messages),
        Route("/mail/messages/{id}", mailbox.message),
        Route("/mail/messages/{id}/attachments/{index:int}", mailbox.attachment),
    ]


def _file(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return FileResponse(_HERE / name, media_type=media_type, headers={"cache-control": "no-cache"})

    return answer


def _revalidated(request: Request, html: str) -> Response:
    """Answer 304 while the list is the same, so that an open page costs next to nothing."""
    etag = f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
    headers = {**_SECURITY, "etag": etag}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(html, headers=headers, media_type="text/html")


def _as_json(email: StoredEmail) -> dict[str, object]:
    return {
        "id": str(email.id),
        "from": email.sender,
        "to": list(email.to),
        "cc": list(email.cc),
        "bcc": list(email.bcc),
        "replyTo": list(email.reply_to),
        "subject": email.subject,
        "html": email.html,
        "text": email.text,
        "headers": email.headers,
        "tags": list(email.tags),
        "attachments": [{"filename": item.filename, "bytes": item.bytes} for item in email.attachments],
        "createdAt": email.created_at.isoformat(),
    }
