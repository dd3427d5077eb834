"""What a rule of the books is: a query that finds what breaks it."""

from dataclasses import dataclass

# Identifiers begin with the time at which they were made (UUIDv7).
_YESTERDAY = """CAST(
      lpad(to_hex(CAST(extract(epoch FROM now() - interval '1 day') * 1000 AS bigint)), 12, '0') || repeat('0', 20)
      AS uuid)"""
# So the timeline's own key finds what was touched; as an array, so that the orders are looked up one by one.
_TOUCHED = f"""o.id = ANY (ARRAY(
    SELECT DISTINCT e.order_id FROM order_events e WHERE e.id >= {_YESTERDAY}))"""  # noqa: S608 - our own text

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
    """Return a rule. In its query, ``{touched}`` stands for the orders ``o``, ``{made}`` for the checkouts ``c`` that
    are looked at.
    """
    everything = sql.replace("{touched}", "true").replace("{made}", "true")
    short = lately or sql.replace("{touched}", _TOUCHED).replace("{made}", f"c.id >= {_YESTERDAY}")
    return Rule(name, _limited(everything), _limited(short))


def _limited(sql: str) -> str:
    # Materialised: with the limit in sight, the planner nests loops over everything in the hope of a quick find.
    return f"WITH found AS MATERIALIZED ({sql}) SELECT offender FROM found LIMIT {SAMPLE}"  # noqa: S608 - our own text
