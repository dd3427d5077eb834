"""The tests that have a long form: random histories of the shop, storms of webhooks, and the API by its description."""

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.report import Row

PROJECT = Path(__file__).parents[1]
SUITES = {
    "model": ("random histories of the shop, the books checked after each step", "tests/checkout/test_model.py"),
    "contract": (
        "the API's whole description, generated requests and links, as guest, customer, admin and owner",
        "tests/contract/test_schemathesis.py",
    ),
    "chaos": ("webhooks lost, repeated and shuffled, the app killed on the way", "tests/chaos"),
}


def run(name: str) -> list[Row]:
    """Run the long form of a suite.

    Raises:
        RuntimeError: A test failed; its output says which.
    """
    what, path = SUITES[name]
    began = perf_counter()
    # The benchmark's own database and settings are not the tests' business: they make theirs.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", path]
    done = subprocess.run(
        command, cwd=PROJECT, env=os.environ | {"SHOPHUB_LONG_TESTS": "1"}, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stdout[-5_000:])
    summary = done.stdout.strip().splitlines()[-1].strip("= ")
    return [Row(what, summary.split(" in ")[0], f"{(perf_counter() - began) / 60:.0f} minutes")]
