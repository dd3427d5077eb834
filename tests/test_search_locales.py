"""What is typed into the search box, on a PostgreSQL whose locale knows other letters than ours."""

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, create_engine, text

from shophub.repositories.listing_search import ASKED
from shophub.services.search_text import to_search
from tests.databases import TestServer


@pytest.fixture(scope="module")
def plain_locale(database_server: TestServer) -> Iterator[Engine]:
    """A database whose locale is the C library's, as most have it: fractions are no words there."""
    name = f"plain_locale_{secrets.token_hex(5)}"
    create = "CREATE DATABASE {} TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C.UTF-8'"
    with psycopg.connect(database_server.url("postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL(create).format(sql.Identifier(name)))
        engine = create_engine(database_server.url(name).replace("postgresql:", "postgresql+psycopg:"))
        yield engine
        engine.dispose()
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.mark.parametrize("typed", ["½", "²", "é", "lamp é", "é lamp", "日本"])
def test_letters_unknown_to_the_database_ask_for_nothing(plain_locale: Engine, typed: str) -> None:
    with plain_locale.connect() as connection:
        asked = connection.execute(text(ASKED), to_search(typed).values).scalar_one()

    assert ("lamp" in asked) == ("lamp" in typed)
