"""A product as an admin works on it: what the editor shows, and what it sends back."""

import re
from dataclasses import dataclass, field
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shophub.lib.plain_text import PlainText

MAX_NAME = 200
MAX_DESCRIPTION = 20_000
MAX_OPTIONS = 3
MAX_VALUES = 50
MAX_VARIANTS = 250
MAX_PICTURES = 30
MAX_TAGS = 30
MAX_STOCK = 1_000_000_000
MAX_ALT = 300
PICTURE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]{0,199}")


@dataclass(frozen=True)
class ChoiceView:
    """A category that can be chosen; the label names its parents."""

    value: str = ""
    label: str = ""


@dataclass(frozen=True)
class PictureEdit:
    """A picture. ``url`` is a small one, for the editor."""

    public_id: str = ""
    url: str = ""
    alt: str = ""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class OptionEdit:
    """An option; ``choices`` in the merchant's order."""

    name: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class VariantEdit:
    """What is sold. Prices as they are typed; ``is_ordered``: it stands in an order, so it stays."""

    id: str = ""
    version: int = 0
    choices: tuple[str, ...] = ()
    sku: str = ""
    price: str = ""
    compare_at: str = ""
    stock: int = 0
    reserved: int = 0
    picture: str = ""
    is_ordered: bool = False


@dataclass(frozen=True)
class EditorView:
    """A product in the editor; ``version`` 0: it is not saved yet."""

    id: str = ""
    version: int = 0
    name: str = ""
    slug: str = ""
    description: str = ""
    category_id: str = ""
    brand: str = ""
    tags: tuple[str, ...] = ()
    status: str = "draft"
    pictures: tuple[PictureEdit, ...] = ()
    options: tuple[OptionEdit, ...] = ()
    variants: tuple[VariantEdit, ...] = ()
    created_text: str = ""
    updated_text: str = ""


@dataclass(frozen=True)
class EditorSurroundings:
    """What the editor offers around the product."""

    categories: tuple[ChoiceView, ...] = ()
    brands: tuple[str, ...] = ()
    currency: str = "USD"
    decimals: int = 2
    store_name: str = ""
    address: str = ""


@dataclass(frozen=True)
class EditorOutcome:
    """What became of a save. ``errors`` maps a place in the form to a sentence."""

    kind: str = ""  # saved, invalid, changed, failed, kept (it cannot be deleted), deleted
    message: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    changed_by: str = ""


@dataclass(frozen=True)
class EditorPreview:
    """A description as the shop shows it; ``source`` is what it was made of."""

    source: str = ""
    html: str = ""


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, strict=True)


Short = Annotated[PlainText, StringConstraints(max_length=80)]
Tag = Annotated[PlainText, StringConstraints(max_length=40)]


class PictureForm(_Form):
    """A picture as it stands in the form."""

    public_id: Annotated[str, StringConstraints(pattern=f"^{PICTURE.pattern}$")]
    alt: Annotated[PlainText, StringConstraints(max_length=MAX_ALT)] = ""
    width: Annotated[int, Field(ge=1, le=20_000)] = 1_200
    height: Annotated[int, Field(ge=1, le=20_000)] = 1_500


class OptionForm(_Form):
    """An option as it stands in the form."""

    name: Short = ""
    choices: Annotated[list[Short], Field(max_length=MAX_VALUES)] = Field(default_factory=list)


class VariantForm(_Form):
    """A row of the grid. ``stock_was`` is what the stock was when it was read; equal to ``stock``: leave it alone."""

    id: Annotated[UUID, Field(strict=False)] | Literal[""] = ""
    version: int = 0
    choices: Annotated[list[Short], Field(max_length=MAX_OPTIONS)] = Field(default_factory=list)
    sku: Annotated[PlainText, StringConstraints(max_length=64)] = ""
    price: Annotated[str, StringConstraints(max_length=20)] = ""
    compare_at: Annotated[str, StringConstraints(max_length=20)] = ""
    stock: Annotated[int, Field(ge=-MAX_STOCK, le=MAX_STOCK)] = 0
    stock_was: Annotated[int, Field(ge=0, le=MAX_STOCK)] = 0
    picture: Annotated[str, StringConstraints(max_length=200)] = ""


class ProductForm(_Form):
    """The whole editor as it was sent. ``force`` saves over what somebody else changed meanwhile."""

    id: Annotated[UUID, Field(strict=False)]
    version: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    force: bool = False
    name: Annotated[PlainText, StringConstraints(max_length=1_000)] = ""
    slug: Annotated[str, StringConstraints(max_length=300)] = ""
    description: Annotated[str, StringConstraints(max_length=MAX_DESCRIPTION)] = ""
    category_id: Annotated[UUID, Field(strict=False)] | Literal[""] = ""
    brand: Short = ""
    tags: Annotated[list[Tag], Field(max_length=MAX_TAGS)] = Field(default_factory=list)
    status: Literal["draft", "active", "archived"] = "draft"
    pictures: Annotated[list[PictureForm], Field(max_length=MAX_PICTURES)] = Field(default_factory=list)
    options: Annotated[list[OptionForm], Field(max_length=MAX_OPTIONS)] = Field(default_factory=list)
    variants: Annotated[list[VariantForm], Field(max_length=MAX_VARIANTS)] = Field(default_factory=list)
