"""Identifiers sort by the time they were made, and tokens are kept only as hashes."""

from concurrent.futures import ThreadPoolExecutor

from shophub.lib.ids import new_id, new_token, token_hash


def test_ids_are_version_7_and_sort_in_the_order_they_were_made():
    ids = [new_id() for _ in range(20_000)]

    assert ids == sorted(ids)
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}


def test_ids_of_many_threads_are_unique():
    with ThreadPoolExecutor(8) as threads:
        ids = [one for batch in threads.map(lambda _: [new_id() for _ in range(2_000)], range(8)) for one in batch]

    assert len(set(ids)) == 16_000


def test_token_is_long_and_its_hash_does_not_hold_it():
    first, second = new_token(), new_token()

    assert first != second
    assert len(first) >= 43
    assert first not in token_hash(first)
    assert token_hash(first) == token_hash(first) != token_hash(second)
