"""Reviews as the staff's page shows them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ReviewLine:
    """A review with what was decided about it."""

    id: str = ""
    product: str = ""
    product_url: str = ""
    author: str = ""
    stars: int = 0
    stars_text: str = ""
    comment: str = ""
    helpful_text: str = ""
    is_hidden: bool = False
    reason: str = ""
    is_checked: bool = False
    standing_text: str = ""
    standing_tone: str = "neutral"
    written_iso: str = ""
    written_text: str = ""
