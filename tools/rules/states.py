"""State classes: every public method can be called by any browser, every public variable is sent to it."""

import ast
from collections.abc import Iterator

from tools.rules.breach import Breach, SourceFile

MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict", "Any"}


def is_state(node: ast.ClassDef) -> bool:
    """Return whether a class is a Reflex State, by its bases."""
    return any(_last_name(base).endswith("State") for base in node.bases)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call | ast.Subscript):
        return _last_name(node.func if isinstance(node, ast.Call) else node.value)
    return node.id if isinstance(node, ast.Name) else ""


def check_handlers(source: SourceFile) -> Iterator[Breach]:
    """Find public methods that nobody meant as event handlers. Reflex registers them without being asked."""
    for state in _states(source):
        for method in state.body:
            if (
                isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
                and not method.name.startswith("_")
                and not method.decorator_list
            ):
                yield Breach(
                    source.path, method.lineno, "state-method",
                    f"{state.name}.{method.name} can be called from any browser: decorate it as a handler, or begin "
                    "its name with an underscore",
                )  # fmt: skip


def check_variables(source: SourceFile) -> Iterator[Breach]:
    """Find public variables without a shape: a misspelt key of a dict builds silently."""
    for state in _states(source):
        for statement in state.body:
            if (
                isinstance(statement, ast.AnnAssign)
                and isinstance(statement.target, ast.Name)
                and not statement.target.id.startswith("_")
                and any(_last_name(part) in MAPPINGS for part in _parts(statement.annotation))
            ):
                yield Breach(
                    source.path, statement.lineno, "state-dict",
                    f"{state.name}.{statement.target.id} is a dict: use a dataclass from shophub.schemas",
                )  # fmt: skip


def _states(source: SourceFile) -> Iterator[ast.ClassDef]:
    if source.is_below("shophub"):
        yield from (node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef) and is_state(node))


def _parts(annotation: ast.expr) -> Iterator[ast.expr]:
    for node in ast.walk(annotation):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _parts(ast.parse(node.value, mode="eval").body)
        elif isinstance(node, ast.Name | ast.Attribute):
            yield node
