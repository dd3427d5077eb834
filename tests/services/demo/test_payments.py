"""The demo store's recent payments become real ones at the sandbox, whatever interrupts that."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import pytest_asyncio
import stripe
from psycopg.rows import dict_row

from shophub.db import transaction
from shophub.errors import ProviderError
from shophub.lib.clock import utc_now
from shophub.services.audit import SHOP
from shophub.services.demo.catalog_data import load_catalog
from shophub.services.demo.gallery import Uploaded
from shophub.services.demo.payments import RECENT, pay_demo_orders
from shophub.services.demo.seed import all_pictures, load_rows
from shophub.services.flows.cancel_order import cancel_order
from shophub.services.flows.reconcile import reconcile_events, reconcile_payments
from shophub.services.invariants import find_violations
from shophub.settings import get_settings
from tests.conftest import using
from tests.databases import TestServer
from tests.sandbox.conftest import (  # noqa: F401 - fixtures
    Controls,
    SandboxServer,
    client,
    controls,
    endpoint,
    running_sandbox,
    sandbox,
    sandbox_database,
    shop_settings,
)

# Long enough for some orders that were given back.
SHORT = timedelta(days=20)
Rows = list[dict[str, Any]]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def loaded(database_server: TestServer) -> AsyncIterator[str]:
    """The address of a database with the demo store, without its pictures; nobody is connected to it."""
    names = [picture.name for picture in all_pictures(load_catalog())]
    pictures = Uploaded(dict.fromkeys(names, "#e8e4dc"), dict.fromkeys(names, (1_200, 1_500)))
    with database_server.clone() as url:
        async with using(url, pytest.MonkeyPatch()):
            async with transaction() as session:
                await load_rows(session, load_catalog(), pictures, "hash", utc_now())
        yield url


@pytest_asyncio.fixture
async def demo_rows(
    loaded: str,
    database_server: TestServer,
    shop_settings: None,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[str]:
    """The demo store without its pictures, in a database of the test's own beside an empty sandbox."""
    with database_server.clone(of=loaded) as url:
        async with using(url, monkeypatch):
            yield url


def ask(database: str, sql: str) -> Rows:
    with psycopg.connect(database, row_factory=dict_row, autocommit=True) as connection:
        return connection.execute(sql).fetchall()


def made_up(database: str, recent: timedelta = RECENT) -> int:
    """Return how many payments that should be real ones are not."""
    ((row),) = ask(
        database,
        f"""SELECT count(*) AS n FROM payments p JOIN orders o ON o.id = p.order_id
           LEFT JOIN refunds r ON r.payment_id = p.id
           WHERE (o.status IN ('PROCESSING', 'SHIPPED') OR o.placed_at >= now() - interval '{recent.days} days')
             AND concat(p.stripe_payment_intent_id, p.stripe_charge_id, r.stripe_refund_id) LIKE '%\\_demo\\_%'""",
    )
    return int(row["n"])


def intents_of_sandbox(client: stripe.StripeClient) -> list[stripe.PaymentIntent]:  # noqa: F811
    return list(client.v1.payment_intents.list({"limit": 100}).auto_paging_iter())


async def test_recent_orders_are_paid_at_the_sandbox_and_older_ones_left(
    demo_rows: str,
    client: stripe.StripeClient,  # noqa: F811
) -> None:
    ended = ask(demo_rows, "SELECT id, ended_at FROM refunds ORDER BY id")
    assert made_up(demo_rows) > 50

    paid = await pay_demo_orders()

    assert made_up(demo_rows) == 0
    known = {intent.id: intent for intent in intents_of_sandbox(client)}
    assert len(known) == paid
    for row in ask(
        demo_rows,
        """SELECT p.*, o.checkout_id, c.stripe_payment_intent_id AS of_checkout FROM payments p
           JOIN orders o ON o.id = p.order_id JOIN checkouts c ON c.id = o.checkout_id
           WHERE p.stripe_payment_intent_id NOT LIKE 'pi\\_demo\\_%'""",
    ):
        intent = known.pop(row["stripe_payment_intent_id"])
        assert (intent.status, intent.amount_received) == ("succeeded", row["amount_minor"])
        assert (intent.latest_charge, intent.id) == (row["stripe_charge_id"], row["of_checkout"])
        assert intent.metadata["checkout_id"] == str(row["checkout_id"])
    assert known == {}
    refunds = list(client.v1.refunds.list({"limit": 100}).auto_paging_iter())
    assert refunds
    assert {(refund.id, refund.amount) for refund in refunds} == {
        (row["stripe_refund_id"], row["amount_minor"])
        for row in ask(demo_rows, "SELECT * FROM refunds WHERE stripe_refund_id NOT LIKE 're\\_demo\\_%'")
    }
    assert ask(demo_rows, "SELECT id, ended_at FROM refunds ORDER BY id") == ended
    assert ask(demo_rows, "SELECT 1 FROM payments WHERE stripe_payment_intent_id LIKE 'pi\\_demo\\_%'")


