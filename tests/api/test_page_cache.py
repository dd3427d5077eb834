"""Finished pages are dropped by what changes on them, also while they are being made, and by nothing else."""

from dataclasses import replace

import pytest

from shophub.api.notice_cache import MAX_ADDRESS
from shophub.api.storefront.page_cache import CachedPage, PageCache
from shophub.services.live import Notice

STOCK = Notice("variant", "v1", "lamp")
REVIEW = Notice("product", "lamp")


def page(*products: str) -> CachedPage:
    """Make a page on which these products stand."""
    return CachedPage.of("<p>page</p>", 200, frozenset(products))


@pytest.fixture
def cache() -> PageCache:
    """Two pages with a lamp, one without."""
    cache = PageCache()
    cache.keep("/lamp", page("lamp"), cache.moment)
    cache.keep("/all", page("mug", "lamp"), cache.moment)
    cache.keep("/mug", page("mug"), cache.moment)
    return cache


def kept(cache: PageCache) -> list[str]:
    """Return which of the addresses are there."""
    return [address for address in ("/lamp", "/all", "/mug") if cache.find(address)]


def test_addresses_of_any_length_are_not_kept(cache: PageCache) -> None:
    cache.keep("/" + "x" * MAX_ADDRESS, page(), cache.moment)

    assert cache.find("/" + "x" * MAX_ADDRESS) is None
    assert kept(cache) == ["/lamp", "/all", "/mug"]


@pytest.mark.parametrize("notice", [STOCK, REVIEW], ids=["stock", "review"])
def test_change_of_a_product_drops_the_pages_it_stands_on(notice: Notice, cache: PageCache) -> None:
    cache.hear(notice)

    assert kept(cache) == ["/mug"]


@pytest.mark.parametrize("notice", [Notice("catalog", ""), Notice("settings", "1"), None], ids=["catalog", "s", "lost"])
def test_change_that_may_show_anywhere_drops_everything(notice: Notice | None, cache: PageCache) -> None:
    cache.hear(notice)

    assert kept(cache) == []


def test_orders_and_sessions_of_others_drop_nothing(cache: PageCache) -> None:
    for kind in ("order", "checkout", "session"):
        cache.hear(Notice(kind, "lamp"))

    assert kept(cache) == ["/lamp", "/all", "/mug"]


@pytest.mark.parametrize("notice", [STOCK, Notice("catalog", ""), None], ids=["stock", "catalog", "lost"])
def test_page_that_was_begun_before_a_change_is_not_kept(notice: Notice | None, cache: PageCache) -> None:
    since = cache.moment
    cache.hear(notice)

    cache.keep("/lamp", page("lamp"), since)
    assert cache.find("/lamp") is None
    cache.keep("/lamp", page("lamp"), cache.moment)
    assert cache.find("/lamp") is not None


def test_page_of_something_else_is_kept_while_a_product_sells_without_pause(cache: PageCache) -> None:
    since = cache.moment
    for _ in range(3):
        cache.hear(STOCK)

    cache.keep("/new", page("mug"), since)

    assert cache.find("/new") is not None


def test_what_is_forgotten_of_changes_counts_as_changed() -> None:
    cache = PageCache(max_changes=2)
    since = cache.moment
    for product in ("lamp", "mug", "chair"):
        cache.hear(Notice("product", product))

    cache.keep("/lamp", page("lamp"), since)

    assert cache.find("/lamp") is None


def test_page_ends_with_its_time(cache: PageCache) -> None:
    cache.keep("/old", replace(page(), kept_until=0.0), cache.moment)

    assert cache.find("/old") is None


def test_pages_take_so_many_bytes_at_most() -> None:
    size = len(page().compressed)
    cache = PageCache(max_bytes=3 * size)
    for address in ("/a", "/b", "/c", "/d", "/d"):
        cache.keep(address, page(), cache.moment)

    assert [address for address in ("/a", "/b", "/c", "/d") if cache.find(address)] == ["/b", "/c", "/d"]

    cache.clear()
    for address in ("/a", "/b", "/c"):
        cache.keep(address, page(), cache.moment)

    assert all(cache.find(address) for address in ("/a", "/b", "/c"))


@pytest.mark.parametrize("notice", [Notice("catalog", ""), Notice("product", "lamp"), None], ids=str)
def test_parameters_are_known_until_the_product_changes(notice: Notice | None) -> None:
    cache = PageCache()
    cache.know_parameters("/products/lamp", "lamp", frozenset({"colour"}))
    cache.hear(Notice("product", "chair"))
    assert cache.parameters_of("/products/lamp") == {"colour"}

    cache.hear(notice)

    assert cache.parameters_of("/products/lamp") is None
