import asyncio
import io
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from PIL import Image

from shophub.integrations.cloudinary import image_srcset, image_url, upload_image
from shophub.sandbox.cloudinary.errors import CloudinaryError
from shophub.sandbox.cloudinary.transformation import Step, parse_delivery_path
from shophub.settings import get_settings
from tests.sandbox.cloudinary_resend.pictures import make_picture, read_picture

BASE = "/cloudinary/sandbox/image/upload"


@pytest_asyncio.fixture
async def lamp(shop_uses_sandbox) -> str:
    """A picture of 400 × 500."""
    await upload_image(make_picture(size=(400, 500)), public_id="shop/lamp")
    return "shop/lamp"


async def test_card_is_cut_to_shape_and_encoded_by_accept(http: httpx.AsyncClient, lamp):
    url = image_url(lamp, width=160, height=160).removeprefix("/sandbox")

    for accept, kind in (
        ("image/avif,image/webp,*/*;q=0.8", "AVIF"),
        ("image/webp,*/*", "WEBP"),
        ("image/avif;q=0,image/webp", "WEBP"),
        ("*/*", "JPEG"),
    ):
        answer = await http.get(url, headers={"accept": accept})
        picture = read_picture(answer.content)
        assert (answer.status_code, picture.format, picture.size) == (200, kind, (160, 160))
        assert answer.headers["content-type"] == f"image/{kind.lower()}"
        assert answer.headers["vary"] == "Accept"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_etag_is_strong_differs_by_format_and_answers_304(http: httpx.AsyncClient, lamp):
    url = f"{BASE}/w_80,f_auto/{lamp}"
    first = await http.get(url, headers={"accept": "image/webp"})
    other = await http.get(url, headers={"accept": "image/avif"})
    again = await http.get(url, headers={"accept": "image/webp", "if-none-match": first.headers["etag"]})

    assert first.headers["etag"].startswith('"')
    assert first.headers["etag"] != other.headers["etag"]
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_fixed_format_does_not_vary(http: httpx.AsyncClient, lamp):
    by_parameter = await http.get(f"{BASE}/w_80,f_webp/{lamp}.jpg", headers={"accept": "image/avif"})
    by_suffix = await http.get(f"{BASE}/w_80/{lamp}.png")

    assert (by_parameter.headers["content-type"], "vary" in by_parameter.headers) == ("image/webp", False)
    assert by_suffix.headers["content-type"] == "image/png"


async def test_transparency_survives_auto_and_is_flattened_for_jpeg(http: httpx.AsyncClient, shop_uses_sandbox):
    clear = make_picture("PNG", colour=(0, 0, 0, 0), mode="RGBA")
    await upload_image(clear, public_id="clear")

    auto = read_picture((await http.get(f"{BASE}/w_60,f_auto/clear")).content)
    flat = read_picture((await http.get(f"{BASE}/w_60/clear.jpg")).content)

    assert (auto.format, auto.getpixel((50, 10))[3]) == ("PNG", 0)
    assert flat.getpixel((50, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("transformation", "size"),
    [
        ("w_100", (100, 125)),
        ("h_100", (80, 100)),
        ("w_100,h_100,c_fill", (100, 100)),
        ("w_100,h_100,c_thumb,g_north", (100, 100)),
        ("w_100,h_100,c_fit", (80, 100)),
        ("w_900,h_900,c_limit", (400, 500)),
        ("w_900,c_limit", (400, 500)),
        ("w_800,h_1000,c_fill", (800, 1000)),
        ("w_900,h_900,c_lfill", (400, 400)),
        ("w_100,h_100,c_pad,b_rgb:336699", (100, 100)),
        ("w_100,ar_1:1,c_fill", (100, 100)),
        ("w_50,h_60,c_fill,dpr_2.0", (100, 120)),
        ("w_300,h_300,c_crop,g_south_east", (300, 300)),
        ("w_200,h_200,c_fill/w_50", (50, 50)),
        ("w_100,q_auto:eco", (100, 125)),
    ],
)
async def test_resizing(http: httpx.AsyncClient, lamp, transformation, size):
    answer = await http.get(f"{BASE}/{transformation}/v1/{lamp}.png")

    assert read_picture(answer.content).size == size


async def test_gravity_and_padding_show_the_right_part(http: httpx.AsyncClient, lamp):
    west = read_picture((await http.get(f"{BASE}/w_50,h_250,c_fill,g_west/{lamp}.png")).content)
    east = read_picture((await http.get(f"{BASE}/w_50,h_250,c_fill,g_east/{lamp}.png")).content)
    padded = read_picture((await http.get(f"{BASE}/w_100,h_50,c_pad,b_336699/{lamp}.png")).content)

    assert west.convert("RGB").getpixel((25, 100)) == (255, 255, 255)
    assert east.convert("RGB").getpixel((25, 100)) != (255, 255, 255)
    assert padded.getpixel((2, 25)) == (0x33, 0x66, 0x99)


async def test_lower_quality_is_smaller(http: httpx.AsyncClient, lamp):
    sizes = [len((await http.get(f"{BASE}/w_300,q_{quality}/{lamp}.jpg")).content) for quality in (90, 10)]

    assert sizes[1] < sizes[0]


@pytest.mark.parametrize(
    "transformation",
    [
        "w_100000",
        "w_3000,dpr_2",
        "h_0",
        "w_abc",
        "w_-5",
        "w_1.5",
        "w_100,w_200",
        "c_melt,w_5",
        "f_svg",
        "q_0",
        "q_101",
        "q_auto:super",
        "dpr_9",
        "g_moon,w_5,h_5,c_fill",
        "b_nocolour,w_5,h_5,c_pad",
        "e_sepia",
        "l_text:hello",
        "w_1/w_2/w_3/w_4",
    ],
)
async def test_bad_transformation_is_400_with_its_reason(http: httpx.AsyncClient, lamp, transformation):
    answer = await http.get(f"{BASE}/{transformation}/v1/{lamp}.jpg")

    assert (answer.status_code, answer.content) == (400, b"")
    assert len(answer.headers["x-cld-error"]) > 10
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "..%2F..%2F..%2Fetc%2Fpasswd",
        "%2e%2e/%2e%2e/secrets.json",
        "v1/..%5C..%5Cwin.ini",
        "a%00b",
        "v1//etc/passwd",
        "w_10/" + "x" * 300,
    ],
)
async def test_paths_never_leave_the_store(http: httpx.AsyncClient, lamp, path):
    answer = await http.get(f"{BASE}/{path}")

    assert answer.status_code in {400, 404}
    assert answer.content in {b"", b"Not Found"}


