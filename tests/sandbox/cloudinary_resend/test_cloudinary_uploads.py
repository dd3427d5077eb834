import asyncio
import base64
import hashlib
import io
import re
from typing import Any

import cloudinary.exceptions
import cloudinary.uploader
import cloudinary.utils
import httpx
import pytest

from shophub.errors import InvalidInputError, ProviderError
from shophub.integrations.cloudinary import UploadedImage, destroy_image, upload_image
from shophub.settings import get_settings
from tests.sandbox.cloudinary_resend.conftest import RunningSandbox
from tests.sandbox.cloudinary_resend.pictures import make_picture


async def upload(sandbox: RunningSandbox, data: bytes, **options: Any) -> dict[str, Any]:
    keys = {"cloud_name": "sandbox", "api_key": "sandbox", "api_secret": "sandbox_secret"}
    prefix = f"{sandbox.url}/cloudinary"
    return await asyncio.to_thread(
        cloudinary.uploader.upload, io.BytesIO(data), **{**keys, "upload_prefix": prefix, **options}
    )


async def test_upload_answers_with_the_services_fields(sandbox):
    data = make_picture()

    answer = await upload(
        sandbox, data, public_id="cup", folder="shop", tags=["a", "b"], context={"alt": "A cup | saucer"}
    )

    assert {name: answer[name] for name in ("public_id", "width", "height", "format", "resource_type", "type")} == {
        "public_id": "shop/cup",
        "width": 120,
        "height": 150,
        "format": "jpg",
        "resource_type": "image",
        "type": "upload",
    }
    assert answer["bytes"] == len(data)
    assert answer["etag"] == hashlib.md5(data, usedforsecurity=False).hexdigest()
    assert answer["tags"] == ["a", "b"]
    assert answer["context"] == {"custom": {"alt": "A cup | saucer"}}
    assert answer["url"].endswith(f"/sandbox/cloudinary/sandbox/image/upload/v{answer['version']}/shop/cup.jpg")
    signed = f"public_id=shop/cup&version={answer['version']}sandbox_secret"
    assert answer["signature"] == hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest()
    assert re.fullmatch(r"[0-9a-f]{32}", answer["asset_id"])
    assert re.fullmatch(r"[0-9a-f]{32}", answer["request_id"])


async def test_upload_without_public_id_gets_a_random_one(sandbox):
    first, second = await upload(sandbox, make_picture()), await upload(sandbox, make_picture())

    assert re.fullmatch(r"[a-z0-9]{20}", first["public_id"])
    assert first["public_id"] != second["public_id"]


@pytest.mark.parametrize(("form", "name"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("AVIF", "avif")])
async def test_upload_takes_the_four_formats_whatever_the_file_is_called(sandbox, form, name):
    answer = await upload(sandbox, make_picture(form), public_id=f"as-{name}", filename="fake.gif")

    assert (answer["format"], answer["original_filename"]) == (name, "fake")


@pytest.mark.parametrize(
    "data",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"GIF89a" + bytes(40), make_picture("GIF")],
    ids=["svg", "html", "broken-gif", "gif"],
)
async def test_upload_of_anything_else_is_refused_though_named_a_jpeg(sandbox, data):
    with pytest.raises(cloudinary.exceptions.BadRequest, match=r"^Invalid image file$"):
        await upload(sandbox, data, public_id="bad", filename="picture.jpg")


async def test_truncated_picture_is_refused(sandbox):
    with pytest.raises(cloudinary.exceptions.BadRequest, match=r"^Invalid image file$"):
        await upload(sandbox, make_picture(size=(600, 600))[:-400], public_id="cut")


async def test_picture_over_five_megabytes_is_refused(sandbox):
    data = make_picture() + bytes(5 * 1024 * 1024)

    with pytest.raises(cloudinary.exceptions.BadRequest, match=rf"Got {len(data)}\. Maximum is 5242880"):
        await upload(sandbox, data, public_id="big")


async def test_body_far_over_the_limit_is_refused_with_the_same_words(sandbox):
    with pytest.raises(cloudinary.exceptions.BadRequest, match=r"File size too large\. Got \d+\. Maximum is 5242880"):
        await upload(sandbox, bytes(12 * 1024 * 1024), public_id="huge")


async def test_small_file_with_too_many_pixels_is_refused(sandbox):
    with pytest.raises(cloudinary.exceptions.BadRequest, match="Maximum is 25000000"):
        await upload(sandbox, make_picture("PNG", size=(6000, 6000)), public_id="bomb")


async def test_data_uri_is_taken_and_an_address_is_not_fetched(sandbox, http):
    uri = "data:image/png;base64," + base64.b64encode(make_picture("PNG")).decode()
    keys = {"cloud_name": "sandbox", "api_key": "sandbox", "api_secret": "sandbox_secret"}
    prefix = f"{sandbox.url}/cloudinary"

    taken = await asyncio.to_thread(cloudinary.uploader.upload, uri, upload_prefix=prefix, public_id="inline", **keys)
    with pytest.raises(cloudinary.exceptions.BadRequest, match="Unsupported source URL"):
        await asyncio.to_thread(
            cloudinary.uploader.upload, f"{sandbox.url}/mail", upload_prefix=prefix, public_id="remote", **keys
        )

    assert taken["format"] == "png"
    assert (await http.get("/cloudinary/sandbox/image/upload/remote")).status_code == 404


