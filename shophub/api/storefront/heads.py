"""What stands in the head: title, description, canonical address, Open Graph, structured data."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from shophub.lib.money import decimal_string
from shophub.schemas.catalog import HomeView, ImageView, LinkView, ListingView, ProductView
from shophub.settings import Settings

_DESCRIPTION_LENGTH = 160
_AVAILABILITY = {"in": "InStock", "low": "LimitedAvailability", "out": "OutOfStock"}


@dataclass(frozen=True)
class Head:
    """A page's head. ``data`` are JSON-LD objects as text that is safe inside a script element."""

    heading: str
    store_name: str
    description: str = ""
    canonical: str = ""
    image: ImageView = field(default_factory=ImageView)
    kind: str = "website"
    is_indexed: bool = True
    preload: ImageView | None = None
    preload_sizes: str = ""
    data: tuple[str, ...] = field(default=())
    previous: str = ""
    next: str = ""

    @property
    def title(self) -> str:
        """Return what stands in the browser's tab."""
        return f"{self.heading} · {self.store_name}"


def json_ld(value: dict[str, Any]) -> str:
    """Return JSON that cannot end the script element it stands in, whatever the texts hold."""
    text = json.dumps({"@context": "https://schema.org", **value}, ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def shorten(text: str) -> str:
    """Return ``text`` on one line, cut at a word to what search engines show."""
    line = re.sub(r"\s+", " ", text).strip()
    if len(line) <= _DESCRIPTION_LENGTH:
        return line
    return line[: _DESCRIPTION_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",.;:") + "…"


def absolute(settings: Settings, path: str) -> str:
    """Return ``path`` as a whole address; one that already is stays."""
    return path if path.startswith(("http://", "https://")) else settings.public_url + path


def _crumbs(settings: Settings, links: tuple[LinkView, ...]) -> str:
    items = [
        {"@type": "ListItem", "position": place, "name": link.label, "item": absolute(settings, link.url)}
        for place, link in enumerate(links, 1)
    ]
    return json_ld({"@type": "BreadcrumbList", "itemListElement": items})


def _picture(settings: Settings, images: Iterable[ImageView]) -> ImageView:
    """Return the first that there is, under its whole address; a product may have none."""
    first = next((image for image in images if image.url), None)
    return ImageView() if first is None else replace(first, url=absolute(settings, first.url))


def home_head(view: HomeView, settings: Settings, *, heading: str, description: str) -> Head:
    """Return the front page's head."""
    name = view.store_name
    organization = json_ld(
        {
            "@type": "Organization",
            "name": name,
            "url": settings.public_url + "/",
            "logo": absolute(settings, view.logo_url or "/favicon.svg"),
        }
    )
    site = json_ld(
        {
            "@type": "WebSite",
            "name": name,
            "url": settings.public_url + "/",
            "potentialAction": {
                "@type": "SearchAction",
                "target": settings.public_url + "/search?q={search_term_string}",
                "query-input": "required name=search_term_string",
            },
        }
    )
    return Head(
        heading=heading,
        store_name=name,
        description=shorten(description),
        canonical=settings.public_url + "/",
        image=_picture(settings, (view.hero, *(card.image for card in (*view.new_arrivals, *view.best_sellers)))),
        preload=view.hero if view.hero.url else None,
        preload_sizes="(min-width:64rem) 600px, 100vw",
        data=(organization, site),
    )


def listing_head(view: ListingView, settings: Settings) -> Head:
    """Return a listing's head. Results of a search are not for search engines."""
    names = ", ".join(card.name for card in view.items[:5])
    intro = view.intro or (f"{view.heading} at {view.store_name}: {names}." if names else view.heading)
    return Head(
        heading=view.heading,
        store_name=view.store_name,
        description=shorten(intro),
        canonical=settings.public_url + view.canonical_path,
        image=_picture(settings, (card.image for card in view.items)),
        is_indexed=not view.query and bool(view.items),
        data=(_crumbs(settings, view.breadcrumbs),) if view.breadcrumbs else (),
        previous=absolute(settings, view.previous_url) if view.previous_url else "",
        next=absolute(settings, view.next_url) if view.next_url else "",
    )


def product_head(view: ProductView, settings: Settings, sizes: str) -> Head:
    """Return a product's head, with its offer and rating as structured data."""
    url = f"{settings.public_url}/products/{view.slug}"
    description = shorten(view.summary or f"{view.name}, {view.price_text}, at {view.store_name}. {view.delivery_text}")
    product: dict[str, Any] = {
        "@type": "Product",
        "name": view.name,
        "description": description,
        "sku": view.sku,
        "url": url,
        "category": view.category.label,
        "offers": {
            "@type": "Offer",
            "url": url,
            "price": decimal_string(view.price_minor, view.currency),
            "priceCurrency": view.currency,
            "availability": f"https://schema.org/{_AVAILABILITY[view.stock_level]}",
            "itemCondition": "https://schema.org/NewCondition",
        },
    }
    if view.images:
        product["image"] = [absolute(settings, image.url) for image in view.images]
    if view.brand:
        product["brand"] = {"@type": "Brand", "name": view.brand}
    if view.review_count:
        product["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": view.rating_text,
            "reviewCount": view.review_count,
            "bestRating": "5",
            "worstRating": "1",
        }
    first = view.images[0] if view.images else None
    return Head(
        heading=view.name,
        store_name=view.store_name,
        description=description,
        canonical=url,
        image=_picture(settings, view.images),
        kind="product",
        preload=first,
        preload_sizes=sizes,
        data=(json_ld(product), _crumbs(settings, view.breadcrumbs)),
    )
