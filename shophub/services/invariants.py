"""The watch over the books: rules that hold whatever happens, checked as queries."""

from time import perf_counter

from shophub.db import AsyncSession
from shophub.domain.statuses import AlertKind
from shophub.repositories import invariants
from shophub.repositories.invariants import RULES
from shophub.schemas.operations import Violation
from shophub.services import alerts


async def find_violations(session: AsyncSession, *, lately: bool = False) -> tuple[Violation, ...]:
    """Return every rule that does not hold, each with up to 20 offenders. Changes nothing.

    Each rule is one query, so it sees one moment; what writes keeps every rule within its transaction.

    Args:
        lately: Look only at what changed since yesterday, where looking at everything would take long.
    """
    if not lately:
        await invariants.allow_long_queries(session)
    found = []
    for rule in RULES:
        offenders = await invariants.list_offenders(session, rule, lately=lately)
        if offenders:
            found.append(Violation(rule.name, offenders))
    return tuple(found)


async def check_and_record(session: AsyncSession, *, lately: bool = False) -> tuple[Violation, ...]:
    """Check every rule, write down what was found, and alert: a broken rule opens one, one that holds closes its own.

    A rule that was broken is checked over everything until it holds again: what broke it may be older than ``lately``.
    """
    if not lately:
        await invariants.allow_long_queries(session)
    broken = await invariants.list_broken(session)
    checked = []
    for rule in RULES:
        began = perf_counter()
        offenders = await invariants.list_offenders(session, rule, lately=lately and rule.name not in broken)
        checked.append((rule, offenders, int((perf_counter() - began) * 1000)))
    for rule, offenders, milliseconds in checked:
        await invariants.record(session, rule, offenders, milliseconds)
        if offenders:
            message = f"{rule.name[0].upper()}{rule.name[1:]}: not so for {', '.join(offenders)}."
            await alerts.raise_alert(session, AlertKind.INVARIANT, rule.name, message)
        elif rule.name in broken:
            await alerts.resolve_subject(session, AlertKind.INVARIANT, rule.name)
    return tuple(Violation(rule.name, offenders) for rule, offenders, _ in checked if offenders)
