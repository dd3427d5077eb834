"""Pictures for tests, made on the spot."""

import io

from PIL import Image


def make_picture(
    form: str = "JPEG", size: tuple[int, int] = (120, 150), colour: str | tuple[int, ...] = "teal", mode: str = "RGB"
) -> bytes:
    """Return a picture of one colour with a white left half, encoded as Pillow's ``form``."""
    image = Image.new(mode, size, colour)
    image.paste("white", (0, 0, size[0] // 2, size[1]))
    buffer = io.BytesIO()
    image.save(buffer, form)
    return buffer.getvalue()


def read_picture(data: bytes) -> Image.Image:
    """Return the decoded picture; its ``format`` says what it was."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
