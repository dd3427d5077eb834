"""Pages from the cache say what the database says, whichever program changed it."""

import psycopg
import pytest

from tests.e2e.asking import ask, html, soon, structured
from tests.e2e.goods import Goods
from tests.e2e.shop_server import ShopServer


def test_price_stock_name_and_address_that_another_program_changes_show_at_once(shop: ShopServer, goods: Goods) -> None:
    slug = goods.product("True Thing", price_minor=2_000, stock=20)
    pages = (f"/products/{slug}", "/categories/electronics?sort=newest", "/search?q=true+thing", "/sitemap.xml")
    product, shelf, search, _ = pages

    def says(path: str, text: str) -> bool:
        return text in html(shop, path)

    soon(lambda: says(shelf, "True Thing"))
    for path in (product, shelf, search):
        assert says(path, "$20.00")

    goods.reprice(slug, 2_345)
    for path in (product, shelf, search):
        soon(lambda path=path: says(path, "$23.45"))
    assert structured(html(shop, product))["Product"]["offers"]["price"] == "23.45"

    goods.restock(slug, 2)
    for path in (product, shelf):
        soon(lambda path=path: says(path, "Only 2 left"))
    goods.restock(slug, 0)
    soon(lambda: structured(html(shop, product))["Product"]["offers"]["availability"].endswith("OutOfStock"))
    soon(lambda: slug not in html(shop, "/categories/electronics?sort=newest&in_stock=1"))

    goods.rows("UPDATE products SET name = 'Truer Thing' WHERE slug = %(slug)s", slug=slug)
    for path in (product, shelf):
        soon(lambda path=path: says(path, "Truer Thing"))
    goods.review(slug, 4, "Does what it says.")
    soon(lambda: says(product, "Does what it says."))

    goods.rows("UPDATE products SET slug = %(new)s WHERE slug = %(slug)s", slug=slug, new=f"moved-{slug}")
    soon(lambda: ask(shop, product)[0] == 301)
    assert f"/products/moved-{slug}" in ask(shop, "/sitemap.xml")[2].decode()
    goods.rows("UPDATE products SET status = 'archived' WHERE slug = %(slug)s", slug=f"moved-{slug}")
    soon(lambda: ask(shop, product)[0] == 410)
    soon(lambda: "Truer Thing" not in html(shop, shelf))


def test_settings_and_categories_that_change_show_at_once(shop: ShopServer, goods: Goods) -> None:
    assert "Kitchen" in html(shop, "/")
    try:
        goods.rows("UPDATE categories SET name = 'Cookery' WHERE slug = 'kitchen'")
        soon(lambda: "Cookery" in html(shop, "/"))
        goods.rows("UPDATE store_settings SET shipping_fee_minor = 777")
        soon(lambda: "$7.77" in html(shop, "/products/oak-desk-lamp"))
    finally:
        goods.rows("UPDATE categories SET name = 'Kitchen' WHERE slug = 'kitchen'")
        goods.rows("UPDATE store_settings SET shipping_fee_minor = 1000")


def test_page_that_has_changed_is_sent_anew_to_who_knows_it(shop: ShopServer, goods: Goods) -> None:
    slug = goods.product("Known Thing", price_minor=2_000)
    _, headers, _ = ask(shop, f"/products/{slug}")
    etag = headers["etag"]
    assert ask(shop, f"/products/{slug}", if_none_match=etag)[0] == 304

    goods.reprice(slug, 2_100)

    soon(lambda: ask(shop, f"/products/{slug}", if_none_match=etag)[0] == 200)


@pytest.mark.parametrize("kind", ["import", "price"])
def test_one_statement_about_many_products_is_one_notice(kind: str, shop: ShopServer, goods: Goods) -> None:
    slugs = [goods.product("Bulk Thing") for _ in range(3)]
    with psycopg.connect(shop.database_url, autocommit=True) as listener:
        listener.execute("LISTEN shophub_live")
        if kind == "import":
            goods.rows("UPDATE products SET brand = 'Bulk' WHERE slug = ANY(%(slugs)s)", slugs=slugs)
        else:
            goods.rows(
                "UPDATE variants SET price_minor = 1 FROM products p WHERE p.id = product_id AND slug = ANY(%(slugs)s)",
                slugs=slugs,
            )
        heard = [notice.payload for notice in listener.notifies(timeout=0.5)]

    assert len([payload for payload in heard if '"catalog"' in payload]) == 1
