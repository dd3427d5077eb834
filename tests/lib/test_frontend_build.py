"""The compiled frontend: any address, and what the policy must know of it."""

import base64
import gzip
import hashlib
from pathlib import Path

import brotli
import pytest

from shophub.lib.frontend_build import (
    client_dir,
    inline_script_hashes,
    is_built,
    let_scripts_wait,
    make_portable,
    read_shell,
)

CHUNK = (
    "var e={PING:`http://localhost:8000/ping`,EVENT:`ws://localhost:8000/_event`,TRANSPORT:`websocket`};export{e as t};"
)


@pytest.fixture
def web(tmp_path: Path) -> Path:
    client = client_dir(tmp_path)
    (client / "assets").mkdir(parents=True)
    (client / "__spa-fallback.html").write_text("<head></head><body></body>")
    chunk = client / "assets" / "reflex-env-abc.js"
    chunk.write_text(CHUNK)
    chunk.with_name(chunk.name + ".gz").write_bytes(gzip.compress(CHUNK.encode()))
    chunk.with_name(chunk.name + ".br").write_bytes(brotli.compress(CHUNK.encode()))
    return tmp_path


def test_portable_build_connects_to_the_address_of_its_page(web: Path) -> None:
    make_portable(web)

    chunk = client_dir(web) / "assets" / "reflex-env-abc.js"
    code = chunk.read_text()
    assert "localhost:8000" not in code
    assert 'EVENT:((globalThis.location?location.origin.replace(/^http/,"ws"):"ws://localhost")+"/_event")' in code
    assert "TRANSPORT:`websocket`" in code
    assert gzip.decompress(chunk.with_name(chunk.name + ".gz").read_bytes()).decode() == code
    assert brotli.decompress(chunk.with_name(chunk.name + ".br").read_bytes()).decode() == code


def test_making_it_portable_twice_changes_nothing(web: Path) -> None:
    make_portable(web)
    once = {path: path.read_bytes() for path in (client_dir(web) / "assets").iterdir()}

    make_portable(web)

    assert {path: path.read_bytes() for path in (client_dir(web) / "assets").iterdir()} == once


def test_scripts_of_every_page_wait_for_what_can_be_seen(web: Path) -> None:
    page = client_dir(web) / "cart.html"
    page.write_text('<link rel="modulepreload" href="/a.js"/><link rel="preload" as="font" href="/f"/>')
    page.with_name("cart.html.br").write_bytes(brotli.compress(page.read_bytes()))

    let_scripts_wait(web)
    let_scripts_wait(web)

    assert page.read_text() == (
        '<link rel="modulepreload" fetchpriority="low" href="/a.js"/><link rel="preload" as="font" href="/f"/>'
    )
    assert brotli.decompress(page.with_name("cart.html.br").read_bytes()) == page.read_bytes()


def test_every_inline_script_is_hashed_but_no_data_and_no_file(web: Path) -> None:
    code = "\nconsole.log('<b>')\n"
    (client_dir(web) / "cart").mkdir()
    (client_dir(web) / "cart" / "index.html").write_text(
        f'<script>{code}</script><script src="/a.js"></script><script type="application/ld+json">{{}}</script>'
        f'<script type="module">{code}</script>'
    )

    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    assert inline_script_hashes(web) == (f"'sha256-{digest}'",)


def test_folder_without_shell_is_no_build(web: Path, tmp_path: Path) -> None:
    assert is_built(web)
    assert read_shell(web) == "<head></head><body></body>"
    assert not is_built(tmp_path / "elsewhere")
