"""Money is whole minor units: no float and no Decimal comes near it."""

import ast
from collections.abc import Iterator

from tools.rules.breach import Breach, SourceFile

SUFFIX = "_minor"
INEXACT = {"float", "Decimal"}
# Rules about amounts: here nothing inexact may stand at all.
MONEY_CODE = ("shophub/domain", "shophub/lib/money.py")
# Babel's formatting takes a Decimal; this module builds it from digits.
DECIMAL_ALLOWED = ("shophub/lib/money.py",)


def check(source: SourceFile) -> Iterator[Breach]:
    """Find amounts that are typed, computed or passed inexactly."""
    if not source.is_below("shophub", "benchmarks", "alembic"):
        return
    for node in ast.walk(source.tree):
        yield from _typed(source, node)
        yield from _assigned(source, node)
        if source.is_below(*MONEY_CODE):
            yield from _inexact(source, node)


def _typed(source: SourceFile, node: ast.AST) -> Iterator[Breach]:
    """``price_minor: float`` as variable, field or parameter, and functions named so that return one."""
    annotation: ast.expr | None
    if isinstance(node, ast.AnnAssign):
        name, annotation = _name(node.target), node.annotation
    elif isinstance(node, ast.arg):
        name, annotation = node.arg, node.annotation
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        name, annotation = node.name, node.returns
    else:
        return
    if name.endswith(SUFFIX) and annotation is not None:
        used = {part.id for part in ast.walk(annotation) if isinstance(part, ast.Name)} & INEXACT
        if used:
            yield _breach(source, node, f"{name} is typed {', '.join(used)}; amounts are int")


def _assigned(source: SourceFile, node: ast.AST) -> Iterator[Breach]:
    """``total_minor = subtotal / 2``, ``f(price_minor=9.99)``."""
    pairs: list[tuple[str, ast.expr | None]] = []
    if isinstance(node, ast.Assign):
        pairs = [(_name(target), node.value) for target in node.targets]
    elif isinstance(node, ast.AnnAssign):
        pairs = [(_name(node.target), node.value)]
    elif isinstance(node, ast.AugAssign):
        if isinstance(node.op, ast.Div) and _name(node.target).endswith(SUFFIX):
            yield _breach(source, node, f"{_name(node.target)} is divided with /; use //")
        pairs = [(_name(node.target), node.value)]
    elif isinstance(node, ast.Call):
        pairs = [(keyword.arg or "", keyword.value) for keyword in node.keywords]
    for name, value in pairs:
        if name.endswith(SUFFIX) and value is not None:
            # Inside another call the result is that function's affair: round(), a query, a parser.
            for part in _outside_calls(value):
                if reason := _reason(part):
                    yield _breach(source, part, f"{name} gets {reason}; amounts are int")


def _inexact(source: SourceFile, node: ast.AST) -> Iterator[Breach]:
    decimal_allowed = source.is_below(*DECIMAL_ALLOWED)
    if isinstance(node, ast.ImportFrom) and node.module == "decimal" and not decimal_allowed:
        yield _breach(source, node, "Decimal is imported by code about money")
    elif (reason := _reason(node)) and not (decimal_allowed and reason == "Decimal()"):
        yield _breach(source, node, f"{reason} in code about money; compute with int and //")


def _reason(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return f"the float {node.value}"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return "a division with /"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in INEXACT:
        return f"{node.func.id}()"
    return None


def _outside_calls(node: ast.expr) -> Iterator[ast.AST]:
    yield node
    if not isinstance(node, ast.Call | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                yield from _outside_calls(child)


def _name(target: ast.expr) -> str:
    if isinstance(target, ast.Attribute):
        return target.attr
    return target.id if isinstance(target, ast.Name) else ""


def _breach(source: SourceFile, node: ast.AST, message: str) -> Breach:
    return Breach(source.path, getattr(node, "lineno", 1), "money", message)
