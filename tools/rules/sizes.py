"""Files, State classes and functions stay small enough to be read in one go."""

import ast
from collections.abc import Iterator

from tools.rules.breach import Breach, SourceFile
from tools.rules.states import is_state

MAX_FILE_LINES = 500
MAX_STATE_LINES = 150
MAX_FUNCTION_LINES = 50
# Written by a generator, read once.
EXEMPT = ("alembic/versions",)


def check(source: SourceFile) -> Iterator[Breach]:
    """Find what is too long. A function's docstring does not count: explaining is not penalised."""
    if source.is_below(*EXEMPT):
        return
    lines = len(source.text.splitlines())
    if lines > MAX_FILE_LINES:
        yield Breach(source.path, 1, "file-size", f"{lines} lines, at most {MAX_FILE_LINES}: split it by use case")
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and is_state(node):
            length = _length(node)
            if length > MAX_STATE_LINES:
                yield Breach(
                    source.path, node.lineno, "state-size",
                    f"{node.name} has {length} lines, at most {MAX_STATE_LINES}: one State per page or widget",
                )  # fmt: skip
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = _length(node) - _docstring_length(node)
            if length > MAX_FUNCTION_LINES:
                yield Breach(
                    source.path, node.lineno, "function-size",
                    f"{node.name}() has {length} lines, at most {MAX_FUNCTION_LINES}",
                )  # fmt: skip


def _length(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _docstring_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if ast.get_docstring(node) is None:
        return 0
    docstring = node.body[0]
    return (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
