"""Rules of this project that no general linter knows. Each finds breaches in one parsed file."""

import ast
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from tools.rules import environment, money, secrets, sizes, states
from tools.rules.breach import Breach, SourceFile

__all__ = ["RULES", "Breach", "SourceFile", "check_source"]

Rule = Callable[[SourceFile], Iterator[Breach]]
RULES: tuple[Rule, ...] = (
    sizes.check,
    states.check_handlers,
    states.check_variables,
    money.check,
    environment.check,
    secrets.check,
)


def check_source(path: str, text: str) -> list[Breach]:
    """Return every breach in one file; ``path`` is relative to the project."""
    source = SourceFile(PurePosixPath(path), text, ast.parse(text, path))
    return sorted((breach for rule in RULES for breach in rule(source)), key=lambda breach: breach.line)
