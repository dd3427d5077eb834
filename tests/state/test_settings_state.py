"""The page of the settings: who may use it, what is said beside a field, what can be taken back."""

from collections.abc import Callable

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.domain.store_settings import SettingsPart
from shophub.lib.ids import new_token
from shophub.schemas.store_settings import SettingsErrors
from shophub.services import searches, sessions, store_settings
from shophub.services.audit import Actor
from shophub.state.admin.search_words import SearchWordsState
from shophub.state.admin.settings import SettingsState
from tests.factories import make_user
from tests.rows import rows
from tests.state.conftest import Tab, run, scripts

OpenTab = Callable[..., Tab]
STORE = {"part": "store", "store_name": "Oak", "store_email": "hi@oak.example", "store_phone": "", "store_address": ""}


async def tab_of(open_tab: OpenTab, role: Role) -> Tab:
    """Return a tab of somebody of that role, on the page, which has loaded."""
    async with transaction() as session:
        token = await sessions.start(session, (await make_user(session, role=role)).id)
    tab = open_tab(f"shophub_guest={new_token()}; shophub_session={token}")
    tab.go("/admin/settings")
    await run(SettingsState.load.fn(tab.state(SettingsState)))
    await run(SearchWordsState.load.fn(tab.state(SearchWordsState)))
    return tab


@pytest.mark.parametrize(("role", "may"), [(Role.ADMIN, False), (Role.SUPER_ADMIN, True)], ids=["admin", "owner"])
async def test_only_owners_change_settings(open_tab: OpenTab, role: Role, may: bool) -> None:
    tab = await tab_of(open_tab, role)
    page, words = tab.state(SettingsState), tab.state(SearchWordsState)

    await run(SettingsState.save.fn(page, STORE))
    await run(SettingsState.switch.fn(page, "reviews_enabled", False))
    await run(SettingsState.plan_currency.fn(page, {"currency": "EUR"}))
    await run(SettingsState.change_currency.fn(page))
    await run(SearchWordsState.add.fn(words, {"terms": "sofa, couch"}))

    kept = await rows("SELECT store_name = 'Oak', NOT reviews_enabled, currency = 'EUR', synonyms IS NOT NULL"
                      " FROM store_settings")  # fmt: skip
    assert kept == [(may, may, may, may)]
    assert (page.loaded == "/admin/settings") is may
    assert len(await rows("SELECT 1 FROM audit_log")) == (4 if may else 0)


async def test_owner_whose_password_was_entered_long_ago_is_asked_for_it_first(open_tab: OpenTab) -> None:
    page = (await tab_of(open_tab, Role.SUPER_ADMIN)).state(SettingsState)
    async with transaction() as session:
        await session.execute(text("UPDATE sessions SET step_up_at = now() - interval '1 hour'"))

    events = await run(SettingsState.save.fn(page, STORE))
    events += await run(SettingsState.switch.fn(page, "maintenance_enabled", True))
    events += await run(SettingsState.change_currency.fn(page))

    assert ["showModal" in scripts([event]) for event in events] == [True, True, True]
    assert await rows("SELECT 1 FROM audit_log") == []


async def test_what_is_wrong_stands_beside_its_field_and_gets_the_focus(open_tab: OpenTab) -> None:
    page = (await tab_of(open_tab, Role.SUPER_ADMIN)).state(SettingsState)

    events = await run(SettingsState.save.fn(page, {**STORE, "store_email": "nowhere"}))
    wrong = page.errors
    await run(SettingsState.save.fn(page, STORE))

    assert wrong == SettingsErrors(store_email="Enter an e-mail address such as hello@example.com.")
    assert "store_email" in scripts(events)
    assert (page.errors, page.view.store_name) == (SettingsErrors(), "Oak")


