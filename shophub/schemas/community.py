"""What customers say and wish for: what forms send, and what pages show."""

from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, EmailStr, Field

from shophub.lib.plain_text import PlainText
from shophub.schemas.catalog import CardView, HistogramBar, ReviewView
from shophub.schemas.texts import TextForm

MAX_COMMENT = 2_000
STAR_WORDS = ("Poor", "Fair", "Good", "Very good", "Excellent")


class ReviewForm(BaseModel):
    """A review as its author writes it."""

    model_config = ConfigDict(str_strip_whitespace=True)

    rating: int = Field(ge=1, le=5)
    comment: PlainText = Field("", max_length=MAX_COMMENT)


class StockAlertForm(TextForm):
    """Where to write when something is back."""

    model_config = ConfigDict(str_strip_whitespace=True)

    email: EmailStr = Field(max_length=254)


class ReviewSort(StrEnum):
    """In which order reviews are read."""

    NEWEST = "newest"
    HELPFUL = "helpful"
    HIGHEST = "highest"
    LOWEST = "lowest"


@dataclass(frozen=True)
class ReviewQuery:
    """Which reviews of a product: those of ``stars`` (0: all), in an order, the first ``pages`` pages."""

    stars: int = 0
    sort: ReviewSort = ReviewSort.NEWEST
    pages: int = 1


class WritingState(StrEnum):
    """Whether the visitor can review the product, or why not."""

    SIGN_IN = "sign_in"
    NOT_RECEIVED = "not_received"
    CAN_WRITE = "can_write"
    WRITTEN = "written"


@dataclass(frozen=True)
class OwnReviewView:
    """The visitor's own review; ``hidden_reason`` says why nobody else sees it."""

    id: str = ""
    rating: int = 0
    comment: str = ""
    is_hidden: bool = False
    hidden_reason: str = ""
    helpful: int = 0
    created_text: str = ""
    created_iso: str = ""
    is_edited: bool = False


@dataclass(frozen=True)
class ReviewsView:
    """A product's reviews as one visitor sees them; ``items`` leaves their own out."""

    is_on: bool = True
    count: int = 0
    rating_text: str = ""
    stars: int = 0
    histogram: tuple[HistogramBar, ...] = ()
    items: tuple[ReviewView, ...] = ()
    own: OwnReviewView = field(default_factory=OwnReviewView)
    writing: str = WritingState.SIGN_IN.value
    chosen_stars: int = 0
    sort: str = ReviewSort.NEWEST.value
    shown_text: str = ""
    more: int = 0


@dataclass(frozen=True)
class WishView:
    """A product on a wishlist. ``variant_id`` is empty where options have to be chosen or nothing is left."""

    card: CardView = field(default_factory=CardView)
    drop_text: str = ""
    variant_id: str = ""
    needs_choice: bool = False


@dataclass(frozen=True)
class WishlistView:
    """A page of a wishlist, the newest wishes first. ``share_url`` is empty while it is not shared."""

    owner: str = ""
    items: tuple[WishView, ...] = ()
    total: int = 0
    shown_text: str = ""
    more: int = 0
    share_url: str = ""
