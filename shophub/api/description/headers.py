"""Headers that requests may and answers do carry, as the description has them."""

from typing import Any

KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    "description": "Chosen by the caller: the same key with the same body gets the same answer, for a day.",
    "example": "order-2026-03-14-0001",
}
KNOWN: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "ETags that the caller has; where one still stands, the answer is 304 without a body.",
}
REQUEST_ID: dict[str, Any] = {
    "X-Request-ID": {
        "description": "Names the request in the store's log; one that the caller sends is kept.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,64}$"},
    }
}
RETRY: dict[str, Any] = {
    "Retry-After": {
        "description": "Seconds after which another try makes sense.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    }
}
TAG: dict[str, Any] = {
    "ETag": {
        "description": "Names this very answer; send it as `If-None-Match` to hear whether it still stands.",
        "required": True,
        "schema": {"type": "string", "pattern": '^(W/)?".+"$'},
    }
}
KEPT: dict[str, Any] = {
    "Cache-Control": {
        "description": "Who may keep the answer, and how long.",
        "required": True,
        "schema": {"type": "string"},
    }
}
CHALLENGE: dict[str, Any] = {
    "WWW-Authenticate": {
        "description": "How to sign in: by bearer token.",
        "required": True,
        "schema": {"type": "string"},
    }
}
LIMITS: dict[str, Any] = {
    "RateLimit-Limit": {
        "description": "Requests that the caller may make in a span of time.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "RateLimit-Remaining": {
        "description": "How many of them are left.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    },
    "RateLimit-Reset": {
        "description": "Seconds until there are more.",
        "required": True,
        "schema": {"type": "integer", "minimum": 0},
    },
}
