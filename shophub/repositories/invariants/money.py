"""Rules about money: what came in, what went back."""

from shophub.domain.refunds import WITHDRAWN_DISPUTES
from shophub.repositories.invariants.rules import rule

_WITHDRAWN = ", ".join(f"'{status}'" for status in sorted(WITHDRAWN_DISPUTES))

MONEY_RULES = (
    rule(
        "an order that cost something has one payment",
        """
        SELECT 'SH-' || o.number AS offender
        FROM orders o JOIN checkouts c ON c.id = o.checkout_id LEFT JOIN payments p ON p.order_id = o.id
        WHERE {touched} AND (
          (p.id IS NOT NULL) <> (o.total_minor > 0 AND o.payment_status NOT IN ('PENDING', 'PROCESSING', 'FAILED'))
          OR p.stripe_payment_intent_id <> c.stripe_payment_intent_id)""",
    ),
    rule(
        "a payment of another amount was held up",
        """
        SELECT 'SH-' || o.number AS offender FROM payments p JOIN orders o ON o.id = p.order_id
        WHERE (p.amount_minor, p.currency) <> (o.total_minor, o.currency) AND {touched}
          AND NOT EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = o.id AND e.type = 'needs_review')""",
    ),
    # Stripe has the last word on what was refunded and disputed; each sum is bounded by what the earlier ones left.
    rule(
        "a payment's sums are its refunds and disputes",
        f"""
        SELECT 'SH-' || o.number AS offender
        FROM payments p JOIN orders o ON o.id = p.order_id
        LEFT JOIN (
          SELECT payment_id, coalesce(sum(amount_minor) FILTER (WHERE status = 'succeeded'), 0) AS succeeded,
            coalesce(sum(amount_minor) FILTER (WHERE status = 'pending'), 0) AS pending
          FROM refunds GROUP BY payment_id) r ON r.payment_id = p.id
        LEFT JOIN (
          SELECT payment_id, sum(amount_minor) AS amount FROM disputes WHERE status IN ({_WITHDRAWN})
          GROUP BY payment_id) d ON d.payment_id = p.id
        WHERE {{touched}} AND (p.refunded_minor <> least(p.amount_minor, coalesce(r.succeeded, 0))
          OR p.pending_minor <> least(coalesce(r.pending, 0), greatest(0, p.amount_minor - coalesce(r.succeeded, 0)))
          OR p.disputed_minor <> least(coalesce(d.amount, 0),
            greatest(0, p.amount_minor - coalesce(r.succeeded, 0) - coalesce(r.pending, 0)))
          OR p.refunded_minor + p.pending_minor + p.disputed_minor > p.amount_minor)""",  # noqa: S608 - our own words
    ),
    rule(
        "an order shows what was given back",
        """
        SELECT 'SH-' || o.number || ': ' || o.payment_status AS offender
        FROM orders o LEFT JOIN payments p ON p.order_id = o.id
        WHERE o.payment_status NOT IN ('PENDING', 'PROCESSING', 'FAILED') AND {touched} AND (
          o.refunded_minor <> least(o.total_minor, coalesce(p.refunded_minor, 0))
          OR o.payment_status <> CASE WHEN coalesce(p.refunded_minor, 0) = 0 THEN 'PAID'
            WHEN p.refunded_minor >= p.amount_minor THEN 'REFUNDED' ELSE 'PARTIALLY_REFUNDED' END)""",
    ),
    rule(
        "refunded lines are those of the refunds",
        """
        SELECT DISTINCT 'SH-' || o.number AS offender FROM orders o JOIN order_lines l ON l.order_id = o.id
        LEFT JOIN (
          SELECT p.order_line_id, sum(p.quantity) AS units, sum(p.amount_minor) AS minor
          FROM refund_lines p JOIN refunds r ON r.id = p.refund_id WHERE r.status <> 'failed' GROUP BY p.order_line_id
        ) back ON back.order_line_id = l.id
        WHERE (l.refunded_quantity, l.refunded_minor) <> (coalesce(back.units, 0), coalesce(back.minor, 0))
          AND {touched}""",
    ),
    rule(
        "a refund's lines are no more than the refund",
        """
        SELECT 'SH-' || o.number AS offender FROM refunds r JOIN orders o ON o.id = r.order_id
        LEFT JOIN refund_lines p ON p.refund_id = r.id LEFT JOIN order_lines l ON l.id = p.order_line_id
        WHERE {touched} GROUP BY r.id, o.number HAVING coalesce(sum(p.amount_minor), 0) > r.amount_minor
          OR bool_or(l.order_id <> r.order_id)""",
    ),
    rule(
        "each refund is in the timeline",
        """
        SELECT 'SH-' || o.number AS offender FROM orders o JOIN (
          SELECT order_id, count(*) AS refunds FROM refunds WHERE status = 'succeeded' GROUP BY order_id) r
          ON r.order_id = o.id
        WHERE {touched} AND r.refunds > (
          SELECT count(*) FROM order_events e WHERE e.order_id = o.id AND e.type = 'refunded')""",
    ),
    # A refund that failed has raised an alert; somebody has to find another way to give the money back.
    rule(
        "a cancelled order's money goes back",
        """
        SELECT 'SH-' || o.number AS offender FROM orders o JOIN payments p ON p.order_id = o.id
        WHERE o.status = 'CANCELLED' AND p.refunded_minor + p.pending_minor + p.disputed_minor < p.amount_minor
          AND NOT EXISTS (
            SELECT 1 FROM refunds r JOIN alerts a ON a.kind = 'refund_failed' AND a.subject = CAST(r.id AS text)
            WHERE r.order_id = o.id)""",
    ),
)
