"""The lists of people, coupons, reviews and the audit log as a tab meets them: who may, what is asked and undone."""

import base64
from collections.abc import Callable

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.lib.ids import new_id
from shophub.services import currency_change, sessions
from shophub.services.audit import SHOP
from shophub.state.admin.audit_log import AuditLogState
from shophub.state.admin.coupons import CouponsState, CouponState
from shophub.state.admin.reviews import ReviewQueueState
from shophub.state.admin.users import UsersState
from tests.factories import make_product, make_user
from tests.rows import rows
from tests.state.conftest import Tab, run, scripts

OpenTab = Callable[..., Tab]
COUPON = {"code": "SPRING", "discount_type": "PERCENTAGE", "discount_value": "10", "is_active": "on"}


async def tab_of(open_tab: OpenTab, role: Role, address: str) -> Tab:
    async with transaction() as session:
        token = await sessions.start(session, (await make_user(session, full_name="Olga Owner", role=role)).id)
    tab = open_tab(f"shophub_session={token}")
    tab.go(address)
    return tab


async def add_review(rating: int = 1, comment: str = "Broke at once.") -> str:
    async with transaction() as session:
        product = await make_product(session, name="Oak Lamp")
        author = await make_user(session)
        await session.execute(
            text("INSERT INTO reviews (id, product_id, user_id, author_name, rating, comment)"
                 " VALUES (gen_random_uuid(), :product, :author, 'Ada S.', :rating, :comment)"),
            {"product": product.id, "author": author.id, "rating": rating, "comment": comment},
        )  # fmt: skip
    return str(product.id)


async def rating() -> tuple[object, ...]:
    return (await rows("SELECT rating_count, rating_sum FROM products"))[0]


async def long_ago() -> None:
    async with transaction() as session:
        await session.execute(text("UPDATE sessions SET step_up_at = now() - interval '1 hour'"))


async def test_hidden_review_counts_no_longer_and_undo_brings_it_back(open_tab: OpenTab) -> None:
    await add_review()
    page = (await tab_of(open_tab, Role.ADMIN, "/admin/reviews?tab=waiting")).state(ReviewQueueState)
    await run(ReviewQueueState.load.fn(page))
    (line,) = page.lines

    opened = await run(ReviewQueueState.choose.fn(page, line.id))
    wrong = await run(ReviewQueueState.hide.fn(page, {"reason": "  "}))
    error, counted = page.error, await rating()
    hidden = await run(ReviewQueueState.hide.fn(page, {"reason": "Names a person"}))
    without = (await rating(), await rows("SELECT is_hidden, hidden_reason FROM reviews"))
    undone = await run(ReviewQueueState.undo.fn(page))

    assert "showModal" in scripts(opened)
    assert ("reason" in scripts(wrong), error, counted[0]) == (True, "Say why, in at most 300 characters.", 1)
    assert "Undo" in scripts(hidden)
    assert without == ((0, 0), [(True, "Names a person")])
    assert "as before" in scripts(undone)
    assert (await rating(), [one.standing_text for one in page.lines]) == (counted, ["To check"])
    assert await run(ReviewQueueState.undo.fn(page)) == []


async def test_approved_review_leaves_the_queue_and_a_hidden_one_is_shown_again(open_tab: OpenTab) -> None:
    await add_review()
    page = (await tab_of(open_tab, Role.ADMIN, "/admin/reviews?tab=waiting")).state(ReviewQueueState)
    await run(ReviewQueueState.load.fn(page))
    review = page.lines[0].id

    await run(ReviewQueueState.approve.fn(page, review))
    left = page.lines
    await run(ReviewQueueState.approve.fn(page, review))
    await run(ReviewQueueState.choose.fn(page, review))

    assert (left, page.chosen.id) == ((), "")
    assert [row[0] for row in await rows("SELECT action FROM audit_log ORDER BY id")] == ["review.approve"]


async def test_coupon_is_made_switched_off_and_deleted(open_tab: OpenTab) -> None:
    tab = await tab_of(open_tab, Role.ADMIN, "/admin/coupons/new")
    page, table = tab.state(CouponState), tab.state(CouponsState)
    await run(CouponState.load.fn(page))
    await run(CouponState.note.fn(page, "discount_value", "10"))
    preview = page.preview
    made = await run(CouponState.save.fn(page, COUPON))
    tab.go("/admin/coupons")
    await run(CouponsState.load.fn(table))
    (line,) = table.lines
    await run(CouponsState.switch.fn(table, line.id, False))
    tab.go(f"/admin/coupons/{line.id}")
    await run(CouponState.load.fn(page))
    deleted = await run(CouponState.delete.fn(page))

    assert "10%" in str(preview)
    assert "SPRING was made" in scripts(made)
    assert "was deleted" in scripts(deleted)
    assert await rows("SELECT 1 FROM coupons WHERE is_active") == []
    assert len(await rows("SELECT 1 FROM audit_log WHERE target_type = 'coupon'")) == 3


