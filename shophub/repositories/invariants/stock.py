"""Rules about what is on the shelf: stock, ledger, what is set aside, and the price in lists."""

from shophub.repositories.invariants.rules import rule

LEDGER_ROWS_LATELY = 20_000

STOCK_RULES = (
    rule(
        "stock is the sum of its ledger",
        """
        SELECT v.sku || ': ' || v.stock || ' in stock, ' || coalesce(l.units, 0) || ' in the ledger' AS offender
        FROM variants v
        LEFT JOIN (SELECT variant_id, sum(delta) AS units FROM stock_ledger GROUP BY variant_id) l
          ON l.variant_id = v.id
        WHERE v.stock <> coalesce(l.units, 0)""",
    ),
    # Whoever changes a stock holds the variant's row before writing the ledger, so the order of ids is that of time.
    rule(
        "stock was never below zero",
        """
        SELECT v.sku || ': ' || min(l.balance) AS offender
        FROM (SELECT variant_id, sum(delta) OVER (PARTITION BY variant_id ORDER BY id) AS balance FROM stock_ledger) l
        JOIN variants v ON v.id = l.variant_id WHERE l.balance < 0 GROUP BY v.id""",
        # Backwards from what is there now, as far as the last rows reach.
        lately=f"""
        SELECT v.sku || ': ' || min(v.stock - l.later) AS offender
        FROM (
          SELECT variant_id, sum(delta) OVER (PARTITION BY variant_id ORDER BY id DESC) AS later FROM stock_ledger
          WHERE id > (SELECT coalesce(max(id), 0) FROM stock_ledger) - {LEDGER_ROWS_LATELY}) l
        JOIN variants v ON v.id = l.variant_id WHERE v.stock < l.later GROUP BY v.id""",  # noqa: S608 - a number
    ),
    rule(
        "what is reserved is what checkouts hold",
        """
        SELECT v.sku || ': ' || v.reserved || ' reserved, ' || coalesce(r.units, 0) || ' held' AS offender
        FROM variants v
        LEFT JOIN (
          SELECT variant_id, sum(quantity) AS units FROM reservations WHERE state = 'held' GROUP BY variant_id) r
          ON r.variant_id = v.id
        WHERE v.reserved <> coalesce(r.units, 0)""",
    ),
    rule(
        "stock is held for live checkouts alone",
        """
        SELECT DISTINCT 'checkout ' || c.id AS offender FROM reservations r JOIN checkouts c ON c.id = r.checkout_id
        WHERE r.state = 'held' AND c.status NOT IN ('open', 'processing')""",
    ),
    rule(
        "a live checkout holds what is being paid for",
        """
        SELECT DISTINCT 'checkout ' || c.id AS offender
        FROM checkouts c JOIN checkout_revisions r ON r.checkout_id = c.id AND r.number = c.revision
        CROSS JOIN LATERAL (
          SELECT CAST(line ->> 'variant_id' AS uuid) AS variant_id, sum(CAST(line ->> 'quantity' AS int)) AS units
          FROM jsonb_array_elements(r.lines) AS line GROUP BY 1) wanted
        JOIN variants v ON v.id = wanted.variant_id
        LEFT JOIN reservations h ON h.checkout_id = c.id AND h.variant_id = v.id AND h.state = 'held'
        WHERE c.status IN ('open', 'processing') AND coalesce(h.quantity, 0) < wanted.units""",
    ),
    # One whose payment is being processed keeps its goods for as long as that takes.
    rule(
        "a checkout ends when its time is over",
        """
        SELECT 'checkout ' || id AS offender FROM checkouts
        WHERE status = 'open' AND expires_at < now() - interval '1 hour'""",
    ),
    rule(
        "what is sold is in the ledger",
        """
        WITH sold AS (
          SELECT 'SH-' || o.number AS reference, l.variant_id, sum(l.quantity) AS units,
            o.status = 'CANCELLED' AND sum(l.restocked_quantity) = 0 AS may_have_had_none
          FROM orders o JOIN order_lines l ON l.order_id = o.id
          WHERE l.variant_id IS NOT NULL AND {touched} GROUP BY o.id, l.variant_id),
        entered AS (
          SELECT reference, variant_id, -sum(delta) AS units FROM stock_ledger
          WHERE reason = 'order' AND reference IN (SELECT reference FROM sold) GROUP BY reference, variant_id)
        SELECT reference || ': ' || sold.units || ' sold, ' || coalesce(entered.units, 0) || ' entered' AS offender
        FROM sold LEFT JOIN entered USING (reference, variant_id)
        WHERE coalesce(entered.units, 0) <> sold.units
          AND NOT (sold.may_have_had_none AND coalesce(entered.units, 0) = 0)""",
    ),
    rule(
        "what came back is in the ledger",
        """
        WITH back AS (
          SELECT 'SH-' || o.number AS reference, l.variant_id, sum(l.restocked_quantity) AS units
          FROM orders o JOIN order_lines l ON l.order_id = o.id
          WHERE l.variant_id IS NOT NULL AND {touched} GROUP BY o.id, l.variant_id),
        entered AS (
          SELECT reference, variant_id, sum(delta) AS units FROM stock_ledger
          WHERE reason IN ('cancellation', 'refund') AND reference IN (SELECT reference FROM back)
          GROUP BY reference, variant_id)
        SELECT reference || ': ' || back.units || ' back, ' || coalesce(entered.units, 0) || ' entered' AS offender
        FROM back LEFT JOIN entered USING (reference, variant_id) WHERE coalesce(entered.units, 0) <> back.units""",
    ),
    # What lists sort and filter by, and call "from".
    rule(
        "a product's price in lists is that of its cheapest variant",
        """
        SELECT p.slug || ': ' || coalesce(p.price_from_minor::text, 'none') || ', ' || v.lowest AS offender
        FROM products p
        JOIN (SELECT product_id, min(price_minor) AS lowest FROM variants GROUP BY product_id) v ON v.product_id = p.id
        WHERE p.price_from_minor IS DISTINCT FROM v.lowest""",
    ),
)