async def test_conflict_names_the_colleague_and_keeps_what_was_typed(open_tab: OpenTab) -> None:
    page = (await tab_of(open_tab, Role.SUPER_ADMIN)).state(SettingsState)
    seen = page.view
    async with transaction() as session:
        ana = await make_user(session, full_name="Ana Ruiz", role=Role.SUPER_ADMIN)
        await store_settings.save(
            session, SettingsPart.STOCK, {"low_stock_threshold": "7"}, version=seen.stock_version, actor=Actor(ana.id)
        )

    await run(SettingsState.save.fn(page, {"part": "stock", "low_stock_threshold": "3"}))

    assert (page.conflict_part, page.view) == ("stock", seen)
    assert "changed by Ana Ruiz" in page.conflict_text
    await run(SettingsState.load.fn(page))
    await run(SettingsState.save.fn(page, {"part": "stock", "low_stock_threshold": "3"}))
    assert await rows("SELECT low_stock_threshold FROM store_settings") == [(3,)]


async def test_switch_can_be_taken_back(open_tab: OpenTab) -> None:
    page = (await tab_of(open_tab, Role.SUPER_ADMIN)).state(SettingsState)

    events = await run(SettingsState.switch.fn(page, "wishlist_enabled", False))
    off = page.view.wishlist_enabled
    await run(SettingsState.undo_switch.fn(page, "wishlist_enabled", True))

    assert "Undo" in scripts(events)
    assert (off, page.view.wishlist_enabled) == (False, True)


async def test_countries_are_those_that_are_ticked(open_tab: OpenTab) -> None:
    page = (await tab_of(open_tab, Role.SUPER_ADMIN)).state(SettingsState)
    form = {"part": "delivery", "shipping_fee_minor": "5", "free_shipping_threshold_minor": ""}

    await run(SettingsState.save.fn(page, {**form, "country-DE": "on", "country-US": "on"}))
    kept = [one.code for one in page.view.countries if one.is_chosen]
    events = await run(SettingsState.save.fn(page, form))

    assert kept == ["DE", "US"]
    assert "countries" in scripts(events)
    assert page.view.country_count == 2


@pytest.mark.parametrize("form", [{}, {"part": "everything"}, {"part": "switches", "maintenance_enabled": "true"}])
async def test_form_that_stands_for_no_part_changes_nothing(open_tab: OpenTab, form: dict[str, str]) -> None:
    page = (await tab_of(open_tab, Role.SUPER_ADMIN)).state(SettingsState)

    await run(SettingsState.save.fn(page, form))

    assert await rows("SELECT 1 FROM audit_log") == []


async def test_search_in_vain_becomes_a_synonym_and_can_be_taken_back(open_tab: OpenTab) -> None:
    async with transaction() as session:
        await session.execute(
            text("INSERT INTO searches (id, query, result_count) VALUES (gen_random_uuid(), 'settee', 0)")
        )
        assert (await searches.list_empty(session))[0] == 1
    words = (await tab_of(open_tab, Role.SUPER_ADMIN)).state(SearchWordsState)
    await run(SearchWordsState.add.fn(words, {"terms": "Sofa, couch"}))

    await run(SearchWordsState.begin.fn(words, words.searches[0].query))
    begun = words.begun
    await run(SearchWordsState.add.fn(words, {"terms": f"{begun}sofa"}))
    joined = list(words.groups)
    events = await run(SearchWordsState.remove.fn(words, joined[0]))
    removed = list(words.groups)
    await run(SearchWordsState.undo.fn(words))

    assert (begun, joined, removed) == ("settee, ", ["sofa, couch, settee"], [])
    assert "Undo" in scripts(events)
    assert words.groups == joined


async def test_words_that_cannot_be_kept_stay_in_the_field(open_tab: OpenTab) -> None:
    words = (await tab_of(open_tab, Role.SUPER_ADMIN)).state(SearchWordsState)

    await run(SearchWordsState.add.fn(words, {"terms": "sofa"}))

    assert (words.groups, words.begun) == ([], "sofa")
    assert words.error == "Group 1 needs two to 10 different terms."