async def test_thousand_codes_are_made_at_once_and_handed_over_as_a_file(open_tab: OpenTab) -> None:
    page = (await tab_of(open_tab, Role.ADMIN, "/admin/coupons/new")).state(CouponState)
    await run(CouponState.load.fn(page))

    too_many = await run(CouponState.save.fn(page, {**COUPON, "count": "5001"}))
    none_yet = (page.codes, await rows("SELECT 1 FROM coupons"))
    await run(CouponState.save.fn(page, {**COUPON, "count": "1000"}))
    file = await run(CouponState.download.fn(page))

    assert none_yet[1] == []
    assert len(too_many) == 1
    assert await rows("SELECT count(DISTINCT lower(code)), max(max_uses), count(*) FROM coupons") == [(1_000, 1, 1_000)]
    assert set(page.codes) == {row[0] for row in await rows("SELECT code FROM coupons")}
    assert all(code.startswith("SPRING") for code in page.codes)
    assert (
        "\r\n".join(["code", *page.codes]) in base64.b64decode(scripts(file).split("base64,")[1].split('"')[0]).decode()
    )


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.ADMIN], ids=["customer", "admin"])
async def test_only_owners_see_and_change_people_or_read_the_log(open_tab: OpenTab, role: Role) -> None:
    tab = await tab_of(open_tab, role, "/admin/users")
    people, log = tab.state(UsersState), tab.state(AuditLogState)

    await run(UsersState.load.fn(people))
    await run(AuditLogState.load.fn(log))
    await run(UsersState.open_invite.fn(people))
    await run(UsersState.invite.fn(people, {"email": "ben@example.com", "invite_role": "ADMIN"}))
    await run(UsersState.choose.fn(people, str(new_id())))
    await run(UsersState.set_role.fn(people, {"role": "SUPER_ADMIN"}))
    await run(UsersState.set_active.fn(people, False))

    assert (people.lines, people.link, people.loaded, log.lines, log.loaded) == ((), "", "", (), "")
    assert await rows("SELECT 1 FROM invites UNION ALL SELECT 1 FROM audit_log") == []


async def test_owner_invites_sends_again_and_revokes(open_tab: OpenTab) -> None:
    page = (await tab_of(open_tab, Role.SUPER_ADMIN, "/admin/users")).state(UsersState)
    await run(UsersState.load.fn(page))

    await run(UsersState.invite.fn(page, {"email": "nowhere", "invite_role": "ADMIN"}))
    wrong = page.invite_error
    await run(UsersState.invite.fn(page, {"email": "ben@example.com", "invite_role": "ADMIN"}))
    first, (line,) = page.link, page.invites
    await run(UsersState.send_again.fn(page, line.id))
    second, (again,) = page.link, page.invites
    await run(UsersState.forget_link.fn(page))
    await run(UsersState.revoke.fn(page, line.id))
    kept = page.invites
    await run(UsersState.revoke.fn(page, again.id))

    assert wrong.startswith("Enter an e-mail address")
    assert (first != second, bool(first), page.link, len(kept), page.invites) == (True, True, "", 1, ())


async def test_owner_changes_others_but_not_themselves_and_only_after_the_password(open_tab: OpenTab) -> None:
    async with transaction() as session:
        ana = await make_user(session, full_name="Ana Admin", role=Role.ADMIN)
    page = (await tab_of(open_tab, Role.SUPER_ADMIN, "/admin/users?tab=ADMIN")).state(UsersState)
    await run(UsersState.load.fn(page))
    await run(UsersState.choose.fn(page, str(ana.id)))

    await run(UsersState.set_role.fn(page, {"role": "GOD"}))
    wrong = page.error
    await run(UsersState.set_role.fn(page, {"role": "SUPER_ADMIN"}))
    await long_ago()
    refused = await run(UsersState.set_active.fn(page, False))

    assert wrong == "Choose a role."
    assert "showModal" in scripts(refused)
    assert await rows("SELECT role, is_active FROM users WHERE full_name = 'Ana Admin'") == [("SUPER_ADMIN", True)]


async def test_log_shows_what_differs_and_its_links_narrow_it(open_tab: OpenTab) -> None:
    tab = await tab_of(open_tab, Role.SUPER_ADMIN, "/admin/audit-log")
    await run(UsersState.invite.fn(tab.state(UsersState), {"email": "ben@example.com", "invite_role": "ADMIN"}))
    page = tab.state(AuditLogState)

    await run(AuditLogState.load.fn(page))
    (line,) = page.lines
    tab.go("/admin/audit-log?action=review.hide")
    await run(AuditLogState.load.fn(page))

    assert (line.actor, line.action) == ("Olga Owner", "Invite: create")
    assert "action=invite.create" in line.action_url
    assert page.lines == ()


async def test_amounts_that_were_typed_in_another_currency_make_no_coupon(open_tab: OpenTab) -> None:
    page = (await tab_of(open_tab, Role.ADMIN, "/admin/coupons/new")).state(CouponState)
    await run(CouponState.load.fn(page))
    async with transaction() as session:
        await currency_change.change(session, "JPY", before="USD", actor=SHOP)

    told = await run(CouponState.save.fn(page, {**COUPON, "discount_type": "FIXED", "amount": "10"}))

    assert "currency was changed" in scripts(told)
    assert await rows("SELECT amount_minor FROM coupons") == []
