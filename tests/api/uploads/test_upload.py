"""The upload of pictures: by staff alone, judged by content, and stored under a name of ours."""

import io

import httpx
import pytest
from PIL import Image

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.services import sessions
from tests.factories import make_user
from tests.lib.test_pictures import HTML, SVG
from tests.rows import rows
from tests.sandbox.cloudinary_resend.conftest import RunningSandbox
from tests.sandbox.cloudinary_resend.pictures import make_picture

UPLOAD = "/api/admin/upload"
GPS = 0x8825


async def bearer(role: Role = Role.ADMIN) -> dict[str, str]:
    async with transaction() as session:
        user = await make_user(session, role=role)
        return {"Authorization": f"Bearer {await sessions.start(session, user.id)}"}


@pytest.mark.parametrize(("form", "kind"), [("JPEG", "jpg"), ("PNG", "jpg"), ("WEBP", "jpg"), ("AVIF", "jpg")])
async def test_picture_is_stored_and_can_be_fetched(
    api: httpx.AsyncClient, shop_uses_sandbox: RunningSandbox, http: httpx.AsyncClient, form: str, kind: str
):
    answer = await api.post(UPLOAD, headers=await bearer(), files={"file": ("../../x.exe", make_picture(form))})

    body = answer.json()
    assert answer.status_code == 201
    assert body["publicId"].startswith("shop/")
    assert (body["width"], body["height"]) == (120, 150)
    shown = await http.get(body["url"].removeprefix("/sandbox"))
    assert shown.status_code == 200
    assert shown.headers["content-type"].startswith("image/")
    assert await rows("SELECT action, target_id FROM audit_log") == [("picture.upload", body["publicId"])]


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("photo.png", "image/png", SVG),
        ("photo.jpg", "image/jpeg", HTML),
        ("photo.svg", "image/svg+xml", SVG),
        ("photo.gif", "image/gif", b"GIF89a" + HTML),
        ("photo.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + HTML),
    ],
)
async def test_known_failure_33_file_is_judged_by_its_content(
    api: httpx.AsyncClient, shop_uses_sandbox: RunningSandbox, name: str, kind: str, data: bytes
):
    """Known failure 33: uploads are believed by their declared type; an SVG or HTML file is served from the shop."""
    answer = await api.post(UPLOAD, headers=await bearer(), files={"file": (name, data, kind)})

    assert (answer.status_code, answer.json()["code"]) == (400, "not_a_picture")
    assert await rows("SELECT count(*) FROM audit_log") == [(0,)]


async def test_known_failure_33_what_hides_in_a_picture_is_not_served(
    api: httpx.AsyncClient, shop_uses_sandbox: RunningSandbox, http: httpx.AsyncClient
):
    """Known failure 33: a file that is a picture and a page at once is served back from the shop's own address."""
    answer = await api.post(
        UPLOAD, headers=await bearer(), files={"file": ("x.html", make_picture("JPEG") + HTML, "text/html")}
    )

    body = answer.json()
    original = await http.get(f"/cloudinary/sandbox/image/upload/{body['publicId']}")
    for shown in (original, await http.get(body["url"].removeprefix("/sandbox"))):
        assert shown.status_code == 200
        assert shown.headers["content-type"].startswith("image/")
        assert b"script" not in shown.content


async def test_where_a_picture_was_taken_does_not_reach_cloudinary(
    api: httpx.AsyncClient, shop_uses_sandbox: RunningSandbox, http: httpx.AsyncClient
):
    exif = Image.Exif()
    exif.get_ifd(GPS)[2] = (52.0, 31.0, 12.0)
    taken = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(taken, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(taken.getvalue())).getexif().get_ifd(GPS)

    answer = await api.post(UPLOAD, headers=await bearer(), files={"file": ("photo.jpg", taken.getvalue())})

    stored = await http.get(f"/cloudinary/sandbox/image/upload/{answer.json()['publicId']}")
    assert (answer.status_code, stored.status_code) == (201, 200)
    assert not Image.open(io.BytesIO(stored.content)).getexif()


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.CUSTOMER, 403)])
async def test_nobody_but_staff_may_upload_and_nothing_of_theirs_is_read(
    api: httpx.AsyncClient, shop_uses_sandbox: RunningSandbox, role: Role | None, status: int
):
    headers = await bearer(role) if role else {}
    sent = 0

    async def body() -> object:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b"--b\r\nContent-Disposition: form-data; name=file; filename=x\r\n\r\n" + b"x" * 10_000

    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await api.post(UPLOAD, headers=headers | kind, content=body())

    assert answer.status_code == status
    assert sent <= 1


@pytest.mark.parametrize("size", [5 * 1024 * 1024 + 1, 7 * 1024 * 1024])
async def test_more_than_five_megabytes_are_refused(
    api: httpx.AsyncClient, shop_uses_sandbox: RunningSandbox, size: int
):
    answer = await api.post(
        UPLOAD, headers=await bearer(), files={"file": ("x.jpg", make_picture("JPEG").ljust(size, b"\x00"))}
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"file": "text"}},
        {"files": {"other": ("x.jpg", b"x")}},
        {"files": [("file", ("a", b"x")), ("file", ("b", b"x"))]},
        {"content": b"not a form", "headers": {"Content-Type": "multipart/form-data"}},
        {"content": b"--b\r\nbroken", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
        {"json": {"file": "x"}},
        {},
    ],
)
async def test_anything_but_one_file_is_refused_in_words(
    api: httpx.AsyncClient, shop_uses_sandbox: RunningSandbox, sent: dict[str, object]
):
    headers = {**await bearer(), **dict(sent.pop("headers", {}))}

    answer = await api.post(UPLOAD, headers=headers, **sent)

    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "code", "details"}
