"""Uploads of pictures by programs, and products that show them. How a file is judged: ``tests/api/uploads``."""

from typing import Any

import pytest

from shophub.db import close_database
from shophub.settings import get_settings
from tests.api.rest.caller import Caller
from tests.api.rest.mugs import MUG
from tests.rows import rows
from tests.sandbox.cloudinary_resend.conftest import sandbox, sandbox_config, shop_uses_sandbox
from tests.sandbox.cloudinary_resend.pictures import make_picture

__all__ = ["sandbox", "sandbox_config", "shop_uses_sandbox"]
MEGABYTE = 1024 * 1024
NOTHING_KEPT = "SELECT (SELECT count(*) FROM audit_log), (SELECT count(*) FROM images)"


@pytest.mark.usefixtures("shop_uses_sandbox", "mugs")
async def test_picture_is_stored_and_a_product_shows_it(admin: Caller) -> None:
    stored = await admin.answers("POST /api/admin/upload", 201, files={"file": ("mug.png", make_picture("PNG"))})

    name = stored["publicId"].removeprefix("shop/")
    url = f"/sandbox/cloudinary/sandbox/image/upload/c_limit,f_auto,q_auto,w_1280/v1/shop/{name}"
    assert stored == {"publicId": f"shop/{name}", "url": url, "width": 120, "height": 150}
    assert await rows("SELECT actor_id, action, target_id FROM audit_log") == [
        (admin.user_id, "picture.upload", stored["publicId"])
    ]
    product = await admin.answers("POST /api/admin/products", 201, json={**MUG, "image": stored["publicId"]})
    assert (product["image"], product["images"][0]["publicId"]) == (url, stored["publicId"])
    assert await rows("SELECT count(*) FROM loose_pictures") == [(0,)]


@pytest.mark.usefixtures("shop_uses_sandbox")
@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"files": {"file": ("x.png", b"<svg onload=alert(1)>", "image/png")}}, "not_a_picture"),
        ({"files": {"file": ("x.png", b"", "image/png")}}, "not_a_picture"),
        ({"files": {"picture": ("x.png", b"x")}}, "invalid_data"),
        ({"data": {"file": "text"}}, "invalid_data"),
        ({"json": {"file": "x"}}, "invalid_data"),
        ({"files": {"file": ("x.png", b"x" * (5 * MEGABYTE + 1))}}, "too_large"),
        ({"files": {"file": ("x.png", b"x" * (7 * MEGABYTE))}}, "too_large"),
    ],
    ids=["svg", "nothing", "other field", "text", "json", "over 5 MB", "7 MB"],
)
async def test_what_is_no_picture_is_refused_and_nothing_is_kept(
    admin: Caller, sent: dict[str, Any], code: str
) -> None:
    answer = await admin.send("POST /api/admin/upload", **sent)

    assert (answer.status_code, answer.json()["code"]) == (413 if code == "too_large" else 400, code)
    admin.hold_against_description("POST /api/admin/upload", answer)
    assert await rows(NOTHING_KEPT) == [(0, 0)]


async def test_file_that_is_none_of_the_pictures_is_named_so(admin: Caller) -> None:
    error = await admin.refuses("POST /api/admin/upload", "not_a_picture", files={"file": ("x.gif", b"GIF89a")})

    assert error["error"] == "Choose a JPEG, PNG, WebP or AVIF picture."


async def test_picture_service_out_of_reach_is_said_and_can_be_tried_again(
    admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_URL", "http://127.0.0.1:9/sandbox")
    get_settings.cache_clear()

    await admin.refuses(
        "POST /api/admin/upload", "provider_unavailable", files={"file": ("a.png", make_picture("PNG"))}
    )

    monkeypatch.undo()
    get_settings.cache_clear()
    assert await rows(NOTHING_KEPT) == [(0, 0)]


@pytest.mark.usefixtures("shop_uses_sandbox", "mugs")
async def test_no_connection_to_the_database_is_held_while_a_file_comes_and_the_pictures_keeper_is_asked(
    admin: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    await close_database()
    monkeypatch.setenv("DB_POOL_MAX", "1")  # whoever holds it cannot ask for another
    get_settings.cache_clear()

    await admin.answers("POST /api/admin/upload", 201, files={"file": ("mug.png", make_picture("PNG"))})
