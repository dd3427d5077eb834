"""What the frame of the back office shows."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


@dataclass(frozen=True)
class SectionView:
    """A part of the back office in the sidebar, or what the palette offers; ``words`` are other names for it."""

    label: str = ""
    path: str = ""
    icon: str = ""
    group: str = ""
    words: str = ""


@dataclass(frozen=True)
class PaletteHit:
    """Something that the palette leads to."""

    label: str
    hint: str
    url: str


@dataclass(frozen=True)
class PaletteGroup:
    """What was found of one kind; ``icon`` stands before each."""

    name: str
    icon: str
    hits: tuple[PaletteHit, ...]


class PaletteOut(BaseModel):
    """An answer for the palette, for the words that it was asked about."""

    model_config = ConfigDict(from_attributes=True)

    q: str
    groups: tuple[PaletteGroup, ...]
