"""A stand-in for curl where there is none: it knows the options that the tour of ``docs/api.md`` uses."""

import argparse
import sys
import urllib.error
import urllib.request
from pathlib import Path


def main(arguments: list[str]) -> int:
    """Send one request and print its answer."""
    parser = argparse.ArgumentParser(prog="curl")
    parser.add_argument("url")
    parser.add_argument("-s", action="store_true")
    parser.add_argument("-i", action="store_true")
    parser.add_argument("-X", default="")
    parser.add_argument("-H", action="append", default=[])
    parser.add_argument("-d", action="append", default=[])
    parser.add_argument("-o", default="")
    options = parser.parse_args(arguments)
    headers = dict(line.split(": ", 1) for line in options.H)
    body = "&".join(options.d)
    if body:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    method = options.X or ("POST" if body else "GET")
    request = urllib.request.Request(options.url, body.encode() or None, headers, method=method)  # noqa: S310
    try:
        answer = urllib.request.urlopen(request)  # noqa: S310 - a served shop of the tests
    except urllib.error.HTTPError as error:  # what curl prints like any other answer
        answer = error
    content = answer.read()
    head = "\r\n".join([f"HTTP/1.1 {answer.status}", *(f"{name}: {value}" for name, value in answer.headers.items())])
    if options.o:
        Path(options.o).write_bytes(content)
    else:
        sys.stdout.write((f"{head}\r\n\r\n" if options.i else "") + content.decode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
