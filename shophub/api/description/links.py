"""Where a program goes on from an answer: each link names an operation and what of the answer it takes."""

import re
from typing import Any, NamedTuple

from shophub.api.description.subjects import Described


class Link(NamedTuple):
    """From the success of an operation to another one; their paths without the names of what stands in them.

    ``path`` is what the other path takes, ``body`` and ``headers`` what those do; all as OpenAPI's runtime expressions.
    """

    begin: str
    end: str
    path: str = ""
    body: dict[str, str | int] | None = None
    headers: dict[str, str] | None = None


_ID = "$response.body#/id"
_NUMBER = "$response.body#/number"
_CHECKOUT = "$response.body#/checkoutId"
_SECRET = {"Checkout-Secret": "$response.body#/clientSecret"}
_FIRST_ID = "$response.body#/items/0/id"
_FIRST_NUMBER = "$response.body#/items/0/number"
LINKS = (
    Link("GET /api/products", "GET /api/products/{}", "$response.body#/items/0/slug"),
    Link("GET /api/products", "GET /api/products/{}/reviews", _FIRST_ID),
    Link("GET /api/products", "POST /api/wishlist", body={"productId": _FIRST_ID}),
    Link("GET /api/products", "POST /api/cart", body={"id": _FIRST_ID, "quantity": 1}),
    Link("GET /api/products/{}", "GET /api/products/{}/reviews", _ID),
    Link("GET /api/products/{}", "POST /api/cart", body={"id": _ID, "quantity": 1}),
    Link("GET /api/categories", "GET /api/products/category/{}", "$response.body#/items/0/slug"),
    Link("POST /api/products/{}/reviews", "PUT /api/reviews/{}", _ID),
    Link("POST /api/products/{}/reviews", "DELETE /api/reviews/{}", _ID),
    Link("POST /api/user/addresses", "PUT /api/user/addresses/{}", _ID),
    Link("POST /api/user/addresses", "DELETE /api/user/addresses/{}", _ID),
    Link("GET /api/cart", "PUT /api/cart/{}", _FIRST_ID),
    Link("POST /api/cart", "PUT /api/cart/{}", _FIRST_ID),
    Link("POST /api/cart", "DELETE /api/cart/{}", _FIRST_ID),
    Link("POST /api/wishlist", "DELETE /api/wishlist/{}", "$response.body#/productId"),
    Link("POST /api/checkout", "GET /api/checkout/{}", _CHECKOUT, headers=_SECRET),
    Link("POST /api/checkout", "POST /api/test-create-order", body={"checkoutId": _CHECKOUT}, headers=_SECRET),
    Link("GET /api/checkout/{}", "GET /api/orders/{}", "$response.body#/orderNumber"),
    Link("POST /api/test-create-order", "GET /api/orders/{}", "$response.body#/orderNumber"),
    Link("GET /api/orders", "GET /api/orders/{}", _FIRST_NUMBER),
    Link("GET /api/orders/{}", "POST /api/orders/{}/cancel", _NUMBER),
    Link("POST /api/admin/products", "PUT /api/admin/products/{}", _ID),
    Link("POST /api/admin/products", "PATCH /api/admin/products/{}", _ID),
    Link("POST /api/admin/products", "DELETE /api/admin/products/{}", _ID),
    Link("GET /api/admin/products", "PATCH /api/admin/products/{}", _FIRST_ID),
    Link("GET /api/admin/orders", "GET /api/admin/orders/{}", _FIRST_NUMBER),
    Link("GET /api/admin/orders/{}", "PATCH /api/admin/orders/{}", _NUMBER),
    Link("GET /api/admin/orders/{}", "POST /api/admin/orders/{}/refunds", _NUMBER),
    Link("POST /api/admin/coupons", "GET /api/admin/coupons/{}", _ID),
    Link("POST /api/admin/coupons", "PATCH /api/admin/coupons/{}", _ID),
    Link("POST /api/admin/coupons", "DELETE /api/admin/coupons/{}", _ID),
    Link("GET /api/admin/coupons", "GET /api/admin/coupons/{}", _FIRST_ID),
    Link("GET /api/admin/users", "PATCH /api/admin/users/{}", _FIRST_ID),
    Link("POST /api/admin/invite", "POST /api/admin/invite/{}/resend", _ID),
    Link("POST /api/admin/invite", "DELETE /api/admin/invite/{}", _ID),
)
_NAMES = re.compile(r"\{(\w+)\}")


def add_links(operations: list[Described]) -> None:
    """Write the links into the answers of the operations that there are: in production some are not."""
    by_shape = {f"{one.method} {_NAMES.sub('{}', one.path)}": one for one in operations}
    for link in LINKS:
        begin, end = by_shape.get(link.begin), by_shape.get(link.end)
        if begin is None or end is None:
            continue
        success = next(answer for status, answer in begin.operation["responses"].items() if status.startswith("2"))
        name = end.operation["operationId"]
        success.setdefault("links", {})[name] = _written(link, end)


def _written(link: Link, end: Described) -> dict[str, Any]:
    written: dict[str, Any] = {
        "operationId": end.operation["operationId"],
        "description": f"{end.operation['summary']}: `{end.method} {end.path}`.",
    }
    parameters = {f"header.{name}": value for name, value in (link.headers or {}).items()}
    if link.path:
        parameters |= {f"path.{name}": link.path for name in _NAMES.findall(end.path)}
    if parameters:
        written["parameters"] = parameters
    if link.body:
        written["requestBody"] = link.body
    return written
