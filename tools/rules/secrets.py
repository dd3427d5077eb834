"""Secrets are compared in constant time: how long ``==`` takes tells how much of a guess was right."""

import ast
import re
from collections.abc import Iterator

from tools.rules.breach import Breach, SourceFile

# What an attacker would guess piece by piece. Hashes of random tokens are looked up in the database, not compared here.
SECRET = re.compile(r"(^|_)(secret|signature|hmac|mac|token|api_key|recovery_code|totp|otp)$")
COMPARISONS = (ast.Eq, ast.NotEq)


def check(source: SourceFile) -> Iterator[Breach]:
    """Find ``==`` and ``!=`` on something that is called a secret; ``hmac.compare_digest`` is for that."""
    if not source.is_below("shophub") or source.is_below("shophub/sandbox"):  # whose secrets are published
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Compare) or not any(isinstance(one, COMPARISONS) for one in node.ops):
            continue
        sides = (node.left, *node.comparators)
        if any(_is_constant(side) for side in sides):  # an empty one, or a published sandbox key
            continue
        named = next((name for side in sides if SECRET.search(name := _name(side))), "")
        if named:
            yield Breach(
                source.path, node.lineno, "constant-time",
                f"{named} is compared with an operator that stops at the first difference: use hmac.compare_digest",
            )  # fmt: skip


def _name(node: ast.expr) -> str:
    """Return what a value is called, calls and subscripts looked through."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    if isinstance(node, ast.Call):
        function = node.func
        is_reading = isinstance(function, ast.Attribute) and function.attr in {"get_secret_value", "encode", "strip"}
        return _name(function.value) if is_reading and isinstance(function, ast.Attribute) else _name(function)
    return ""


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())
