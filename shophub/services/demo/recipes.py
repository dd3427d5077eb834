"""How a demo picture is staged: what stands where, on which backdrop, in which colour."""

from dataclasses import dataclass
from typing import Literal, get_args

Backdrop = Literal["paper", "oat", "sage", "petrol", "marigold", "clay", "mist", "blush", "ink"]
Shot = Literal["front", "close", "trio", "pair", "angle", "row"]
Tint = Literal["", "petrol", "clay", "sage", "marigold", "ink", "sand", "blush", "plum", "sky", "moss", "white"]

BACKDROPS: tuple[str, ...] = get_args(Backdrop)
SHOTS: tuple[str, ...] = get_args(Shot)
TINTS: tuple[str, ...] = get_args(Tint)

PRODUCT_SIZE = (1200, 1500)


@dataclass(frozen=True)
class PictureRecipe:
    """One picture. The same recipe always gives the same bytes.

    Attributes:
        subject: An emoji's file name in ``@lobehub/fluent-emoji-3d`` without its suffix, or ``draw:<name>``.
        backdrop: The studio's paper.
        shot: ``front`` alone in full, ``close`` cropped by the frame, ``angle`` turned, ``pair``, ``trio`` and ``row``
            several of them.
        tint: Another colour of the same thing; empty for its own.
        size: Width and height in pixels.
        lying: It lies on the paper and is seen from above, as clothes and pens are shown.
        companions: Further subjects around it, two in a tall picture, four in a wide one; ``<subject>@<tint>`` where
            they have another colour.
    """

    subject: str
    backdrop: Backdrop
    shot: Shot = "front"
    tint: Tint = ""
    size: tuple[int, int] = PRODUCT_SIZE
    lying: bool = False
    companions: tuple[str, ...] = ()