async def test_wrong_secret_key_or_cloud_gets_401_and_stores_nothing(sandbox, http):
    for wrong, message in (
        ({"api_secret": "other"}, "Invalid Signature"),
        ({"api_key": "other"}, "Unknown API key"),
        ({"cloud_name": "other"}, "Invalid cloud_name"),
    ):
        with pytest.raises(cloudinary.exceptions.AuthorizationRequired, match=message):
            await upload(sandbox, make_picture(), public_id="secret", **wrong)

    assert (await http.get("/cloudinary/sandbox/image/upload/secret")).status_code == 404


async def test_stale_timestamp_is_refused(sandbox, http):
    text = "public_id=old&timestamp=1500000000"
    body = {
        "public_id": "old",
        "timestamp": "1500000000",
        "api_key": "sandbox",
        "signature": hashlib.sha1(f"{text}sandbox_secret".encode(), usedforsecurity=False).hexdigest(),
    }

    answer = await http.post("/cloudinary/v1_1/sandbox/image/destroy", data=body)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"].startswith("Stale request")


async def test_parameters_cannot_be_smuggled_into_a_signed_value(sandbox, http):
    """One signed value that contains ``&`` must not pass as two parameters."""
    signed = await _signed_form({"public_id": "a&tags=b"})
    smuggled = {**signed, "public_id": "a", "tags": "b"}

    answer = await http.post("/cloudinary/v1_1/sandbox/image/destroy", data=smuggled)

    assert answer.status_code == 401


async def test_unsigned_call_has_the_services_error_shape(http):
    answer = await http.post("/cloudinary/v1_1/sandbox/image/upload", data={"api_key": "sandbox"})

    assert answer.status_code == 400
    assert answer.json() == {"error": {"message": "Missing required parameter - signature"}}
    assert answer.headers["x-cld-error"] == "Missing required parameter - signature"


@pytest.mark.parametrize("public_id", ["../up", "a//b", "a/../b", "/a", "a\\b", "a?b", "x" * 256, "a/."])
async def test_public_ids_that_are_no_names_are_refused(sandbox, public_id):
    with pytest.raises(cloudinary.exceptions.BadRequest, match="public_id"):
        await upload(sandbox, make_picture(), public_id=public_id)


async def test_overwrite_replaces_and_overwrite_false_keeps(sandbox):
    first = await upload(sandbox, make_picture(), public_id="twice")
    second = await upload(sandbox, make_picture(size=(50, 50)), public_id="twice")
    third = await upload(sandbox, make_picture(size=(70, 70)), public_id="twice", overwrite=False)

    assert (second["width"], second["overwritten"], second["asset_id"]) == (50, True, first["asset_id"])
    assert (third["width"], third["existing"]) == (50, True)


async def test_destroy_says_ok_once_and_not_found_after(sandbox, http):
    await upload(sandbox, make_picture(), public_id="gone")
    keys = {"cloud_name": "sandbox", "api_key": "sandbox", "api_secret": "sandbox_secret"}
    prefix = f"{sandbox.url}/cloudinary"

    answers = [
        await asyncio.to_thread(cloudinary.uploader.destroy, "gone", upload_prefix=prefix, **keys) for _ in range(2)
    ]

    assert [answer["result"] for answer in answers] == ["ok", "not found"]
    assert (await http.get("/cloudinary/sandbox/image/upload/w_10/gone.jpg")).status_code == 404


async def test_integration_uploads_and_destroys(shop_uses_sandbox, http):
    data = make_picture("WEBP", size=(40, 50))

    uploaded = await upload_image(data, public_id="shop/lamp")
    shown = await http.get("/cloudinary/sandbox/image/upload/shop/lamp")
    await destroy_image("shop/lamp")
    await destroy_image("shop/lamp")

    assert uploaded == UploadedImage("shop/lamp", width=40, height=50, format="webp", bytes=len(data))
    assert (shown.content, shown.headers["content-type"]) == (data, "image/webp")
    assert (await http.get("/cloudinary/sandbox/image/upload/shop/lamp")).status_code == 404


async def test_integration_translates_refusals(shop_uses_sandbox, http: httpx.AsyncClient):
    with pytest.raises(InvalidInputError, match="cannot be used as a picture"):
        await upload_image(b"no picture", public_id="bad")

    for status, retryable in ((500, True), (503, True), (420, True), (401, False), (403, False)):
        await http.post("/cloudinary/_test/fail", json={"count": 1, "status": status})
        with pytest.raises(ProviderError) as caught:
            await upload_image(make_picture(), public_id="failing")
        assert caught.value.retryable is retryable
        assert "secret" not in str(caught.value)
    assert (await http.get("/cloudinary/sandbox/image/upload/failing")).status_code == 404


async def test_integration_says_retry_when_nothing_listens(shop_uses_sandbox, monkeypatch):
    monkeypatch.setenv("SANDBOX_URL", "http://127.0.0.1:9/sandbox")
    get_settings.cache_clear()

    with pytest.raises(ProviderError) as caught:
        await destroy_image("any")
    assert caught.value.retryable is True


async def _signed_form(params: dict[str, str]) -> dict[str, str]:
    signed: dict[str, str] = cloudinary.utils.sign_request(
        {"timestamp": str(cloudinary.utils.now()), **params}, {"api_key": "sandbox", "api_secret": "sandbox_secret"}
    )
    return signed
