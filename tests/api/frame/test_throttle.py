"""Callers of the API are heard so often in a minute, each counted for itself."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from limits.aio.storage import MemoryStorage

from shophub.api.app import create_api
from shophub.db import transaction
from shophub.lib.clock import utc_now
from shophub.services import callers, sessions, throttles
from shophub.services.api_quota import Counts, Quota
from shophub.settings import get_settings
from tests.factories import make_user

READ = "/api/nothing/here"
WEBHOOK = "/api/webhooks/stripe"


@pytest_asyncio.fixture
async def limited(database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Three reads and two other requests in a window that does not end during the test."""
    for name, value in {"READS": "3", "WRITES": "2", "WINDOW": "P300D"}.items():
        monkeypatch.setenv(f"THROTTLE_API_{name}", value)
    get_settings.cache_clear()
    await throttles.reset()
    yield
    await throttles.reset()


def caller(address: str = "192.0.2.1", **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_api(), client=(address, 50_000))
    return httpx.AsyncClient(transport=transport, base_url="http://shop.test", headers=headers)


async def statuses(client: httpx.AsyncClient, times: int, **headers: str) -> list[int]:
    return [(await client.get(READ, headers=headers)).status_code for _ in range(times)]


async def new_tokens(number: int) -> list[str]:
    """Return the tokens of so many sessions of one new account."""
    async with transaction() as session:
        user = await make_user(session)
        return [await sessions.start(session, user.id) for _ in range(number)]


@pytest.mark.usefixtures("limited")
async def test_each_answer_says_what_is_left_and_the_one_too_many_when_to_come_back() -> None:
    async with caller() as client:
        answers = [await client.get(READ) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert [answer.headers["ratelimit-limit"] for answer in answers] == ["3"] * 4
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert all(int(answer.headers["ratelimit-reset"]) > 0 for answer in answers)
    refused = answers[-1]
    assert refused.json()["code"] == "too_many_requests"
    assert refused.headers["retry-after"] == refused.headers["ratelimit-reset"]
    assert refused.headers["cache-control"] == "no-store"
    assert refused.headers["x-request-id"]


@pytest.mark.usefixtures("limited")
async def test_reads_and_the_rest_are_counted_apart() -> None:
    async with caller() as client:
        reads = await statuses(client, 4)
        writes = [(await client.delete(READ)).status_code for _ in range(3)]

    assert (reads, writes) == ([404, 404, 404, 429], [404, 404, 429])


@pytest.mark.usefixtures("limited")
async def test_account_is_counted_by_bearer_and_cookie_and_all_of_its_sessions_together() -> None:
    mine, again = await new_tokens(2)
    (others,) = await new_tokens(1)

    async with caller() as client:
        by_bearer = await statuses(client, 2, Authorization=f"Bearer {mine}")
        by_cookie = await statuses(client, 1, Cookie=f"shophub_session={mine}")
        signed_in_again = await statuses(client, 1, Authorization=f"Bearer {again}")
        of_other = await statuses(client, 1, Authorization=f"Bearer {others}")
        of_guest = await statuses(client, 1)

    assert (by_bearer, by_cookie, signed_in_again) == ([404, 404], [404], [429])
    assert (of_other, of_guest) == ([404], [404])


@pytest.mark.usefixtures("limited")
async def test_sessions_that_have_ended_count_as_guests_of_their_household() -> None:
    *ended, live = await new_tokens(4)
    async with transaction() as session:
        for token in ended:
            known = sessions.read(token)
            assert known is not None
            await sessions.revoke(session, known.session_id)

    async with caller() as client:
        seen = [await statuses(client, 1, Authorization=f"Bearer {token}") for token in ended]
        of_guest = await statuses(client, 1)
        of_account = await statuses(client, 1, Authorization=f"Bearer {live}")

    assert (seen, of_guest, of_account) == ([[404]] * 3, [429], [404])


async def test_session_counts_by_itself_while_the_database_is_away() -> None:
    first, second = (sessions.sign(uuid4(), utc_now()) for _ in range(2))

    names = [await callers.counted_as(token, "", "192.0.2.1") for token in (first, second, first)]

    assert names[0] == names[2] != names[1]
    assert all(name.startswith("session:") for name in names)


@pytest.mark.usefixtures("limited")
async def test_made_up_token_gets_no_count_of_its_own() -> None:
    signed = sessions.sign(uuid4(), utc_now())
    forged = [f"{signed[:-6]}{number:06d}" for number in range(3)]

    async with caller() as client:
        seen = [await statuses(client, 1, Authorization=f"Bearer {token}") for token in forged]
        seen += [await statuses(client, 1, Cookie=f"shophub_session={number}") for number in range(2)]

    assert seen == [[404], [404], [404], [429], [429]]


@pytest.mark.usefixtures("limited")
async def test_household_is_counted_as_one_and_its_neighbour_apart() -> None:
    async with (
        caller("2001:db8::1") as first,
        caller("2001:db8::ffff") as second,
        caller("2001:db8:0:1::1") as next_door,
    ):
        seen = await statuses(first, 2) + await statuses(second, 2)
        apart = await statuses(next_door, 1)

    assert (seen, apart) == ([404, 404, 404, 429], [404])


@pytest.mark.usefixtures("limited")
async def test_webhooks_and_signs_of_life_are_always_heard() -> None:
    async with caller() as client:
        hooks = [await client.post(WEBHOOK, content=b"{}") for _ in range(4)]
        health = [await client.get("/api/health") for _ in range(5)]

    assert {answer.status_code for answer in hooks} == {400}
    assert {answer.status_code for answer in health} == {200}
    assert not any("ratelimit-limit" in answer.headers for answer in hooks + health)


@pytest.mark.usefixtures("limited")
async def test_of_many_at_once_no_more_are_heard() -> None:
    async with caller() as client:
        answers = await asyncio.gather(*(client.get(READ) for _ in range(16)))

    assert sorted(answer.status_code for answer in answers) == [404] * 3 + [429] * 13


async def test_processes_count_together_where_they_share_counts() -> None:
    shared = MemoryStorage()
    first, second = Counts(), Counts()

    seen = [await counts.count(shared, "read/x", limit=2, window_seconds=3_600) for counts in (first, second, first)]

    assert [quota.is_used_up for quota in seen] == [False, False, True]


class _Away(MemoryStorage):
    """A shared count that cannot be reached."""

    asked = 0

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        self.asked += 1
        raise ValueError(key)


async def test_process_counts_for_itself_while_shared_counts_are_away_and_leaves_them_alone() -> None:
    away, counts = _Away(), Counts()

    seen = [await counts.count(away, "read/x", limit=1, window_seconds=3_600) for _ in range(3)]

    assert [quota.used for quota in seen] == [1, 2, 3]
    assert away.asked == 1


def test_quota_never_has_less_than_nothing_left() -> None:
    assert (Quota(3, 3, 1).is_used_up, Quota(3, 5, 1).remaining) == (False, 0)
