"""Fills a database with a small catalogue; run as a module against a running shop, whose sandbox keeps the pictures."""

import asyncio
import io

from PIL import Image, ImageDraw

from shophub.db import AsyncSession, close_database, transaction
from shophub.domain.statuses import Role
from shophub.integrations.cloudinary import upload_image
from shophub.models.operations import StoreSettings
from tests.factories.accounts import make_user
from tests.factories.catalog import make_category, make_image, make_product

CATEGORIES = ("Electronics", "Kitchen", "Office")
SURFACES = ((233, 223, 205), (216, 226, 228), (223, 229, 212))
LISTED = 30


def _picture(colour: tuple[int, int, int]) -> bytes:
    image = Image.new("RGB", (960, 1200), colour)
    ImageDraw.Draw(image).ellipse((240, 360, 720, 840), fill=(27, 98, 118))
    data = io.BytesIO()
    image.save(data, "JPEG", quality=80)
    return data.getvalue()


async def _fill(session: AsyncSession) -> None:
    settings = await session.get(StoreSettings, 1)
    assert settings is not None
    settings.ship_to_countries = ["US", "CA", "DE"]
    settings.shipping_fee_minor, settings.free_shipping_threshold_minor = 1_000, 10_000
    await make_user(session, email="owner@example.com", full_name="Olive Owner", role=Role.SUPER_ADMIN)
    categories = [
        await make_category(session, name=name, slug=name.lower(), position=place)
        for place, name in enumerate(CATEGORIES)
    ]
    lamp = await make_product(
        session,
        name="Oak Desk Lamp",
        slug="oak-desk-lamp",
        category=categories[2],
        price_minor=6_400,
        compare_at_minor=8_000,
        options={"Colour": ["Oak", "Ink"], "Size": ["S", "M"]},
        brand="Nordlys",
        description="A quiet lamp for late pages.\n\nSolid oak, **warm light**.",
    )
    for place in range(3):
        await make_image(
            session, lamp, public_id=f"tests/lamp-{place}", alt=f"The lamp, view {place + 1}", position=place
        )
    await make_product(
        session,
        name='<b>Sharp</b> & "quoted" </script>',
        slug="sharp-name",
        category=categories[1],
        description="</script><script>alert(1)</script>",
    )
    await make_product(session, name="Sold Out Mug", slug="sold-out-mug", category=categories[1], stock=0)
    for number in range(LISTED):
        await make_product(
            session,
            name=f"Plain Thing {number + 1}",
            slug=f"plain-thing-{number + 1}",
            category=categories[number % 3],
            price_minor=1_999 + number * 100,
        )


async def main() -> None:
    """Upload the pictures, then write the catalogue."""
    for place, colour in enumerate(SURFACES):
        await upload_image(_picture(colour), public_id=f"tests/lamp-{place}")
    async with transaction() as session:
        await _fill(session)
    await close_database()


if __name__ == "__main__":
    asyncio.run(main())
