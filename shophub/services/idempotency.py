"""The same answer to the same request: who asks is told apart, bodies are hashed, answers sealed."""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from shophub.db import AsyncSession
from shophub.errors import IdempotencyKeyReusedError
from shophub.lib.clock import utc_now
from shophub.lib.cookies import read_cookies
from shophub.lib.ids import token_hash
from shophub.lib.secret_box import seal, unseal
from shophub.repositories import accounts, idempotency
from shophub.repositories.idempotency import Key
from shophub.services import callers, visitors
from shophub.settings import get_settings

KEPT = timedelta(days=1)
# How long a process may take to answer; after that another may, because the first was killed. Longer than several calls
# to a slow Stripe last, each with its retries: nothing is done twice because it was only slow.
LEASE = timedelta(minutes=5)
_PURPOSE = "idempotency"


@dataclass(frozen=True)
class Sender:
    """What a request shows of who sent it."""

    bearer: str = ""
    cookie_header: str = ""
    network_address: str = ""


@dataclass(frozen=True)
class Asked:
    """A request under a key. ``target`` is path and query."""

    sender: Sender
    path: str
    target: str
    key: str
    body: bytes


@dataclass(frozen=True)
class Answer:
    """An answer as it is kept."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Claim:
    """The right to answer a request, for as long as a lease lasts."""

    asked: Asked
    key: Key
    lease_id: UUID


async def find_caller(session: AsyncSession, sender: Sender) -> str | None:
    """Return what a sender's keys belong to: its session, else its guest's cookie, else its network address.

    None for a session that has ended and for a token that is not ours: what was answered before is no longer for them.
    The role is part of it, so that who has lost one is not given what was answered to it.
    """
    known = callers.session_of(sender.bearer, sender.cookie_header)
    if known is not None:
        live = await accounts.find_live_session(session, known.session_id, utc_now())
        return f"session:{live.id}:{live.user.role}" if live is not None else None
    if sender.bearer:
        return None
    guest = visitors.guest_token_of(sender.cookie_header)
    if guest is not None:
        return f"guest:{token_hash(guest)}"
    return f"address:{sender.network_address}" if sender.network_address else None


async def begin(session: AsyncSession, asked: Asked) -> Claim | Answer | None:
    """Return the kept answer, or the right to give one; None where the request is another process's just now.

    Raises:
        UnknownCallerError: See ``find_caller``: the route has to say what is wrong.
        IdempotencyKeyReusedError: The key was used with another body.
    """
    caller = await find_caller(session, asked.sender)
    if caller is None:
        raise UnknownCallerError
    key = _key(asked, caller)
    now = utc_now()
    forgotten = now - KEPT
    standing = await idempotency.find_standing(session, key, now=now, forgotten=forgotten)
    if standing is None:
        lease_id = uuid4()
        is_mine = await idempotency.lease(session, key, lease_id, now=now, until=now + LEASE, forgotten=forgotten)
        return Claim(asked, key, lease_id) if is_mine else None
    if standing.request_hash != key.request_hash:
        raise IdempotencyKeyReusedError("This key was used for another request.")
    if standing.answer is None:
        return None
    return _unsealed(standing.answer)


class UnknownCallerError(Exception):
    """Nobody's: a request whose session has ended."""


async def finish(session: AsyncSession, claim: Claim, answer: Answer, cookies: Sequence[str]) -> None:
    """Keep an answer for a day.

    ``cookies`` are those that it sets. With them its caller is somebody else the next time (signed in, or a guest that
    was given a cart), and has to get the same answer all the same.
    """
    now = utc_now()
    sealed = _sealed(answer)
    await idempotency.complete(session, claim.key, claim.lease_id, sealed, now)
    if cookies:
        sender = replace(claim.asked.sender, cookie_header=_with_cookies(claim.asked.sender.cookie_header, cookies))
        caller = await find_caller(session, sender)
        if caller is not None and (key := _key(claim.asked, caller)) != claim.key:
            await idempotency.copy(session, key, claim.lease_id, sealed, now)


async def give_up(session: AsyncSession, claim: Claim) -> None:
    """Give the key back: nothing was done under it that could not be done again."""
    await idempotency.release(session, claim.key, claim.lease_id)


def _key(asked: Asked, caller: str) -> Key:
    return Key(
        _keyed_hash("scope", caller.encode(), asked.path.encode()),
        token_hash(asked.key),
        _keyed_hash("request", asked.target.encode(), asked.body),
    )


def _keyed_hash(purpose: str, *parts: bytes) -> str:
    """Return what nobody can try guesses against who has only the table: a body may hold a password."""
    secret = get_settings().auth_secret.get_secret_value().encode()
    keyed = hmac.new(secret, f"{_PURPOSE}\n{purpose}".encode(), hashlib.sha256)
    for part in parts:
        keyed.update(len(part).to_bytes(8, "big") + part)
    return keyed.hexdigest()


def _with_cookies(cookie_header: str, cookies: Sequence[str]) -> str:
    """Return what a browser sends the next time."""
    jar = read_cookies(cookie_header)
    for cookie in cookies:
        jar |= read_cookies(cookie.partition(";")[0])
    return "; ".join(f"{name}={value}" for name, value in jar.items() if value)


def _sealed(answer: Answer) -> str:
    kept = {"status": answer.status, "headers": answer.headers, "body": b64encode(answer.body).decode()}
    return seal(get_settings().auth_secret.get_secret_value(), _PURPOSE, json.dumps(kept))


def _unsealed(sealed: str) -> Answer:
    opened = unseal(get_settings().auth_secret.get_secret_value(), _PURPOSE, sealed)
    if opened is None:  # sealed under another secret: doing it again would be worse than saying no
        raise IdempotencyKeyReusedError("What was answered under this key cannot be read any more.")
    kept = json.loads(opened)
    return Answer(kept["status"], tuple((name, value) for name, value in kept["headers"]), b64decode(kept["body"]))
