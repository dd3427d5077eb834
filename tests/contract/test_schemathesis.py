"""The whole description, tried by a program that believes it: generated requests, links followed, every check on.

The short form tries each operation a little; ``SHOPHUB_LONG_TESTS=1`` makes it thousands of requests.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.contract.conftest import ApiServer
from tests.contract.goods import ADMIN, CUSTOMER, OWNER, PASSWORD

FOLDER = Path(__file__).parent
LONG = os.environ.get("SHOPHUB_LONG_TESTS") == "1"
# The long form also walks along every bound of every field.
OPTIONS = ("--max-examples", "12") if LONG else ("--max-examples", "1", "--phases", "examples,fuzzing,stateful")
LEAST_CASES = 2_000 if LONG else 100
GUEST = "shophub_guest=a-guest-of-schemathesis-1"


def sign_in(shop: ApiServer, email: str) -> str:
    answer = httpx.post(f"{shop.url}/api/auth/signin", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["token"])


def try_all(shop: ApiServer, report: Path, email: str, token: str) -> dict[str, Any]:
    """Run schemathesis as somebody; return its report. Fails with what it says where it found something."""
    guest = [] if email else ["--header", f"Cookie: {GUEST}"]
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "--config-file", str(FOLDER / "schemathesis.toml"), "run",
         f"{shop.url}/api/openapi.json", "--report-json-path", str(report), *guest, *OPTIONS],
        env=os.environ | {"CONTRACT_EMAIL": email, "CONTRACT_PASSWORD": PASSWORD, "CONTRACT_TOKEN": token},
        cwd=FOLDER.parents[1], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    found: dict[str, Any] = json.loads(report.read_text())
    return found


# The owner last: settings that are tried hold for the others too.
@pytest.mark.timeout(3_600 if LONG else 300)
@pytest.mark.parametrize("email", ["", CUSTOMER, ADMIN, OWNER], ids=["guest", "customer", "admin", "owner"])
def test_no_answer_differs_from_the_description(served: ApiServer, tmp_path: Path, email: str) -> None:
    token = sign_in(served, email) if email else ""

    report = try_all(served, tmp_path / "report.json", email, token)

    assert report["test_cases"]["generated"] >= LEAST_CASES
    if email:  # still who it was: nothing ended the run early
        session = httpx.get(f"{served.url}/api/auth/session", headers={"Authorization": f"Bearer {token}"})
        assert session.json()["user"]["email"] == email
    assert "Traceback" not in served.log.read_text()
