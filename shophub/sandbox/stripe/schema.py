"""The Stripe sandbox's tables."""

from typing import LiteralString

STRIPE_TABLES: tuple[LiteralString, ...] = (
    # Every API object. `body` is what the API shows; `private` is what Stripe would know and never tell.
    """
    CREATE TABLE IF NOT EXISTS sandbox.stripe_objects (
        id text PRIMARY KEY,
        kind text NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        created bigint NOT NULL,
        payment_intent text,
        charge text,
        body jsonb NOT NULL,
        private jsonb NOT NULL DEFAULT '{}'
    )
    """,
    "CREATE INDEX IF NOT EXISTS stripe_objects_kind_seq ON sandbox.stripe_objects (kind, seq DESC)",
    "CREATE INDEX IF NOT EXISTS stripe_objects_payment_intent ON sandbox.stripe_objects (payment_intent, kind, seq)",
    "CREATE INDEX IF NOT EXISTS stripe_objects_charge ON sandbox.stripe_objects (charge, kind, seq)",
    """
    CREATE TABLE IF NOT EXISTS sandbox.stripe_idempotency (
        key text PRIMARY KEY,
        request_id text NOT NULL,
        path text NOT NULL,
        fingerprint text NOT NULL,
        status int NOT NULL,
        body text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS sandbox.stripe_deliveries (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id text NOT NULL,
        event_type text NOT NULL,
        state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'held', 'delivered', 'dropped', 'failed')),
        attempts int NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        last_status int,
        last_error text,
        delivered_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    "CREATE INDEX IF NOT EXISTS stripe_deliveries_due ON sandbox.stripe_deliveries (due_at) WHERE state = 'pending'",
    "CREATE INDEX IF NOT EXISTS stripe_deliveries_event ON sandbox.stripe_deliveries (event_id)",
    # Deliveries that were held go out one after the other: this one when that one has ended.
    """
    CREATE TABLE IF NOT EXISTS sandbox.stripe_delivery_order (
        delivery_id bigint PRIMARY KEY,
        after_id bigint NOT NULL
    )
    """,
    # What a test asked for: delivery rules, one row each, and faults of the API.
    """
    CREATE TABLE IF NOT EXISTS sandbox.stripe_rules (
        name text PRIMARY KEY,
        value int NOT NULL
    )
    """,
    """
    CREATE TABLE IF NOT EXISTS sandbox.stripe_faults (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        remaining int NOT NULL,
        status int,
        delay_ms int NOT NULL DEFAULT 0,
        after_effect boolean NOT NULL DEFAULT false,
        method text,
        path_contains text
    )
    """,
    # Things that happen later by themselves, such as a bank debit that settles.
    """
    CREATE TABLE IF NOT EXISTS sandbox.stripe_timers (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        due_at timestamptz NOT NULL,
        kind text NOT NULL,
        object_id text NOT NULL
    )
    """,
)
