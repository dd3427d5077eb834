"""Uploaded pictures that nothing shows are removed after a day; one that something shows, or begins to, never is."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from shophub.db import AsyncSession, transaction
from shophub.domain.statuses import CheckoutStatus
from shophub.errors import InvalidInputError, ProviderError
from shophub.lib.clock import utc_now
from shophub.lib.ids import new_id
from shophub.models.catalog import Category, Product
from shophub.models.checkouts import Checkout, CheckoutRevision
from shophub.repositories import loose_pictures
from shophub.schemas.product_editor import ProductForm
from shophub.services import product_editor, product_removal
from shophub.services.audit import SHOP
from shophub.services.flows.remove_pictures import remove_unused_pictures
from shophub.services.flows.upload_picture import upload_picture
from tests.factories import make_category, make_order, make_product, variants_of
from tests.rows import execute, rows
from tests.sandbox.cloudinary_resend.pictures import make_picture
from tests.services.test_product_editor import form_of

pytestmark = pytest.mark.usefixtures("database", "shop_uses_sandbox")
ORIGINAL = "/cloudinary/sandbox/image/upload/"


async def upload() -> str:
    """Upload a picture; returns its name."""
    return (await upload_picture(make_picture("JPEG"), SHOP)).public_id


async def a_day_passes() -> None:
    """Let everything have been loose for a day."""
    async with transaction() as session:
        await execute(session, "UPDATE loose_pictures SET since = since - interval '25 hours'")


async def there(http: httpx.AsyncClient, public_id: str) -> bool:
    """Return whether Cloudinary has the picture."""
    return (await http.get(ORIGINAL + public_id)).status_code == 200


async def form_with(session: AsyncSession, *pictures: str) -> ProductForm:
    """Return a new product that shows these."""
    return ProductForm.model_validate({
        "id": str(new_id()), "name": "Mug", "category_id": str((await make_category(session)).id),
        "pictures": [{"public_id": one, "alt": "A mug"} for one in pictures],
        "variants": [{"sku": "MUG", "price": "5", "stock": 3}],
    })  # fmt: skip


async def save_with(*pictures: str) -> ProductForm:
    """Save a product that shows these; returns its form."""
    async with transaction() as session:
        form = await form_with(session, *pictures)
        await product_editor.save(session, form, actor=SHOP)
    return form


async def test_picture_that_is_never_saved_goes_after_a_day(http: httpx.AsyncClient):
    picture = await upload()

    early = await remove_unused_pictures()
    kept = await there(http, picture)
    await a_day_passes()
    late = await remove_unused_pictures()

    assert (early, kept, late) == (0, True, 1)
    assert not await there(http, picture)
    assert await remove_unused_pictures() == 0


async def test_pictures_of_products_stay_and_go_with_what_showed_them(http: httpx.AsyncClient):
    front, back = await upload(), await upload()
    form = await save_with(front, back)
    await a_day_passes()
    assert await remove_unused_pictures() == 0

    async with transaction() as session:
        view = await product_editor.get_product(session, form.id, "USD")
        changed = form_of(view, pictures=[{"public_id": front, "alt": "A mug"}])
        await product_editor.save(session, changed, actor=SHOP)
    await a_day_passes()
    assert await remove_unused_pictures() == 1
    assert (await there(http, front), await there(http, back)) == (True, False)

    async with transaction() as session:
        await product_removal.delete(session, form.id, actor=SHOP)
    await a_day_passes()
    assert await remove_unused_pictures() == 1
    assert not await there(http, front)


async def _in_an_order(session: AsyncSession, picture: str) -> None:
    await make_order(session)
    await execute(session, "UPDATE order_lines SET image_public_id = :picture", picture=picture)


async def _in_a_payment(session: AsyncSession, picture: str) -> None:
    now = utc_now()
    checkout = Checkout(email="a@shop.example", email_key="a@shop.example", status=CheckoutStatus.PROCESSING,
                        currency="USD", opened_at=now, expires_at=now)  # fmt: skip
    session.add(checkout)
    await session.flush()
    lines = [{"name": "Mug", "image_public_id": picture}]
    revision = CheckoutRevision(checkout_id=checkout.id, number=1, currency="USD", total_minor=1, lines=lines,
                                quote={}, shipping_address={}, email="a@shop.example")  # fmt: skip
    session.add(revision)


async def _on_a_category(session: AsyncSession, picture: str) -> None:
    session.add(Category(name="Mugs", slug="mugs", image_public_id=picture))


async def _as_the_logo(session: AsyncSession, picture: str) -> None:
    await execute(session, "UPDATE store_settings SET logo_public_id = :picture", picture=picture)


@pytest.mark.parametrize(
    "show",
    [_in_an_order, _in_a_payment, _on_a_category, _as_the_logo],
    ids=["order", "payment", "category", "logo"],
)
async def test_picture_that_something_else_shows_stays(
    http: httpx.AsyncClient, show: Callable[[AsyncSession, str], Awaitable[None]]
):
    picture = await upload()
    async with transaction() as session:
        await show(session, picture)
    await a_day_passes()

    assert await remove_unused_pictures() == 0
    assert await there(http, picture)


@pytest.mark.parametrize(
    "leave",
    ["UPDATE categories SET image_public_id = NULL", "UPDATE store_settings SET logo_public_id = NULL"],
    ids=["category", "logo"],
)
async def test_picture_that_categories_and_the_shop_leave_goes(http: httpx.AsyncClient, leave: str):
    picture = await upload()
    async with transaction() as session:
        await (_on_a_category if "categories" in leave else _as_the_logo)(session, picture)
    async with transaction() as session:
        await execute(session, leave)
    await a_day_passes()

    assert await remove_unused_pictures() == 1
    assert not await there(http, picture)


async def test_editor_that_was_open_too_long_is_told_and_saves_nothing(http: httpx.AsyncClient):
    picture = await upload()
    await a_day_passes()
    await remove_unused_pictures()

    with pytest.raises(InvalidInputError) as refused:
        await save_with(picture)

    assert "upload it again" in refused.value.fields["pictures"]
    assert await rows("SELECT count(*) FROM products") == [(0,)]


async def test_picture_that_is_being_saved_while_the_job_runs_stays(http: httpx.AsyncClient):
    picture = await upload()
    await a_day_passes()

    async with transaction() as session:
        await product_editor.save(session, await form_with(session, picture), actor=SHOP)
        removed = await remove_unused_pictures()

    assert removed == 0
    assert await remove_unused_pictures() == 0
    assert await there(http, picture)


async def test_who_saves_while_the_job_decides_waits_for_it(http: httpx.AsyncClient):
    picture = await upload()
    async with transaction() as session:
        due = await loose_pictures.lock_due(session, utc_now(), 10)
        saving = asyncio.create_task(save_with(picture))
        done, _ = await asyncio.wait([saving], timeout=0.3)
        await loose_pictures.mark_gone(session, due, utc_now())

    assert (due, done) == ([picture], set())
    with pytest.raises(InvalidInputError):
        await saving
    assert await remove_unused_pictures() == 1
    assert not await there(http, picture)


async def test_what_cloudinary_refuses_is_tried_again(http: httpx.AsyncClient):
    pictures = [await upload(), await upload()]
    await a_day_passes()
    await http.post("/cloudinary/_test/fail", json={"count": 1, "status": 500})

    first = await remove_unused_pictures()
    second = await remove_unused_pictures()

    assert (first, second) == (0, 2)
    assert [await there(http, one) for one in pictures] == [False, False]


async def test_upload_that_broke_off_leaves_nothing_behind(http: httpx.AsyncClient):
    await http.post("/cloudinary/_test/fail", json={"count": 1, "status": 500, "afterEffect": True})
    with pytest.raises(ProviderError):
        await upload()
    noted = str((await rows("SELECT public_id FROM loose_pictures"))[0][0])
    assert await there(http, noted)
    await a_day_passes()

    assert await remove_unused_pictures() == 1
    assert not await there(http, noted)


async def test_pictures_that_others_named_are_not_touched():
    async with transaction() as session:
        product: Product = await make_product(session)
        await execute(
            session,
            "INSERT INTO images (id, product_id, public_id) VALUES (gen_random_uuid(), :id, 'elsewhere/1')",
            id=product.id,
        )
        await variants_of(session, product)
    async with transaction() as session:
        await product_removal.delete(session, product.id, actor=SHOP)

    assert await rows("SELECT count(*) FROM loose_pictures") == [(0,)]
