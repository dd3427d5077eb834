"""How each rule of the books is broken, and nothing else with it, in the busy shop of ``test_invariants.py``."""

# What the busy shop's orders are called below; PLAIN is paid and nothing more has happened to it.
DELIVERED, CANCELLED, FREE, PLAIN = 1001, 1002, 1003, 1004
ORDER = "(SELECT id FROM orders WHERE number = {})"

# Per rule, what breaks it and nothing else. Triggers and foreign keys are off; CHECK constraints are not.
BREAKS: dict[str, list[str]] = {
    "stock is the sum of its ledger": ["UPDATE variants SET stock = stock + 1 WHERE price_minor = 4500"],
    "stock was never below zero": [
        """INSERT INTO stock_ledger (id, variant_id, delta, reason)
        SELECT -2, id, -50, 'correction' FROM variants WHERE price_minor = 4500;
        INSERT INTO stock_ledger (id, variant_id, delta, reason)
        SELECT -1, id, 50, 'correction' FROM variants WHERE price_minor = 4500"""
    ],
    "what is reserved is what checkouts hold": [
        "UPDATE variants SET reserved = reserved + 1 WHERE price_minor = 4500",
        "UPDATE variants SET reserved = 0",
    ],
    "stock is held for live checkouts alone": [
        f"""WITH back AS (UPDATE reservations SET state = 'held' FROM orders o
          WHERE o.number = {PLAIN} AND reservations.checkout_id = o.checkout_id RETURNING variant_id, quantity)
        UPDATE variants SET reserved = reserved + quantity FROM back WHERE id = variant_id"""
    ],
    "a live checkout holds what is being paid for": [
        """WITH less AS (UPDATE reservations SET quantity = quantity - 1 WHERE state = 'held' RETURNING variant_id)
        UPDATE variants SET reserved = reserved - 1 FROM less WHERE id = variant_id""",
        """WITH gone AS (DELETE FROM reservations WHERE state = 'held' RETURNING variant_id, quantity)
        UPDATE variants SET reserved = reserved - quantity FROM gone WHERE id = variant_id""",
    ],
    "a checkout ends when its time is over": [
        "UPDATE checkouts SET expires_at = now() - interval '61 minutes' WHERE status = 'open'"
    ],
    "what is sold is in the ledger": [
        f"UPDATE stock_ledger SET reference = 'SH-9' WHERE reason = 'order' AND reference = 'SH-{PLAIN}'",
        f"UPDATE stock_ledger SET reference = 'SH-9' WHERE reason = 'order' AND reference = 'SH-{CANCELLED}'",
        """UPDATE stock_ledger SET delta = delta - 1 WHERE reason = 'order' AND reference = 'SH-1004';
        UPDATE stock_ledger SET delta = delta + 1 WHERE reason = 'initial'
          AND variant_id = (SELECT variant_id FROM stock_ledger WHERE reference = 'SH-1004')""",
    ],
    "what came back is in the ledger": [
        f"UPDATE order_lines SET restocked_quantity = 1 WHERE order_id = {ORDER.format(PLAIN)}",
        f"UPDATE stock_ledger SET reason = 'correction' WHERE reason = 'refund' AND reference = 'SH-{DELIVERED}'",
    ],
    "a product's price in lists is that of its cheapest variant": [
        "UPDATE products SET price_from_minor = price_from_minor + 1 WHERE price_from_minor = 4500"
    ],
    "coupon uses are counted": [
        "UPDATE coupons SET used = used + 1",
        "UPDATE coupons SET held = held + 1 WHERE code = 'TEN'",
    ],
    "coupon uses stay within the coupon's limit": ["UPDATE coupons SET max_uses = 1 WHERE code = 'TEN'"],
    "coupon uses stay within a customer's limit": [
        """UPDATE coupons SET max_uses_per_customer = 1 WHERE code = 'TEN';
        UPDATE coupon_redemptions SET email_key = 'ada@example.com',
          use_number = CASE state WHEN 'used' THEN 1 ELSE 2 END WHERE code = 'TEN'""",
        """UPDATE coupons SET max_uses_per_customer = 1 WHERE code = 'TEN';
        UPDATE checkouts SET guest_token_hash = NULL;
        UPDATE coupon_redemptions SET user_id = (SELECT id FROM users LIMIT 1) WHERE code = 'TEN'""",
    ],
    "coupon uses are held for live checkouts alone": [
        f"""INSERT INTO coupon_redemptions (id, coupon_id, code, checkout_id, email_key, use_number, state)
        SELECT gen_random_uuid(), c.id, c.code, o.checkout_id, 'late@example.com', 1, 'held'
        FROM coupons c, orders o WHERE c.code = 'TEN' AND o.number = {PLAIN};
        UPDATE coupons SET held = held + 1 WHERE code = 'TEN'"""
    ],
    "an order with a coupon used it once": [
        f"""UPDATE coupon_redemptions SET state = 'released' WHERE order_id = {ORDER.format(DELIVERED)};
        UPDATE coupons SET used = used - 1 WHERE code = 'TEN'""",
        f"""UPDATE coupon_redemptions SET checkout_id = o.checkout_id
        FROM orders o WHERE o.number = {PLAIN} AND state = 'used' AND code = 'TEN'""",
    ],
    "a completed checkout has one order": [
        "UPDATE checkouts SET status = 'completed' WHERE status = 'expired'",
        f"""UPDATE checkouts SET status = 'expired'
        WHERE id = (SELECT checkout_id FROM orders WHERE number = {PLAIN})""",
    ],
    "an order is what its checkout was paid for": [
        f"UPDATE orders SET coupon_code = 'OTHER' WHERE number = {PLAIN}",
        """UPDATE checkout_revisions SET quote = jsonb_set(quote, '{subtotal_minor}', '1') WHERE checkout_id IN
          (SELECT checkout_id FROM orders)""",
        "UPDATE checkout_revisions SET total_minor = total_minor + 1",
        f"UPDATE payments SET revision = 7 WHERE order_id = {ORDER.format(PLAIN)}",
    ],
    "an order's lines are those that were paid for": [
        f"UPDATE order_lines SET name = 'Something else' WHERE order_id = {ORDER.format(PLAIN)}",
        f"UPDATE order_lines SET position = 7 WHERE order_id = {ORDER.format(PLAIN)}",
    ],
    "an order's lines add up to its sums": [
        f"""UPDATE order_lines SET total_minor = total_minor + 1 WHERE order_id = {ORDER.format(PLAIN)};
        UPDATE checkout_revisions SET lines = jsonb_set(lines, '{{0,total_minor}}',
          to_jsonb(CAST(lines -> 0 ->> 'total_minor' AS int) + 1))
        WHERE checkout_id = (SELECT checkout_id FROM orders WHERE number = {PLAIN})"""
    ],
    "an order's timeline fits its status": [
        f"UPDATE orders SET status = 'SHIPPED' WHERE number = {PLAIN}",
        "DELETE FROM shipments",
        "UPDATE shipments SET delivered_at = NULL",
        "DELETE FROM order_events WHERE type = 'placed'",
        "DELETE FROM order_events WHERE type = 'cancelled'",
        f"UPDATE orders SET payment_status = 'PROCESSING' WHERE number = {FREE}",
    ],
    "an order's steps are in sequence": [
        "UPDATE order_events SET created_at = created_at - interval '1 day' WHERE type = 'shipped'",
        "UPDATE order_events SET created_at = created_at + interval '1 day' WHERE type = 'placed'",
    ],
    "an order that cost something has one payment": [
        f"DELETE FROM payments WHERE order_id = {ORDER.format(PLAIN)}",
        f"UPDATE payments SET stripe_payment_intent_id = 'pi_other' WHERE order_id = {ORDER.format(PLAIN)}",
    ],
    "a payment of another amount was held up": [
        f"UPDATE payments SET amount_minor = amount_minor + 1 WHERE order_id = {ORDER.format(PLAIN)}",
        f"UPDATE payments SET currency = 'EUR' WHERE order_id = {ORDER.format(PLAIN)}",
    ],
    "a payment's sums are its refunds and disputes": [
        f"UPDATE payments SET pending_minor = 1 WHERE order_id = {ORDER.format(PLAIN)}",
        f"UPDATE payments SET disputed_minor = 1 WHERE order_id = {ORDER.format(PLAIN)}",
        f"""INSERT INTO disputes (id, payment_id, stripe_dispute_id, amount_minor, currency, status, opened_at)
        SELECT gen_random_uuid(), p.id, 'dp_1', 5, 'USD', 'lost', now() FROM payments p
        WHERE p.order_id = {ORDER.format(PLAIN)}""",
        f"""UPDATE payments SET refunded_minor = 0 WHERE order_id = {ORDER.format(DELIVERED)};
        UPDATE orders SET refunded_minor = 0, payment_status = 'PAID' WHERE number = {DELIVERED}""",
    ],
    "an order shows what was given back": [
        f"UPDATE orders SET payment_status = 'REFUNDED' WHERE number = {PLAIN}",
        f"UPDATE orders SET refunded_minor = refunded_minor - 1 WHERE number = {DELIVERED}",
        f"UPDATE orders SET payment_status = 'PARTIALLY_REFUNDED' WHERE number = {FREE}",
    ],
    "refunded lines are those of the refunds": [
        f"UPDATE order_lines SET refunded_quantity = 1 WHERE order_id = {ORDER.format(PLAIN)}",
        "UPDATE order_lines SET refunded_minor = refunded_minor - 1 WHERE refunded_minor > 0",
    ],
    "a refund's lines are no more than the refund": [
        """UPDATE refund_lines SET amount_minor = amount_minor + 1;
        UPDATE order_lines SET refunded_minor = refunded_minor + 1 WHERE refunded_minor > 0"""
    ],
    "each refund is in the timeline": [
        f"DELETE FROM order_events WHERE type = 'refunded' AND order_id = {ORDER.format(DELIVERED)}"
    ],
    "a cancelled order's money goes back": [
        f"""UPDATE refunds SET status = 'failed' WHERE order_id = {ORDER.format(CANCELLED)};
        UPDATE order_lines SET refunded_quantity = 0, refunded_minor = 0 WHERE order_id = {ORDER.format(CANCELLED)};
        UPDATE payments SET refunded_minor = 0 WHERE order_id = {ORDER.format(CANCELLED)};
        UPDATE orders SET refunded_minor = 0, payment_status = 'PAID' WHERE number = {CANCELLED}"""
    ],
}
