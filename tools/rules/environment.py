"""The environment is read in one place, so that ``.env.example`` can list all of it."""

import ast
from collections.abc import Iterator

from tools.rules.breach import Breach, SourceFile

READERS = {"environ", "environb", "getenv", "getenvb"}
# The command line hands the environment on to the processes it starts; the rest is not part of the shop.
ALLOWED = ("shophub/settings.py", "shophub/cli", "tools", "tests", "benchmarks")


def check(source: SourceFile) -> Iterator[Breach]:
    """Find ``os.environ``, ``os.getenv`` and the same by ``from os import``."""
    if source.is_below(*ALLOWED):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            found = node.attr in READERS and isinstance(node.value, ast.Name) and node.value.id == "os"
        elif isinstance(node, ast.ImportFrom):
            found = node.module == "os" and any(alias.name in READERS for alias in node.names)
        else:
            continue
        if found:
            yield Breach(source.path, node.lineno, "environment", "read the environment in shophub/settings.py alone")
