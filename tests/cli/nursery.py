"""A process that has read the code of the command line and forks a life for each command: it begins at once.

A command that is started by itself reads the shop's code for a second before it does its tenth of a second's work. Each
connection to the nursery's socket brings one command, as JSON, and is answered with its exit code.
"""

import atexit
import gc
import importlib
import json
import os
import socket
import sys
from typing import Any

from shophub.cli import main

# What the commands import when they are run.
READ = (
    "alembic.runtime.migration",
    "shophub.cli.admin",
    "shophub.cli.doctor",
    "shophub.cli.serve",
    "shophub.cli.tasks",
    "shophub.services.demo.seed",
    "shophub.services.maintenance",
)


def keep(listener: socket.socket) -> None:
    """Fork somebody for each connection, who forks the command and waits for its end."""
    while True:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            with connection, connection.makefile("rwb") as lines:
                wish = json.loads(lines.readline())
                life = os.fork()
                if life == 0:
                    live(wish)
                _, status = os.waitpid(life, 0)
                lines.write(f"{os.waitstatus_to_exitcode(status)}\n".encode())
            os._exit(0)
        connection.close()
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def live(wish: dict[str, Any]) -> None:
    """Be ``python -m shophub`` with these arguments, files and environment."""
    for number, name in enumerate(("input", "output", "errors")):
        file = os.open(wish[name], os.O_RDWR)
        os.dup2(file, number)
        os.close(file)
    sys.stdin = open(0, closefd=False)
    os.environ.clear()
    os.environ |= wish["environment"]
    sys.argv = ["shophub", *wish["arguments"]]
    try:
        code = main(wish["arguments"])
    except SystemExit as end:
        code = int(end.code or 0)
    # What ``exit`` does, but for taking all that was read apart again.
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    for module in READ:
        importlib.import_module(module)
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as at:
        at.bind(sys.argv[1])
        at.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        keep(at)
