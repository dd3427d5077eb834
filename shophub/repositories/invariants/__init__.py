"""The rules of the books as queries, and what the last check of each found."""

import json
from collections.abc import Sequence

from sqlalchemy import text

from shophub.db import AsyncSession
from shophub.repositories.invariants.coupons import COUPON_RULES
from shophub.repositories.invariants.money import MONEY_RULES
from shophub.repositories.invariants.orders import ORDER_RULES
from shophub.repositories.invariants.rules import Rule
from shophub.repositories.invariants.stock import STOCK_RULES

__all__ = ["RULES", "Rule", "allow_long_queries", "list_broken", "list_offenders", "record"]

RULES: tuple[Rule, ...] = (*STOCK_RULES, *COUPON_RULES, *ORDER_RULES, *MONEY_RULES)

RECORD = text("""
INSERT INTO invariant_checks (name, checked_at, violations, sample, milliseconds)
VALUES (:name, now(), :violations, CAST(:sample AS jsonb), :milliseconds)
ON CONFLICT (name) DO UPDATE SET checked_at = excluded.checked_at, violations = excluded.violations,
  sample = excluded.sample, milliseconds = excluded.milliseconds
""")


async def list_offenders(session: AsyncSession, rule: Rule, *, lately: bool) -> tuple[str, ...]:
    """Return what breaks a rule, at most 20, as text without personal data."""
    statement = text(rule.lately if lately else rule.everything)
    return tuple((await session.execute(statement)).scalars())


async def list_broken(session: AsyncSession) -> frozenset[str]:
    """Return the names of the rules that did not hold when they were last checked."""
    return frozenset((await session.execute(text("SELECT name FROM invariant_checks WHERE violations > 0"))).scalars())


async def record(session: AsyncSession, rule: Rule, offenders: Sequence[str], milliseconds: int) -> None:
    """Note what a check found."""
    values = {
        "name": rule.name,
        "violations": len(offenders),
        "sample": json.dumps(list(offenders)),
        "milliseconds": milliseconds,
    }
    await session.execute(RECORD, values)


async def allow_long_queries(session: AsyncSession) -> None:
    """Let this transaction's queries take minutes: a full pass over years of orders is no request that hangs."""
    await session.execute(text("SET LOCAL statement_timeout = '10min'"))
