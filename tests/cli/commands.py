"""Commands of the shop: as a shell starts them, and from the nursery."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[2]
Done = subprocess.CompletedProcess[str]


def start(*arguments: str, said: str = "", **environment: str) -> Done:
    """Run a command in a process that reads the code anew."""
    return subprocess.run(
        [sys.executable, "-m", "shophub", *arguments],
        cwd=PROJECT, env=os.environ | environment, input=said, capture_output=True, text=True, check=False,
    )  # fmt: skip


class Commands:
    """The nursery's front: called as ``start`` is, and from several threads at once."""

    def __init__(self, address: Path) -> None:
        """Send commands to the nursery that listens there."""
        self._address = address

    def __call__(self, *arguments: str, said: str = "", **environment: str) -> Done:
        """Run a command in a life of its own."""
        with tempfile.TemporaryDirectory() as folder:
            files = {name: Path(folder, name) for name in ("input", "output", "errors")}
            for name, file in files.items():
                file.write_text(said if name == "input" else "")
            wish = {"arguments": arguments, "environment": os.environ | environment}
            wish |= {name: str(file) for name, file in files.items()}
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(str(self._address))
                connection.sendall(json.dumps(wish).encode() + b"\n")
                with connection.makefile() as answer:
                    code = int(answer.readline())
            return subprocess.CompletedProcess(
                arguments, code, files["output"].read_text(), files["errors"].read_text()
            )


@contextmanager
def nursery() -> Iterator[Commands]:
    """Give a nursery; commands that go on are left to end by themselves."""
    with tempfile.TemporaryDirectory() as folder:
        address = Path(folder, "nursery")
        command = [sys.executable, "-m", "tests.cli.nursery", str(address)]
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == b"ready\n"
                yield Commands(address)
            finally:
                process.terminate()
