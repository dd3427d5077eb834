"""What rules look at and what they report."""

import ast
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class SourceFile:
    """One parsed file."""

    path: PurePosixPath
    text: str
    tree: ast.Module

    def is_below(self, *folders: str) -> bool:
        """Return whether the file is one of ``folders`` or lies in it."""
        return any(self.path.is_relative_to(folder) for folder in folders)


@dataclass(frozen=True)
class Breach:
    """A broken rule: where, which, and what to do instead."""

    path: PurePosixPath
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        """Write it as editors understand it."""
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"
