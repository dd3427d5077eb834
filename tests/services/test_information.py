"""The pages about the shop: our texts, the merchant's in their place, and back."""

import pytest
from sqlalchemy import text

from shophub.db import AsyncSession, transaction
from shophub.domain.information import InformationPage, page_at
from shophub.errors import InvalidInputError, TextChangedError
from shophub.services.audit import SHOP, Actor
from shophub.services.information import texts
from tests.factories import make_user
from tests.rows import rows
from tests.statements import counted_statements

PRIVACY, CONTACT = InformationPage.PRIVACY, InformationPage.CONTACT


@pytest.mark.parametrize("page", list(InformationPage))
async def test_every_page_has_a_text_of_ours(session: AsyncSession, page: InformationPage) -> None:
    with counted_statements(session) as statements:
        view = await texts.get_page(session, page)

    assert len(statements) == 2
    assert (view.page, view.title, view.store_name) == (page.value, page.heading, "ShopHub")
    assert view.html.count("<h2>") >= 3
    assert "<h1" not in view.html
    assert 40 < len(view.summary) <= 160


def test_addresses_are_those_of_the_pages() -> None:
    assert [page_at(path) for path in ("/privacy", "/privacy/", "/nothing", "privacy", "")] == [
        PRIVACY,
        PRIVACY,
        None,
        None,
        None,
    ]


async def test_text_of_the_merchant_takes_the_place_of_ours_and_goes_again(database: str) -> None:
    async with transaction() as session:
        actor = Actor((await make_user(session)).id, "203.0.113.7")
        ours = await texts.get_draft(session, PRIVACY)

    async with transaction() as session:
        written = await texts.replace(session, PRIVACY, " ### Short\r\n\r\nWe *forget*. ", version=0, actor=actor)
    async with transaction() as session:
        shown = await texts.get_page(session, PRIVACY)
        other = await texts.get_draft(session, InformationPage.TERMS)
    async with transaction() as session:
        back = await texts.restore(session, PRIVACY, version=written.version, actor=actor)

    assert (ours.version, ours.is_default, written.is_default) == (0, True, False)
    assert written.body == "### Short\n\nWe *forget*."
    assert shown.html == "<h2>Short</h2>\n<p>We <em>forget</em>.</p>\n"
    assert (other.version, other.is_default) == (0, True)
    assert (back.body, back.is_default) == (ours.body, True)
    assert back.version > written.version
    logged = await rows("SELECT action, target_id, actor_id, before, after FROM audit_log ORDER BY id")
    assert logged == [
        ("information.replace", "privacy", actor.user_id, {"body": ours.body}, {"body": written.body}),
        ("information.restore", "privacy", actor.user_id, {"body": written.body}, {"body": ours.body}),
    ]


async def test_text_that_somebody_else_changed_is_not_written_over(session: AsyncSession) -> None:
    first = await texts.replace(session, PRIVACY, "First", version=0, actor=SHOP)

    with pytest.raises(TextChangedError):
        await texts.replace(session, PRIVACY, "Second", version=0, actor=SHOP)
    with pytest.raises(TextChangedError):
        await texts.restore(session, PRIVACY, version=0, actor=SHOP)

    assert await texts.get_draft(session, PRIVACY) == first


async def test_version_before_a_restore_never_comes_again(session: AsyncSession) -> None:
    first = await texts.replace(session, PRIVACY, "First", version=0, actor=SHOP)
    back = await texts.restore(session, PRIVACY, version=first.version, actor=SHOP)

    assert back.version not in (0, first.version)
    with pytest.raises(TextChangedError):
        await texts.replace(session, PRIVACY, "Late", version=0, actor=SHOP)


@pytest.mark.parametrize("body", ["", " \r\n ", "x" * 20_001], ids=["nothing", "blanks", "too long"])
async def test_text_that_is_none_or_too_long_is_refused(database: str, body: str) -> None:
    async with transaction() as session:
        with pytest.raises(InvalidInputError):
            await texts.replace(session, PRIVACY, body, version=0, actor=SHOP)

    assert await rows("SELECT page FROM information_texts") == []


async def test_same_text_again_is_no_change(database: str) -> None:
    for version in (0, 1):
        async with transaction() as session:
            draft = await texts.replace(session, PRIVACY, "Once", version=version, actor=SHOP)

    assert draft.version == 1
    assert await rows("SELECT count(*) FROM audit_log") == [(1,)]


async def test_markup_of_the_merchant_runs_nowhere(session: AsyncSession) -> None:
    hostile = '# Hi\n\n<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror="alert(1)">'

    html = (await texts.replace(session, PRIVACY, hostile, version=0, actor=SHOP)).html

    assert "<script" not in html
    assert "<img" not in html
    assert "<a " not in html


async def test_contact_page_says_how_the_store_can_be_reached(session: AsyncSession) -> None:
    await session.execute(
        text(
            "UPDATE store_settings SET store_email = 'help@shop.example', store_phone = '+1 (555) 010-20', "
            "store_address = E'1 Market Street\n94105 San Francisco'"
        )
    )

    facts = (await texts.get_page(session, CONTACT)).facts

    assert [(fact.label, fact.text, fact.url) for fact in facts] == [
        ("E-mail", "help@shop.example", "mailto:help@shop.example"),
        ("Phone", "+1 (555) 010-20", "tel:+155501020"),
        ("Address", "1 Market Street, 94105 San Francisco", ""),
    ]
    assert (await texts.get_page(session, PRIVACY)).facts == ()


async def test_contact_page_leaves_out_what_the_settings_do_not_say(session: AsyncSession) -> None:
    facts = (await texts.get_page(session, CONTACT)).facts

    assert [fact.label for fact in facts] == ["E-mail"]
