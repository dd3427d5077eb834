"""Values that stand in the description as examples: a model's own where it has some, else made from its schema."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
# By the name of a field: what a reader recognises. Only where it fits the field's own schema.
BY_NAME: dict[str, Any] = {
    "slug": "wireless-headphones",
    "name": "Wireless Headphones",
    "sku": "WH-1000-BLK",
    "code": "WELCOME10",
    "couponCode": "WELCOME10",
    "email": "jane@example.com",
    "storeEmail": "hello@example.com",
    "fullName": "Jane Doe",
    "author": "Jane D.",
    "label": "Home",
    "city": "Springfield",
    "zipCode": "12345",
    "country": "US",
    "state": "IL",
    "phone": "+1 217 555 0100",
    "storePhone": "+1 217 555 0100",
    "storeName": "ShopHub",
    "currency": "USD",
    "number": "SH-7K2M9QXD",
    "orderNumber": "SH-7K2M9QXD",
    "price": 29999,
    "amount": 29999,
    "subtotal": 29999,
    "total": 29999,
    "totalSpent": 29999,
    "shippingFee": 1000,
    "quantity": 1,
    "stock": 42,
    "available": 42,
    "rating": 5,
    "averageRating": 4.6,
    "reviewCount": 128,
    "comment": "Sounds as good as it looks.",
    "description": "Over-ear headphones with 30 hours of battery.",
    "page": 1,
    "pageSize": 24,
    "totalIsExact": True,
    "isActive": True,
    "emailVerified": True,
    "image": "https://shop.example.com/pictures/wireless-headphones.jpg",
    "url": "https://shop.example.com/pictures/wireless-headphones.jpg",
    "trackingUrl": "https://parcels.example.com/1Z999AA10123456784",
    "trackingNumber": "1Z999AA10123456784",
    "carrier": "UPS",
    "width": 1600,
    "height": 2000,
    "publicId": "shophub/0192f0c17a3b7c559d105b6f3e2a4c81",
    "inviteLink": "https://shop.example.com/admin/accept-invite?token=Zk9",
    "altText": "Wireless headphones from the side",
    "clientSecret": "pi_3PqLx0_secret_9Zc4",
    "token": "eyJhbGciOiJIUzI1NiJ9.eyJzaWQiOiIwMTkyIn0.mQ2t",  # nosec B105 - signed by nobody
}
BY_FORMAT = {
    "uuid": "0192f0c1-7a3b-7c55-9d10-5b6f3e2a4c81",
    "date-time": "2026-03-14T09:26:53Z",
    "date": "2026-03-14",
    "email": "jane@example.com",
    "uri": "https://shop.example.com/products/wireless-headphones",
    "binary": "",
}
MAX_DEPTH = 6


def sample_of(schema: Schema, schemas: Schema, name: str = "", depth: int = 0) -> Any:
    """Return a value that a schema allows, as readable as its names permit."""
    schema = _resolved(schema, schemas)
    for given in (schema.get("examples"), schema.get("enum")):
        if given:
            return given[0]
    if "const" in schema:
        return schema["const"]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            options = [one for one in schema[choice] if one.get("type") != "null"] or [{"type": "null"}]
            return sample_of(options[0], schemas, name, depth)
    kind = schema.get("type", "object" if "properties" in schema else None)
    if kind == "object":
        return _object(schema, schemas, depth)
    if kind == "array":
        count = max(1, schema.get("minItems", 1)) if depth < MAX_DEPTH else schema.get("minItems", 0)
        items = schema.get("items", {})
        return [sample_of(items, schemas, name, depth + 1)] * count if schema.get("maxItems", 1) else []
    return _plain(schema, kind, name)


def _object(schema: Schema, schemas: Schema, depth: int) -> dict[str, Any]:
    required = schema.get("required", ())
    found = {
        name: sample_of(part, schemas, name, depth + 1)
        for name, part in schema.get("properties", {}).items()
        if depth < MAX_DEPTH or name in required
    }
    extra = schema.get("additionalProperties")
    return found or ({"Color": sample_of(extra, schemas, "", depth + 1)} if isinstance(extra, Mapping) else {})


def _plain(schema: Schema, kind: str | None, name: str) -> Any:
    known = BY_NAME.get(name)
    if kind == "string":
        if schema.get("format") in BY_FORMAT:
            return BY_FORMAT[schema["format"]]
        text = known if isinstance(known, str) and "pattern" not in schema else schema.get("default") or "text"
        return str(text)[: schema.get("maxLength")].ljust(schema.get("minLength", 0), ".")
    if kind == "boolean":
        return known if isinstance(known, bool) else schema.get("default", False)
    if kind in ("integer", "number"):
        is_number = isinstance(known, int | float) and not isinstance(known, bool)
        value = known if is_number and (kind == "number" or isinstance(known, int)) else schema.get("default") or 0
        if "exclusiveMinimum" in schema:
            value = max(value, schema["exclusiveMinimum"] + 1)
        value = max(value, schema.get("minimum", value))
        value = min(value, schema.get("maximum", value))
        return int(value) if kind == "integer" else value
    return None if kind == "null" else {}


def _resolved(schema: Schema, schemas: Schema) -> Schema:
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rsplit("/", 1)[-1]]
    if len(schema.get("allOf", ())) == 1:
        return _resolved(schema["allOf"][0], schemas)
    return schema
