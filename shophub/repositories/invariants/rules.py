"""What a rule of the books is: a query that finds what breaks it."""

from dataclasses import dataclass

# Identifiers begin with the time at which they were made (UUIDv7), so the timeline's own key finds what was touched
# since yesterday without reading the rest.
_TOUCHED = """o.id IN (
    SELECT e.order_id FROM order_events e WHERE e.id >= CAST(
      lpad(to_hex(CAST(extract(epoch FROM now() - interval '1 day') * 1000 AS bigint)), 12, '0') || repeat('0', 20)
      AS uuid))"""

SAMPLE = 20


@dataclass(frozen=True)
class Rule:
    """A rule by its name and two forms of its query, each of which returns the offenders as text, at most 20.

    ``lately`` looks at what changed since yesterday and may miss what is older; ``everything`` misses nothing.
    """

    name: str
    everything: str
    lately: str

    @property
    def has_short_form(self) -> bool:
        """Return whether looking at what changed lately is less than looking at everything."""
        return self.lately != self.everything


def rule(name: str, sql: str, lately: str | None = None) -> Rule:
    """Return a rule. ``{touched}`` in its query stands for the orders ``o`` that are looked at."""
    everything = sql.replace("{touched}", "true")
    return Rule(name, _limited(everything), _limited(lately or sql.replace("{touched}", _TOUCHED)))


def _limited(sql: str) -> str:
    return f"SELECT offender FROM ({sql}) AS found LIMIT {SAMPLE}"  # noqa: S608 - our own text
