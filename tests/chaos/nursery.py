"""A process that has read all of the shop's code and forks lives of its app and its worker: each begins at once.

It reads a line of JSON for each life, what it is and its environment, and answers with the process's number.
"""

import asyncio
import json
import os
import signal
import sys

from granian.constants import Interfaces
from granian.server.embed import Server

from shophub.jobs import worker
from shophub.lib.logging import configure_logging
from tests.chaos.shop_app import create


def _live(kind: str) -> None:
    """Be the app or the worker until killed."""
    configure_logging(json_lines=False)
    if kind == "worker":
        asyncio.run(worker.run())
        return
    server = Server(create(), port=int(os.environ["PORT"]), interface=Interfaces.ASGINL, websockets=False)
    asyncio.run(server.serve())


def main() -> None:
    """Fork a life for each line."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burial
    for line in sys.stdin:
        wish = json.loads(line)
        life = os.fork()
        if life == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            log = os.open(wish["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            for stream in (1, 2):
                os.dup2(log, stream)
            os.environ |= wish["environment"]
            _live(wish["kind"])
            os._exit(0)
        sys.stdout.write(f"{life}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
