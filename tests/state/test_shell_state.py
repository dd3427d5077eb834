"""What the header shows, as the merchant has set it."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.state.store.shell import ShellState
from tests.state.conftest import Tab, run


@pytest.mark.parametrize("load", [ShellState.load, ShellState.load_store])
async def test_header_shows_the_name_that_is_set(load, open_tab: Callable[..., Tab]) -> None:
    """Known failure 14: store name can be set and is never used."""
    async with transaction() as session:
        await session.execute(text("UPDATE store_settings SET store_name = 'Oak & Ink'"))
    tab = open_tab()
    tab.go("/")
    shell = tab.state(ShellState)
    before = shell.store_name

    await run(load.fn(shell))

    assert (before, shell.store_name) == ("", "Oak & Ink")