async def test_unknown_picture_is_404_with_its_name(http: httpx.AsyncClient, sandbox):
    answer = await http.get(f"{BASE}/w_10/v1/no/such\u00e9.jpg")

    assert (answer.status_code, answer.headers["x-cld-error"]) == (404, "Resource not found - no/such?")


async def test_replaced_picture_is_rendered_anew(http: httpx.AsyncClient, shop_uses_sandbox):
    await upload_image(make_picture("PNG", colour="red"), public_id="changing")
    before = await http.get(f"{BASE}/w_20/changing.png")
    await upload_image(make_picture("PNG", colour="blue"), public_id="changing")
    after = await http.get(f"{BASE}/w_20/changing.png")

    assert before.headers["etag"] != after.headers["etag"]
    assert read_picture(after.content).convert("RGB").getpixel((18, 10)) == (0, 0, 255)


async def test_many_requests_for_one_picture_render_it_once(http: httpx.AsyncClient, sandbox, lamp):
    folder = Path(sandbox.config.data_dir) / "cloudinary" / "cache"
    before = set(folder.glob("*/*"))

    answers = await asyncio.gather(*(http.get(f"{BASE}/w_333,f_webp/{lamp}") for _ in range(12)))

    assert {answer.content for answer in answers} == {answers[0].content}
    assert len(set(folder.glob("*/*")) - before) == 1


async def test_rotated_photograph_is_shown_upright(http: httpx.AsyncClient, shop_uses_sandbox):
    image = Image.new("RGB", (100, 60), "white")
    exif = image.getexif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)

    uploaded = await upload_image(buffer.getvalue(), public_id="rotated")

    assert (uploaded.width, uploaded.height) == (60, 100)
    assert read_picture((await http.get(f"{BASE}/w_30/rotated.jpg")).content).size == (30, 50)


def test_addresses_are_read_as_the_service_reads_them():
    plain = parse_delivery_path("shop/lamp.jpg")
    versioned = parse_delivery_path("c_fill,h_5,w_4/v12/w_1/lamp")
    signed = parse_delivery_path("s--abcd1234--/w_4/lamp.webp")
    dotted = parse_delivery_path("v1/lamp.1.2")

    assert (plain.public_id, plain.transformation.steps, plain.transformation.format) == ("shop/lamp", (), "jpg")
    assert versioned.public_id == "w_1/lamp"
    assert versioned.transformation.steps == (Step(4, 5, "fill"),)
    assert (signed.public_id, signed.transformation.format) == ("lamp", "webp")
    assert dotted.public_id == "lamp.1.2"
    with pytest.raises(CloudinaryError):
        parse_delivery_path("v1/")


def test_addresses_of_the_sandbox_are_paths_and_of_the_service_absolute(monkeypatch):
    get_settings.cache_clear()
    local = image_url("shop/lamp", width=480, height=600)
    srcset = image_srcset("shop/lamp", (160, 320))
    monkeypatch.setenv("CLOUDINARY_CLOUD_NAME", "acme")
    get_settings.cache_clear()
    real = image_url("shop/lamp", width=480, height=600, fmt="webp")
    monkeypatch.undo()
    get_settings.cache_clear()

    path = "sandbox/image/upload/c_fill,f_auto,h_{},q_auto,w_{}/v1/shop/lamp"
    assert local == "/sandbox/cloudinary/" + path.format(600, 480)
    assert srcset == (
        f"/sandbox/cloudinary/{path.format(200, 160)} 160w, /sandbox/cloudinary/{path.format(400, 320)} 320w"
    )
    assert real == "https://res.cloudinary.com/acme/image/upload/c_fill,f_webp,h_600,q_auto,w_480/v1/shop/lamp"
