"""Structured logs without personal data: JSON lines in production, a readable console otherwise.

All loggers end in one handler, those of libraries too: Reflex, for one, logs whole events with the sender's cookies
when somebody sends an event that does not exist.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

REDACTED = "[redacted]"

# Parts of names whose values are never written, in structured fields as in text.
_SECRET_NAMES = (
    "address", "authorization", "client_secret", "cookie", "email", "e_mail", "full_name", "fullname", "password",
    "phone", "recovery_code", "secret", "signature", "token", "totp", "zip_code", "zipcode",
)  # fmt: skip
_SECRET_NAME = re.compile("|".join(_SECRET_NAMES), re.IGNORECASE)
# Names that contain one of those words and say nothing of a person.
_HARMLESS = frozenset({"network_address_family", "token_type"})

# Every repetition has a bound or a fixed place to begin: what is logged may come from strangers, and a pattern that
# tries each place of a long text against all of its rest would keep the whole process busy.
_IN_TEXT = (
    # "cookie": "...", 'email'='...', client_secret: "..." as in a repr or in JSON
    (re.compile(rf"""((?<!\w)\w{{0,64}}(?:{_SECRET_NAME.pattern})\w{{0,64}}["']?\s{{0,8}}[:=]\s{{0,8}})"""
                r"""(b?)(["'])(?:\\.|(?!\3).)*\3""", re.I),
     rf"\1\2\3{REDACTED}\3"),
    # Cookie: sid=abc; other=1 as in a header dump
    (re.compile(r"((?:set-)?cookie|authorization):[ \t]{0,8}[^\s\"'].*", re.I), rf"\1: {REDACTED}"),
    # ?token=abc&email=a%40b
    (re.compile(rf"([?&]\w{{0,64}}(?:{_SECRET_NAME.pattern}|code)\w{{0,64}}=)[^&\s\"'#]+", re.I), rf"\1{REDACTED}"),
    (re.compile(r"\bBearer\s{1,8}[\w.~+/=-]+", re.I), f"Bearer {REDACTED}"),
    (re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]+"), REDACTED),  # a JSON Web Token
    (re.compile(r"\b(pi_\w{1,64}?_secret_)\w+"), rf"\1{REDACTED}"),
    (re.compile(r"\b((?:sk|rk)_(?:test|live)_|whsec_|re_)\w{6,}"), rf"\1{REDACTED}"),
    # a password in an address
    (re.compile(r"((?<!\w)\w{1,20}://[^\s:/@]{1,256}):[^\s@/]{1,256}@"), rf"\1:{REDACTED}@"),
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"), "[e-mail]"),
)  # fmt: skip
MAX_TEXT = 8_000


def scrub(text: str) -> str:
    """Return ``text`` without e-mail addresses, cookies, tokens, keys and passwords."""
    for pattern, replacement in _IN_TEXT:
        text = pattern.sub(replacement, text)
    return text


def _redact_fields(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        event[name] = _redacted(name, value)
    return event


def _redacted(name: str, value: object) -> object:
    if _SECRET_NAME.search(name) and name not in _HARMLESS:
        return REDACTED
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"{value[:MAX_TEXT]}… ({len(value) - MAX_TEXT} characters more)"
    if isinstance(value, dict):
        return {key: _redacted(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted("", inner) for inner in value]
    return value


class _ScrubbingFormatter(structlog.stdlib.ProcessorFormatter):
    """Look once more at the finished line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        return scrub(super().format(record))


def configure_logging(*, json_lines: bool, level: int = logging.INFO) -> None:
    """Send every log record of this process to standard error, redacted. Calling it again changes nothing.

    Args:
        json_lines: One JSON object per line instead of text for people.
        level: The least severe level that is written.
    """
    common: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _redact_fields,
    ]
    renderer: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
        if json_lines
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _ScrubbingFormatter(
            foreign_pre_chain=common,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Granian tells in lines of its own what the app failed at.
    granian = logging.getLogger("_granian")
    granian.handlers.clear()
    granian.propagate = True
    # The first write every request with its address, query string included; the last some lines for every job.
    for name in ("httpx", "httpcore", "granian.access", "uvicorn.access", "procrastinate"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *common, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
