"""Checks the signature of an Upload API call.

Source: https://cloudinary.com/documentation/authentication_signatures: all parameters but ``file``, ``cloud_name``,
``resource_type`` and ``api_key``, sorted and joined as ``name=value`` by ``&``, the secret appended, hashed.
"""

import hashlib
import hmac
import time
from collections.abc import Mapping

from shophub.sandbox.cloudinary.errors import CloudinaryError

UNSIGNED = frozenset({"file", "cloud_name", "resource_type", "api_key", "signature"})
MAX_AGE_SECONDS = 3600
_HASHES = {40: hashlib.sha1, 64: hashlib.sha256}


def string_to_sign(params: Mapping[str, str], *, escaped: bool = True) -> str:
    """Return the text whose hash is the signature.

    ``escaped`` is version 2 of the scheme, in which an ``&`` inside a value is written ``%26`` so that one parameter
    cannot pose as two; version 1 leaves it.
    """
    parts = [f"{name}={value}" for name, value in params.items() if value and name not in UNSIGNED]
    return "&".join(sorted(part.replace("&", "%26") if escaped else part for part in parts))


def check_signature(params: Mapping[str, str], *, api_key: str, api_secret: str, now: float | None = None) -> None:
    """Accept a call that was signed with ``api_secret`` within the last hour.

    Raises:
        CloudinaryError: 401, in the service's words: unknown key, wrong signature or stale timestamp.
    """
    given_key = params.get("api_key", "")
    if not given_key:
        raise CloudinaryError("Must supply api_key", 401)
    if given_key != api_key:
        raise CloudinaryError(f"Unknown API key {given_key}", 401)
    given = params.get("signature", "")
    if not given:
        raise CloudinaryError("Missing required parameter - signature", 400)
    algorithm = _HASHES.get(len(given), hashlib.sha1)
    texts = [string_to_sign(params, escaped=escaped) for escaped in (True, False)]
    expected = [algorithm((text + api_secret).encode()).hexdigest() for text in texts]
    if not any(hmac.compare_digest(given.encode(), one.encode()) for one in expected):
        raise CloudinaryError(f"Invalid Signature {given}. String to sign - '{texts[0]}'.", 401)
    _check_timestamp(params.get("timestamp", ""), time.time() if now is None else now)


def _check_timestamp(given: str, now: float) -> None:
    if not given:
        raise CloudinaryError("Missing required parameter - timestamp")
    if not (given.isascii() and given.isdigit() and len(given) <= 12):
        raise CloudinaryError(f"Invalid timestamp {given[:40]}")
    if abs(now - int(given)) > MAX_AGE_SECONDS:
        raise CloudinaryError(f"Stale request - reported time is {given} which is more than 1 hour ago", 400)
