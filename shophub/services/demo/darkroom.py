"""Composed pictures, kept on disk: composing all of them takes a minute of a busy machine, reading them none."""

import contextlib
import hashlib
import inspect
import os
import secrets
from functools import lru_cache
from pathlib import Path

import PIL

from shophub.services.demo import drawn, pictures, recipes, studio, subjects
from shophub.services.demo.recipes import PictureRecipe


def developed(recipe: PictureRecipe, npm_dir: Path, kept_in: Path) -> bytes:
    """Return the recipe's picture: the one in ``kept_in``, or composed now and kept there where that can be written.

    A change of the recipe, of the code that composes, or of Pillow gives another file name.

    Raises:
        MissingPictureSourceError: The npm package with the subjects is not in ``npm_dir``.
    """
    name = hashlib.sha256(f"{_maker()} {recipe!r}".encode()).hexdigest()
    path = kept_in / f"{name}.jpg"
    with contextlib.suppress(OSError):
        return path.read_bytes()
    data = pictures.compose(recipe, npm_dir)
    draft = kept_in / f"{name}.{os.getpid()}.{secrets.token_hex(4)}"
    with contextlib.suppress(OSError):  # a read-only folder: it is composed again next time
        kept_in.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(data)
        draft.replace(path)
    return data


@lru_cache(maxsize=1)
def _maker() -> str:
    """Return a digest of all that makes a picture what it is, apart from its recipe."""
    digest = hashlib.sha256(PIL.__version__.encode())
    for module in (drawn, pictures, recipes, studio, subjects):
        digest.update(inspect.getsource(module).encode())
    return digest.hexdigest()
