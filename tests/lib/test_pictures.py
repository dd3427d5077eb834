"""Pictures are what their content says, and come out with nothing but their pixels."""

import io
import random
import zlib

import pytest
from PIL import Image

from shophub.lib.pictures import FORMATS, MAX_BYTES, MAX_EDGE, NotAPictureError, redrawn
from tests.sandbox.cloudinary_resend.pictures import make_picture

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_comes_out_as_the_same_picture(form: str):
    image = opened(redrawn(make_picture(form, (120, 150), "teal")))

    assert (image.format, image.size) == ("JPEG", (120, 150))
    left, right = image.getpixel((10, 75)), image.getpixel((110, 75))
    assert min(left) > 240
    assert all(abs(channel - wanted) < 12 for channel, wanted in zip(right, (0, 128, 128), strict=True))


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF"])
def test_what_shines_through_still_does(form: str):
    image = opened(redrawn(make_picture(form, colour=(0, 128, 128, 0), mode="RGBA")))

    assert (image.format, image.mode) == ("WEBP", "RGBA")
    assert image.getpixel((110, 75))[3] == 0


@pytest.mark.parametrize("name", ["GIF", "BMP", "TIFF", "ICO", "PPM"])
def test_formats_that_nobody_asked_for_are_refused(name: str):
    with pytest.raises(NotAPictureError, match="JPEG, PNG, WebP or AVIF"):
        redrawn(make_picture(name))


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00" * 5_000, SVG, HTML, b"%PDF-1.7\n", b"GIF89a" + HTML, b"\x89PNG\r\n\x1a\n" + HTML,
     b"\xff\xd8\xff\xe0" + HTML, b"RIFF\x00\x00\x00\x00WEBPVP8 " + HTML, b"%!PS-Adobe-3.0\n(x) show"],
)  # fmt: skip
def test_what_only_calls_itself_a_picture_is_refused(data: bytes):
    with pytest.raises(NotAPictureError):
        redrawn(data)


@pytest.mark.parametrize("form", FORMATS)
def test_broken_pictures_are_refused_or_drawn_and_nothing_else(form: str):
    whole = make_picture(form)
    chance = random.Random(33)
    outcomes = set()
    for _ in range(60):
        broken = bytearray(whole[: chance.randrange(8, len(whole))] if chance.random() < 0.5 else whole)
        for _ in range(chance.randrange(1, 6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            outcomes.add(opened(redrawn(bytes(broken))).format)
        except NotAPictureError:
            outcomes.add(None)

    assert outcomes <= {"JPEG", "WEBP", None}
    assert None in outcomes


def test_nothing_but_the_pixels_is_passed_on():
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "<script>alert('description')</script>"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # where it was taken
    Image.new("RGB", (60, 40), "teal").save(target, "JPEG", exif=exif, comment=b"<script>alert('comment')</script>")
    data = target.getvalue() + b"<script>alert('behind')</script>PK\x03\x04"

    result = redrawn(data)

    assert b"alert" in data
    assert b"alert" not in result
    assert b"PK\x03\x04" not in result
    assert not opened(result).getexif()
    assert opened(result).info.get("comment") is None


def test_picture_that_lies_on_its_side_is_set_upright():
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40), "teal").save(target, "JPEG", exif=exif)

    assert opened(redrawn(target.getvalue())).size == (40, 60)


@pytest.mark.parametrize("size", [(6_000, 5_000), (60_000, 1_000)])
def test_picture_of_too_many_pixels_is_refused_before_it_is_opened(size: tuple[int, int]):
    target = io.BytesIO()
    Image.new("1", size).save(target, "PNG")

    assert len(target.getvalue()) < 100_000
    with pytest.raises(NotAPictureError, match="25 million"):
        redrawn(target.getvalue())


def test_picture_that_claims_to_be_endless_is_refused():
    head = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", bytes.fromhex("0000ffff0000ffff0802000000"))
    bomb = head + _chunk(b"IDAT", zlib.compress(b"\x00" * 100_000)) + _chunk(b"IEND", b"")

    with pytest.raises(NotAPictureError):
        redrawn(bomb)


def _chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


def test_large_picture_is_made_to_fit():
    noise = Image.frombytes("RGB", (3_400, 1_700), random.Random(5).randbytes(3_400 * 1_700 * 3))
    target = io.BytesIO()
    noise.save(target, "JPEG", quality=50)

    result = redrawn(target.getvalue())

    assert len(result) <= MAX_BYTES
    assert max(opened(result).size) == MAX_EDGE
