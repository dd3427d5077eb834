"""An order's page in the back office, its buttons pressed: what reaches the books, Stripe and the customer."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from shophub.db import transaction
from shophub.domain.statuses import Role
from shophub.integrations import stripe
from shophub.services import sessions
from shophub.services.flows.refund_order import refund_order
from shophub.services.live import Notice
from shophub.state.admin.order import OrderDeskState
from shophub.state.admin.payment_events import PaymentEventState
from shophub.state.admin.refund import RefundState
from shophub.state.store.orders import OrderState
from tests.checkout.conftest import Shop
from tests.checkout.test_refunds import deliver_refunds, money, ordered
from tests.factories import make_user
from tests.sandbox.conftest import Controls
from tests.state.conftest import Tab, open_tab, run, scripts  # noqa: F401 - a fixture

OpenTab = Callable[..., Tab]


def flat(events: list[Any]) -> list[Any]:
    """Return events one by one: a handler may yield several at once."""
    return [one for event in events for one in (event if isinstance(event, list) else [event])]


async def cookie(role: Role = Role.ADMIN) -> str:
    async with transaction() as session:
        user = await make_user(session, role=role)
        return f"{sessions.SESSION_COOKIE}={await sessions.start(session, user.id)}"


async def desk_of(tab: Tab, number: int) -> OrderDeskState:
    tab.go(f"/admin/orders/SH-{number}")
    state = tab.state(OrderDeskState)
    await run(OrderDeskState.load.fn(state))
    return state


async def sku_of(shop: Shop, name: str) -> str:
    ((sku,),) = await shop.rows("SELECT sku FROM order_lines WHERE name = :name", name=name)
    return str(sku)


async def test_refund_of_two_units_and_delivery_gives_back_what_the_button_says(shop: Shop, open_tab: OpenTab):  # noqa: F811
    number, intent_id = await ordered(shop, (shop.mug, 3))
    tab = open_tab(await cookie())
    desk = await desk_of(tab, number)
    state = tab.state(RefundState)
    await run(RefundState.open.fn(state))
    assert (state.draft.amount_text, state.restocks, desk.desk.delivery_text) == ("", True, "$10.00")

    await run(RefundState.set_units.fn(state, await sku_of(shop, "Mug"), "2"))
    assert state.draft.amount_text == "$39.98"
    await run(RefundState.set_beside.fn(state, "4.50"))
    assert state.draft.amount_text == "$44.48"
    events = await run(RefundState.refund.fn(state, {"refund_reason": "Broken handles"}))

    assert "$44.48 was refunded." in scripts(flat(events))
    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 4_448, 0, 0)
    assert await shop.stock(shop.mug) == (9, 0)
    assert [refund.amount_minor for refund in await stripe.list_refunds(intent_id)] == [4_448]
    assert [(one.amount_text, one.state) for one in desk.desk.staff.refunds] == [("$44.48", "Succeeded")]
    assert "Broken handles" in desk.desk.staff.refunds[0].text
    assert [line.left for line in desk.desk.refundable] == [1]
    assert await shop.rows("SELECT action FROM audit_log ORDER BY id DESC LIMIT 1") == [("order.refund",)]


async def test_everything_is_the_rest_of_the_payment(shop: Shop, open_tab: OpenTab):  # noqa: F811
    number, _ = await ordered(shop, (shop.mug, 2))
    await refund_order(number, amount_minor=300)
    tab = open_tab(await cookie())
    await desk_of(tab, number)
    state = tab.state(RefundState)
    await run(RefundState.open.fn(state))

    await run(RefundState.take_everything.fn(state))
    assert (state.draft.amount_text, state.draft.beside) == ("$46.98", "7.00")
    await run(RefundState.refund.fn(state, {}))

    assert await money(shop) == ("PROCESSING", "REFUNDED", 4_998, 0, 0)
    assert not tab.state(OrderDeskState).desk.actions.refund


@pytest.mark.parametrize(
    ("units", "beside", "problem"),
    [
        ("0", "", "Choose items, or type an amount."),
        ("0", "12,50", "Type an amount such as 12.50."),
        ("0", "-5", "Type an amount such as 12.50."),
        ("1", "10.01", "Only $29.99 of this payment can still be refunded."),
    ],
    ids=("nothing", "a_comma", "below_zero", "more_than_is_left"),
)
async def test_refund_that_cannot_be_had_says_why_and_changes_nothing(
    shop: Shop,
    open_tab: OpenTab,  # noqa: F811
    units: str,
    beside: str,
    problem: str,
):
    number, intent_id = await ordered(shop, (shop.mug, 1))
    tab = open_tab(await cookie())
    await desk_of(tab, number)
    state = tab.state(RefundState)
    await run(RefundState.open.fn(state))

    await run(RefundState.set_units.fn(state, await sku_of(shop, "Mug"), units))
    await run(RefundState.set_beside.fn(state, beside))
    events = await run(RefundState.refund.fn(state, {}))

    assert (state.draft.problem, state.draft.amount_text) == (problem, "")
    assert "refund-problem" in scripts(flat(events))
    assert await money(shop) == ("PROCESSING", "PAID", 0, 0, 0)
    assert await stripe.list_refunds(intent_id) == []


async def test_what_another_admin_has_refunded_meanwhile_is_not_refunded_again(shop: Shop, open_tab: OpenTab):  # noqa: F811
    number, _ = await ordered(shop, (shop.mug, 1))
    tab = open_tab(await cookie())
    await desk_of(tab, number)
    state = tab.state(RefundState)
    await run(RefundState.open.fn(state))
    sku = await sku_of(shop, "Mug")
    await run(RefundState.set_units.fn(state, sku, "1"))
    await refund_order(number, lines={sku: 1})

    await run(RefundState.refund.fn(state, {}))

    assert state.draft.problem == "Only 0 of Mug can still be refunded."
    assert await money(shop) == ("PROCESSING", "PARTIALLY_REFUNDED", 1_999, 0, 0)


async def test_refund_that_stripe_is_working_on_or_refuses_is_shown_as_such(
    shop: Shop,
    controls: Controls,
    open_tab: OpenTab,  # noqa: F811
):
    number, intent_id = await ordered(shop, (shop.mug, 1))
    tab = open_tab(await cookie())
    desk = await desk_of(tab, number)
    state = tab.state(RefundState)
    await run(RefundState.open.fn(state))
    await run(RefundState.set_beside.fn(state, "5"))
    controls.post("/faults", count=9, status=503, method="POST", path_contains="/refunds")

    await run(RefundState.refund.fn(state, {}))

    assert state.outcome == "pending"
    assert [one.state for one in desk.desk.staff.refunds] == ["Pending"]
    assert (await money(shop))[3] == 500
    assert state.draft.amount_text == ""  # another press is another refund
    assert intent_id


async def test_stale_password_refunds_and_cancels_nothing(shop: Shop, open_tab: OpenTab):  # noqa: F811
    number, _ = await ordered(shop, (shop.mug, 1))
    tab = open_tab(await cookie())
    desk = await desk_of(tab, number)
    state = tab.state(RefundState)
    await run(RefundState.open.fn(state))
    await run(RefundState.take_everything.fn(state))
    async with transaction() as session:
        await session.execute(text("UPDATE sessions SET step_up_at = now() - interval '11 minutes'"))

    events = [*await run(RefundState.refund.fn(state, {})), *await run(OrderDeskState.cancel.fn(desk, {}))]

    assert len(events) == 2
    assert all("step-up" in str(event.args) for event in events)
    assert state.draft.amount_text == "$29.99"  # what was chosen is still there
    assert await money(shop) == ("PROCESSING", "PAID", 0, 0, 0)


async def test_steps_reach_the_customers_page_and_end_what_is_not_legal_any_more(shop: Shop, open_tab: OpenTab):  # noqa: F811
    number, _ = await ordered(shop, (shop.mug, 1))
    desk = await desk_of(open_tab(await cookie()), number)
    customer = open_tab(await cookie())  # an admin may open the shop's page of it too
    customer.go(f"/orders/SH-{number}")
    page = customer.state(OrderState)
    await run(OrderState.load.fn(page))

    await run(OrderDeskState.pack.fn(desk))
    assert (desk.desk.actions.pack, desk.desk.actions.ship) == (False, True)
    await run(OrderDeskState.ship.fn(desk, {"carrier": "Post", "tracking_url": "ftp://nowhere"}))
    assert (desk.tracking_url_error, desk.order.status) == (
        "Give a web address that begins with https://.",
        "PROCESSING",
    )
    events = await run(OrderDeskState.ship.fn(desk, {"carrier": "Post", "tracking_number": "P1", "tracking_url": ""}))
    assert "ship-order" in scripts(events)
    await OrderState._refresh(page, Notice("order", page.view.id))

    assert (page.view.status_label, page.view.tracking_text) == ("On its way", "Post P1")
    assert (desk.desk.actions.ship, desk.desk.actions.cancel, desk.desk.actions.deliver) == (False, False, True)
    await run(OrderDeskState.cancel.fn(desk, {}))
    assert desk.problem == f"Order SH-{number} is shipped and cannot become cancelled."
    await run(OrderDeskState.deliver.fn(desk))
    assert (desk.order.status, desk.problem) == ("DELIVERED", "")


async def test_cancelled_order_gives_money_and_goods_back_and_tells_why(shop: Shop, open_tab: OpenTab):  # noqa: F811
    number, _ = await ordered(shop, (shop.mug, 1))
    desk = await desk_of(open_tab(await cookie()), number)

    events = await run(OrderDeskState.cancel.fn(desk, {"cancel_reason": "We broke the last one."}))
    assert "cancel-order" in scripts(flat(events))

    assert await money(shop) == ("CANCELLED", "REFUNDED", 2_999, 0, 0)
    assert await shop.stock(shop.mug) == (10, 0)
    assert "We broke the last one." in [step.note for step in desk.order.timeline]
    assert desk.busy == ""


async def test_event_handled_again_changes_nothing_twice_and_is_in_the_log(shop: Shop, open_tab: OpenTab):  # noqa: F811
    number, _ = await ordered(shop, (shop.mug, 1))
    await refund_order(number, amount_minor=100)
    await deliver_refunds()
    tab = open_tab(await cookie())
    desk, events = await desk_of(tab, number), tab.state(PaymentEventState)
    before = await money(shop)
    event = next(one for one in desk.desk.staff.events if one.type == "payment_intent.succeeded")

    await run(PaymentEventState.show.fn(events, event.id))
    await run(PaymentEventState.handle.fn(events, event.id))
    await run(PaymentEventState.handle.fn(events, "evt_of_nobody"))

    assert f'"id": "{event.id}"' in events.event_text
    assert "client_secret" not in events.event_text
    assert await money(shop) == before
    assert await shop.rows("SELECT count(*) FROM orders") == [(1,)]
    assert await shop.rows("SELECT action, target_id FROM audit_log ORDER BY id DESC LIMIT 1") == [
        ("payment_event.handle_again", event.id)
    ]


async def test_notes_are_for_the_staff_and_customers_do_not_get_in(shop: Shop, open_tab: OpenTab):  # noqa: F811
    number, _ = await ordered(shop, (shop.mug, 1))
    desk = await desk_of(open_tab(await cookie()), number)

    await run(OrderDeskState.add_note.fn(desk, {"note": "  Rang twice. "}))
    await run(OrderDeskState.add_note.fn(desk, {"note": " "}))

    assert [note.body for note in desk.desk.notes] == ["Rang twice."]
    assert (desk.note_error, desk.note_epoch) == ("Write something first.", 1)
    stranger = await desk_of(open_tab(await cookie(Role.CUSTOMER)), number)
    assert (stranger.order.number, stranger.desk.notes) == ("", ())
    await run(OrderDeskState.add_note.fn(stranger, {"note": "Hello"}))
    assert await shop.rows("SELECT body FROM order_notes") == [("Rang twice.",)]
