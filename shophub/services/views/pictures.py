"""How pictures are shown: cut to a shape, in several widths, with a colour behind them while they load."""

from shophub.integrations.cloudinary import image_srcset, image_url
from shophub.schemas.catalog import ImageView


def picture(
    public_id: str | None,
    alt: str,
    colour: str,
    *,
    widths: tuple[int, ...],
    width: int,
    aspect: tuple[int, int] = (4, 5),
) -> ImageView:
    """Return a picture cut to ``aspect`` (``width`` pixels where the browser does not choose), or its empty frame."""
    height = width * aspect[1] // aspect[0]
    if public_id is None:
        return ImageView(alt=alt, width=width, height=height, colour=colour)
    return ImageView(
        url=image_url(public_id, width=width, height=height),
        srcset=image_srcset(public_id, widths, aspect),
        alt=alt,
        width=width,
        height=height,
        colour=colour,
    )
