"""What programs do with a served shop: the tour of ``docs/api.md`` as it stands there, and a typed client that buys."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shophub.api.app import create_api
from tests.contract.conftest import ApiServer
from tests.contract.goods import CUSTOMER, PASSWORD

PROJECT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# In this order: what was found, who it is, the cart twice, an error, the coupon, the order, the answer without a body.
SEEN = (
    '"name":"Wireless Headphones"',
    '"email":"jane@example.com"',
    '"subtotal":29999',
    '"subtotal":29999',
    '"code":"coupon_not_found"',
    '"couponCode":"WELCOME10"',
    '"number":"SH-',
    '"paymentStatus":"PAID"',
    "304",
)
# Nothing is tidied after it was made, so that nothing but the maker has to be there.
CONFIG = "package_name_override: shop_client\nproject_name_override: shop-client\npost_hooks: []\n"


def stand_in(folder: Path) -> Path:
    """Return a folder with a curl of the tests' own."""
    script = folder / "curl"
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {PROJECT}/tests/contract/curl.py "$@"\n')
    script.chmod(0o755)
    return folder


def run(*arguments: str, **environment: str) -> str:
    """Run Python, and return what it printed."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | environment,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("curl", ["stand-in", *(["installed"] if shutil.which("curl") else [])])
def test_tour_by_curl_runs_as_written(served: ApiServer, tmp_path: Path, curl: str) -> None:
    blocks = BLOCK.findall((PROJECT / "docs" / "api.md").read_text())
    first = f"{stand_in(tmp_path)}:" if curl == "stand-in" else ""

    done = subprocess.run(
        ["bash", "-eu"],
        input="\n".join(blocks),
        env=os.environ | {"SHOP": served.url, "PATH": first + os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert len(blocks) >= 8
    place = 0
    for words in SEEN:
        assert words in done.stdout[place:], f"{words} is not in:\n{done.stdout}"
        place = done.stdout.index(words, place) + len(words)


def test_client_made_from_the_description_is_typed_and_buys(served: ApiServer, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(create_api().openapi()))
    (tmp_path / "config.yaml").write_text(CONFIG)
    run("-m", "openapi_python_client", "generate", "--path", f"{tmp_path}/openapi.json", "--config",
        f"{tmp_path}/config.yaml", "--meta", "none", "--output-path", f"{tmp_path}/shop_client",
        "--fail-on-warning")  # fmt: skip
    purchase = str(PROJECT / "tests" / "contract" / "purchase.py")

    # Strict, and apart from the shop's own settings: whoever uses the client has it so.
    run("-m", "mypy", "--strict", "--follow-imports=silent", "--config-file=", f"--cache-dir={tmp_path}/mypy", purchase,
        MYPYPATH=str(tmp_path))  # fmt: skip
    order: dict[str, Any] = json.loads(run(purchase, served.url, CUSTOMER, PASSWORD, PYTHONPATH=str(tmp_path)))

    assert (order["status"], order["paymentStatus"]) == ("PROCESSING", "PAID")
    assert [(item["name"], item["quantity"]) for item in order["items"]] == [("Wireless Headphones", 2)]
    assert order["total"] == 2 * 29_999
    assert order["email"] == CUSTOMER