async def test_events_and_reconciliation_recognise_the_payments_and_make_nothing_new(
    demo_rows: str,
    client: stripe.StripeClient,  # noqa: F811
) -> None:
    await pay_demo_orders(SHORT)
    before = ask(demo_rows, "SELECT count(*) AS n, sum(refunded_minor) AS refunded FROM orders")
    later = utc_now() + timedelta(minutes=2)

    handled = await reconcile_events(now=later)
    taken_over = await reconcile_payments(now=later)

    assert handled >= len(intents_of_sandbox(client)) > 0
    assert taken_over == 0
    assert ask(demo_rows, "SELECT count(*) AS n, sum(refunded_minor) AS refunded FROM orders") == before
    assert ask(demo_rows, "SELECT * FROM alerts") == []
    assert ask(demo_rows, "SELECT * FROM refunds WHERE source = 'provider'") == []
    assert ask(demo_rows, "SELECT DISTINCT status FROM provider_events WHERE status = 'alert'") == []
    async with transaction() as session:
        assert await find_violations(session) == ()


@pytest.mark.parametrize(
    ("path", "after_effect"), [("/confirm", False), ("/confirm", True), ("/refunds", True), ("payment_intents", True)]
)
async def test_run_that_breaks_off_is_finished_by_the_next_and_pays_nothing_twice(
    path: str,
    after_effect: bool,
    demo_rows: str,
    controls: Controls,  # noqa: F811
    client: stripe.StripeClient,  # noqa: F811
) -> None:
    fault = {"status": 503, "count": 3, "method": "POST", "path_contains": path, "after_effect": after_effect}
    assert controls.post("/faults", **fault).json() == {"added": True}

    with pytest.raises(ProviderError) as refused:
        await pay_demo_orders(SHORT)
    assert refused.value.retryable
    assert made_up(demo_rows, SHORT) > 0
    await pay_demo_orders(SHORT)

    assert made_up(demo_rows, SHORT) == 0
    assert await pay_demo_orders(SHORT) == 0
    checkouts = [intent.metadata["checkout_id"] for intent in intents_of_sandbox(client)]
    assert len(checkouts) == len(set(checkouts))


async def test_demo_order_can_be_cancelled_and_its_money_comes_back(
    demo_rows: str,
    client: stripe.StripeClient,  # noqa: F811
) -> None:
    await pay_demo_orders(timedelta())
    (order,) = ask(
        demo_rows,
        """SELECT o.number, p.stripe_payment_intent_id AS intent, p.amount_minor FROM orders o
           JOIN payments p ON p.order_id = o.id WHERE o.status = 'PROCESSING' ORDER BY o.number DESC LIMIT 1""",
    )

    await cancel_order(order["number"], actor=SHOP, by_customer=True)

    refunds = client.v1.refunds.list({"payment_intent": order["intent"]}).data
    assert [(refund.amount, refund.status) for refund in refunds] == [(order["amount_minor"], "succeeded")]
    async with transaction() as session:
        assert await find_violations(session) == ()


async def test_a_real_account_is_never_asked(demo_rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_test_of_somebody")
    get_settings.cache_clear()

    assert await pay_demo_orders() == 0

    assert made_up(demo_rows) > 0
