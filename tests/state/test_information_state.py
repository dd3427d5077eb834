"""The pages about the shop: what everybody is shown, and who may change it in its place."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.information import InformationPage
from shophub.domain.statuses import Role
from shophub.lib.ids import new_token
from shophub.services import sessions
from shophub.services.audit import SHOP
from shophub.services.information import texts
from shophub.services.live import Notice
from shophub.state.admin.information import InformationEditorState
from shophub.state.store.information import InformationState
from tests.factories import make_user
from tests.rows import rows
from tests.state.conftest import Tab, run, scripts

OpenTab = Callable[..., Tab]
TERMS = InformationPage.TERMS


async def tab_of(open_tab: OpenTab, role: Role | None, address: str = "/terms") -> Tab:
    """Return a tab of somebody at a page that has loaded."""
    cookie = f"shophub_guest={new_token()}"
    if role is not None:
        async with transaction() as session:
            cookie += f"; shophub_session={await sessions.start(session, (await make_user(session, role=role)).id)}"
    tab = open_tab(cookie)
    tab.go(address)
    await run(InformationState.load.fn(tab.state(InformationState)))
    return tab


async def write(body: str, version: int = 0) -> None:
    """Have somebody else change the terms."""
    async with transaction() as session:
        await texts.replace(session, TERMS, body, version=version, actor=SHOP)


async def test_everybody_is_shown_the_page_that_the_address_names(open_tab: OpenTab) -> None:
    tab = await tab_of(open_tab, None, "/returns")

    page = tab.state(InformationState)
    assert (page.view.page, page.view.title, page.loaded) == ("returns", "Delivery and returns", "/returns")
    assert "<h2>Returns</h2>" in page.view.html


async def test_address_of_another_page_shows_nothing(open_tab: OpenTab) -> None:
    page = (await tab_of(open_tab, None, "/orders")).state(InformationState)

    assert (page.view.page, page.loaded) == ("", "")


async def test_open_page_follows_a_change(open_tab: OpenTab) -> None:
    page = (await tab_of(open_tab, None)).state(InformationState)
    await write("Anew")

    await page._refresh(Notice("information", "terms"))

    assert page.view.html == "<p>Anew</p>\n"


@pytest.mark.parametrize(
    ("role", "may"),
    [(None, False), (Role.CUSTOMER, False), (Role.ADMIN, False), (Role.SUPER_ADMIN, True)],
    ids=["guest", "customer", "admin", "owner"],
)
async def test_only_who_may_change_the_settings_is_offered_to(open_tab: OpenTab, role: Role | None, may: bool) -> None:
    editor = (await tab_of(open_tab, role)).state(InformationEditorState)

    events = await run(InformationEditorState.open.fn(editor))
    await run(InformationEditorState.save.fn(editor, {"body": "Mine"}))

    assert editor.draft.body == ("Mine" if may else "")
    assert ("body" in scripts(events)) is may
    assert await rows("SELECT body FROM information_texts") == ([("Mine",)] if may else [])
    assert await rows("SELECT count(*) FROM audit_log WHERE target_id = 'terms'") == [(int(may),)]


async def test_owner_sees_what_it_will_look_like_before_anybody_else(open_tab: OpenTab) -> None:
    editor = (await tab_of(open_tab, Role.SUPER_ADMIN)).state(InformationEditorState)
    await run(InformationEditorState.open.fn(editor))

    await run(InformationEditorState.preview.fn(editor, "# Hi <script>alert(1)</script>"))

    assert editor.preview_html == "<h2>Hi &lt;script&gt;alert(1)&lt;/script&gt;</h2>\n"
    assert await rows("SELECT body FROM information_texts") == []


async def test_text_that_cannot_be_kept_stays_in_the_form_with_the_reason(open_tab: OpenTab) -> None:
    editor = (await tab_of(open_tab, Role.SUPER_ADMIN)).state(InformationEditorState)
    await run(InformationEditorState.open.fn(editor))

    events = await run(InformationEditorState.save.fn(editor, {"body": " "}))
    await write("Meanwhile")
    first = editor.error
    events += await run(InformationEditorState.save.fn(editor, {"body": "Mine"}))

    assert (first, editor.is_open) == ("Write a text, or go back to ours.", True)
    assert ["body" in scripts([event]) for event in events] == [True, True]
    assert editor.error.startswith("Somebody else changed this text.")
    assert await rows("SELECT body FROM information_texts") == [("Meanwhile",)]


async def test_going_back_to_our_text_can_be_undone(open_tab: OpenTab) -> None:
    await write("Mine")
    editor = (await tab_of(open_tab, Role.SUPER_ADMIN)).state(InformationEditorState)
    await run(InformationEditorState.open.fn(editor))

    events = await run(InformationEditorState.restore.fn(editor))
    restored = await rows("SELECT body FROM information_texts")
    await run(InformationEditorState.undo.fn(editor))

    assert "Undo" in scripts(events)
    assert restored == [(None,)]
    assert await rows("SELECT body FROM information_texts") == [("Mine",)]
    assert (editor.is_open, editor.draft.is_default) == (False, False)


async def test_draft_of_one_page_is_not_written_to_another(open_tab: OpenTab) -> None:
    tab = await tab_of(open_tab, Role.SUPER_ADMIN)
    editor = tab.state(InformationEditorState)
    await run(InformationEditorState.open.fn(editor))
    tab.go("/privacy")

    await run(InformationEditorState.save.fn(editor, {"body": "Terms"}))

    assert await rows("SELECT page FROM information_texts WHERE body IS NOT NULL") == []


async def test_owner_whose_password_was_entered_long_ago_is_asked_for_it_first(open_tab: OpenTab) -> None:
    editor = (await tab_of(open_tab, Role.SUPER_ADMIN)).state(InformationEditorState)
    await run(InformationEditorState.open.fn(editor))
    async with transaction() as session:
        await session.execute(text("UPDATE sessions SET step_up_at = now() - interval '1 hour'"))

    events = await run(InformationEditorState.save.fn(editor, {"body": "Mine"}))
    events += await run(InformationEditorState.restore.fn(editor))

    assert ["showModal" in scripts([event]) for event in events] == [True, True]
    assert editor.is_open
    assert await rows("SELECT body FROM information_texts") == []
