"""Rules about coupons: a use is held by a live checkout, or counted with an order."""

from shophub.repositories.invariants.rules import rule

# A limit may be set below the uses that there are: then none is given out any more, so the newest is older than it.
# A use whose hold had ended before the payment came was paid for all the same, so no limit can refuse it. It was never
# held, so it ended in the moment in which it was made; a free order's is held and counted in one transaction too.
# What a guest held counts under the guest's address: whose account it would become was not known.
_WITHIN_LIMITS = """(
  SELECT r.coupon_id, r.email_key, CASE WHEN k.guest_token_hash IS NULL THEN r.user_id END AS user_id, r.created_at
  FROM coupon_redemptions r JOIN checkouts k ON k.id = r.checkout_id LEFT JOIN orders o ON o.id = r.order_id
  WHERE r.state <> 'released' AND r.coupon_id IS NOT NULL
    AND NOT (r.state = 'used' AND r.created_at = r.ended_at AND coalesce(o.total_minor, 0) > 0)) AS r"""

COUPON_RULES = (
    rule(
        "coupon uses are counted",
        """
        SELECT c.code || ': ' || c.used || ' used and ' || c.held || ' held, counted '
          || coalesce(r.used, 0) || ' and ' || coalesce(r.held, 0) AS offender
        FROM coupons c LEFT JOIN (
          SELECT coupon_id, count(*) FILTER (WHERE state = 'used') AS used,
            count(*) FILTER (WHERE state = 'held') AS held
          FROM coupon_redemptions WHERE state <> 'released' GROUP BY coupon_id) r ON r.coupon_id = c.id
        WHERE (c.used, c.held) <> (coalesce(r.used, 0), coalesce(r.held, 0))""",
    ),
    rule(
        "coupon uses stay within the coupon's limit",
        f"""
        SELECT c.code || ': ' || count(*) || ' of ' || c.max_uses AS offender
        FROM coupons c JOIN {_WITHIN_LIMITS} ON r.coupon_id = c.id
        WHERE c.max_uses IS NOT NULL GROUP BY c.id
        HAVING count(*) > c.max_uses AND max(r.created_at) > coalesce(c.limits_set_at, '-infinity')""",  # noqa: S608 - our own text
    ),
    rule(
        "coupon uses stay within a customer's limit",
        f"""
        SELECT c.code || ': ' || max(counted.uses) || ' of ' || c.max_uses_per_customer AS offender
        FROM coupons c JOIN (
          SELECT coupon_id, count(*) AS uses, max(created_at) AS newest FROM {_WITHIN_LIMITS}
          GROUP BY coupon_id, email_key
          UNION ALL
          SELECT coupon_id, count(*), max(created_at) FROM {_WITHIN_LIMITS} WHERE user_id IS NOT NULL
          GROUP BY coupon_id, user_id
        ) counted ON counted.coupon_id = c.id
        WHERE counted.uses > c.max_uses_per_customer AND counted.newest > coalesce(c.limits_set_at, '-infinity')
        GROUP BY c.id""",  # noqa: S608 - our own text
    ),
    rule(
        "coupon uses are held for live checkouts alone",
        """
        SELECT DISTINCT 'checkout ' || c.id AS offender
        FROM coupon_redemptions r JOIN checkouts c ON c.id = r.checkout_id
        WHERE r.state = 'held' AND c.status NOT IN ('open', 'processing')""",
    ),
    rule(
        "an order with a coupon used it once",
        """
        SELECT 'SH-' || o.number AS offender FROM orders o
        WHERE o.coupon_id IS NOT NULL AND {touched}
          AND (o.status <> 'CANCELLED') <> EXISTS (
            SELECT 1 FROM coupon_redemptions r
            WHERE r.order_id = o.id AND r.coupon_id = o.coupon_id AND r.state = 'used')
        UNION ALL
        SELECT 'checkout ' || r.checkout_id FROM coupon_redemptions r LEFT JOIN orders o ON o.id = r.order_id
        WHERE r.state = 'used' AND (o.id IS NULL OR o.checkout_id <> r.checkout_id)""",
    ),
)
