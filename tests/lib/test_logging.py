"""Nothing of a person, and no secret, reaches the log."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shophub.lib.logging import scrub

PROJECT = Path(__file__).parents[2]
PROGRAM = """
import logging, structlog
from shophub.lib.logging import configure_logging
configure_logging(json_lines={json_lines})
configure_logging(json_lines={json_lines})
{body}
"""

APP_PROGRAM = """
import asyncio
from shophub.shophub import logs
from shophub.state.failures import show_failure

def fail():
    opening = "SESAME"
    raise ValueError("no mail to jane@example.com")

async def main():
    async with logs():
        try:
            fail()
        except ValueError as error:
            show_failure(error)

asyncio.run(main())
"""


def logged(body: str, *, json_lines: bool = True) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(json_lines=json_lines, body=body)],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
    )
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail to jane.doe+x@example.co.uk failed", "mail to [e-mail] failed"),
        ("{'cookie': 'sid=abc; a=b', 'x': 1}", "{'cookie': '[redacted]', 'x': 1}"),
        ('{"clientSecret": "pi_1_secret_2", "n": 2}', '{"clientSecret": "[redacted]", "n": 2}'),
        ("{b'authorization': b'Bearer abc'}", "{b'authorization': b'[redacted]'}"),
        ('{"password": "it\\"s long"}', '{"password": "[redacted]"}'),
        ("cookie: sid=abc; b=c", "cookie: [redacted]"),
        ("GET /_event?token=1234-5678&transport=websocket", "GET /_event?token=[redacted]&transport=websocket"),
        ("refused pi_3abc_secret_9XyZ", "refused pi_3abc_secret_[redacted]"),
        ("key sk_live_1234567890 and whsec_abcdefgh", "key sk_live_[redacted] and whsec_[redacted]"),
        ("jwt eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2ln", "jwt [redacted]"),
        ("postgresql://shop:hunter2@db/shop", "postgresql://shop:[redacted]@db/shop"),
        ("order SH-1001 paid, 3 lines, total 5998", "order SH-1001 paid, 3 lines, total 5998"),
    ],
)
def test_text_is_scrubbed(text: str, expected: str) -> None:
    assert scrub(text) == expected


def test_structured_fields_are_redacted_in_depth() -> None:
    line = logged(
        "structlog.get_logger('shop').info('signed_in', email='a@b.example', order='SH-1001',"
        " headers={'Cookie': 'sid=1', 'accept': 'x'}, lines=[{'shipping_address': 'Main St', 'sku': 'A'}])"
    )

    record = json.loads(line)
    timestamp = record.pop("timestamp")

    assert timestamp.endswith("Z")
    assert record == {
        "event": "signed_in",
        "email": "[redacted]",
        "order": "SH-1001",
        "headers": {"Cookie": "[redacted]", "accept": "x"},
        "lines": [{"shipping_address": "[redacted]", "sku": "A"}],
        "level": "info",
        "logger": "shop",
    }


@pytest.mark.parametrize("json_lines", [True, False])
def test_traceback_with_an_event_and_its_cookie_is_scrubbed(json_lines: bool) -> None:
    text = logged(
        "event = {'name': 'nope', 'router': {'headers': {'cookie': 'session=SESAME'}, 'query': {'token': 'TTT'}}}\n"
        "try:\n    raise KeyError(f'No handler for {event}')\n"
        "except KeyError:\n    logging.getLogger('reflex_base.event').exception(f'Error for {event}')",
        json_lines=json_lines,
    )

    assert "KeyError" in text
    assert "nope" in text
    assert "SESAME" not in text
    assert "TTT" not in text


def test_second_configuration_does_not_double_lines_and_requests_are_not_logged() -> None:
    text = logged(
        "logging.getLogger('lib').warning('once')\n"
        "logging.getLogger('httpx').info('HTTP Request: GET http://x/?token=1')\n"
        "logging.getLogger('lib').debug('too fine')"
    )

    assert [json.loads(line)["event"] for line in text.splitlines()] == ["once"]


def test_app_logs_scrubbed_lines_without_local_variables() -> None:
    done = subprocess.run(
        [sys.executable, "-c", APP_PROGRAM], capture_output=True, text=True, check=True, cwd=PROJECT, env=os.environ
    )

    assert "event_failed" in done.stderr
    assert "[e-mail]" in done.stderr
    assert "jane@example.com" not in done.stdout + done.stderr
    assert "SESAME" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "piece",
    ["a", "password", "password=", "eyJabcdefgh-", "a.", "&code", "a://", "cookie:\t", "pi_a_secret", "'", 'email="\\'],
)
def test_long_text_of_a_stranger_keeps_nobody_waiting(piece: str) -> None:
    began = time.process_time()

    scrub(piece * (200_000 // len(piece)))

    assert time.process_time() - began < 5  # seconds; a text that took the square of its length took hours


def test_long_text_is_cut() -> None:
    line = json.loads(logged("structlog.get_logger().error('said', text='x' * 100_000)"))

    assert line["text"] == "x" * 8_000 + "… (92000 characters more)"


def test_server_below_the_app_says_its_failures_in_our_lines_too() -> None:
    text = logged(
        "from granian.log import LogLevels, configure_logging as of_granian\n"
        "of_granian(LogLevels.info)\n"
        "configure_logging(json_lines=True)\n"
        "logging.getLogger('_granian').error('Application callable raised an exception\\nno mail to jane@example.com')"
    )

    said = [json.loads(line) for line in text.splitlines()]
    assert [(line["level"], line["logger"]) for line in said] == [("error", "_granian")]
    assert said[0]["event"].endswith("no mail to [e-mail]")
