"""Markup in every text that people write stays text wherever it is shown."""

import json
from html.parser import HTMLParser
from io import BytesIO

import pytest_asyncio
from pypdf import PdfReader
from sqlalchemy import ARRAY, JSON, String
from sqlmodel import SQLModel

import shophub.models  # noqa: F401 - all tables
from shophub.api.storefront.document import render
from shophub.api.storefront.heads import product_head
from shophub.db import transaction
from shophub.domain.information import InformationPage
from shophub.lib import ui_classes
from shophub.schemas.accounts import UserView, Visitor
from shophub.services import catalog, invoices
from shophub.services.emails.outbox import EmailKind
from shophub.services.information import texts
from shophub.services.letters.writing import write
from shophub.settings import get_settings
from tests.security.poison import EVIL, OWN, WRITTEN, World, make_world


class Tags(HTMLParser):
    """What a reader of HTML makes of a page: elements with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._in_script = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.elements.append((tag, dict(attrs)))
        self._in_script = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._in_script = False

    def handle_data(self, data: str) -> None:
        """Keep text, and what scripts hold apart from it."""
        if self._in_script:
            self.scripts.append(data)
        else:
            self.text += data

    def require_clean(self) -> None:
        """Fail where markup became an element, an attribute or a script."""
        assert [tag for tag, attributes in self.elements if attributes.get("src") == "x"] == []
        handlers = [name for _, attributes in self.elements for name in attributes if name.startswith("on")]
        assert handlers == []
        assert [script for script in self.scripts if script.strip() == "hacked=1"] == []
        addresses = [
            value or "" for _, given in self.elements for name, value in given.items() if name in {"href", "src"}
        ]
        assert [value for value in addresses if value.strip().lower().startswith(("javascript:", "data:text"))] == []


@pytest_asyncio.fixture
async def world(database: str) -> World:
    """A shop full of markup."""
    return await make_world()


def test_every_column_that_can_hold_a_text_is_looked_at():
    kinds = (String, JSON, ARRAY)
    columns = {
        table.name: {column.name for column in table.columns if isinstance(column.type, kinds)}
        for table in SQLModel.metadata.sorted_tables
    }

    known = {name: set(WRITTEN.get(name, ())) | OWN.get(name, set()) for name in columns}

    assert {name: found ^ known[name] for name, found in columns.items() if found != known[name]} == {}


async def test_known_failure_34_letters_hold_no_markup_of_others(world: World):
    """Known failure 34: a name with markup in it runs in an e-mail."""
    for kind in EmailKind:
        subject, recipient = world.letters[kind]

        async with transaction() as session:
            letter = await write(session, kind, subject, recipient)

        assert letter is not None, kind
        read = Tags(letter.email.html)
        read.require_clean()
        assert EVIL in " ".join(read.text.split()), kind
        assert "\n" not in letter.email.subject


async def test_known_failure_34_product_page_and_its_data_hold_no_markup_of_others(world: World):
    """Known failure 34: a name with markup in it runs in JSON-LD."""
    async with transaction() as session:
        view = await catalog.get_product(session, world.slug, {})
    head = product_head(view, get_settings(), ui_classes.PRODUCT_SIZES)

    read = Tags(render("head.html", head=head) + render("product.html", view=view, store_name=head.store_name))

    read.require_clean()
    assert EVIL in " ".join(read.text.split())
    blocks = [json.loads(script) for script in read.scripts if script.lstrip().startswith("{")]
    assert EVIL in next(block for block in blocks if block["@type"] == "Product")["name"]
    assert not [block for block in head.data if "<" in block]


async def test_known_failure_34_page_about_the_shop_holds_no_markup_of_the_merchant(world: World):
    """Known failure 34: a text with markup in it runs in a page."""
    async with transaction() as session:
        view = await texts.get_page(session, InformationPage.TERMS)

    read = Tags(render("information.html", view=view, path="/terms", store_name=view.store_name))

    read.require_clean()
    assert EVIL in " ".join(read.text.split())


async def test_known_failure_34_invoice_shows_markup_as_text(world: World):
    """Known failure 34: a name with markup in it runs in an invoice."""
    visitor = Visitor(user=UserView(world.customer_id, "x", "x", "CUSTOMER", is_email_verified=True))
    async with transaction() as session:
        invoice = await invoices.get_invoice(session, world.order, visitor, "")

    pdf = await invoices.render(invoice)
    written = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())

    assert "<img src=x" in written
    assert "{{7*7}}" in written
    assert b"/JavaScript" not in pdf
    assert b"/URI" not in pdf
