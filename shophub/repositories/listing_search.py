"""What is searched for, as PostgreSQL's full text search takes it."""

import json
from dataclasses import dataclass
from typing import Any

# A slot is one place in what was typed: its words, or other words for the same. Each as English and as written (brands,
# codes), the last one as a beginning too. A word that English leaves out ("the") asks for nothing, but at the end.
# What is no word to the database ("½") is left out. Operators and quotes go through websearch instead.
ASKED = """
SELECT websearch_to_tsquery('english', :typed) || coalesce((
  SELECT string_agg('(' || slot.q || ')', ' & ')::tsquery FROM (
    SELECT string_agg((
      plainto_tsquery('english', word ->> 0) || plainto_tsquery('simple', word ->> 0)
      || CASE WHEN (word ->> 1)::boolean THEN to_tsquery('simple', (word ->> 0) || ':*') ELSE ''::tsquery END
      )::text, ' | ') AS q
    FROM jsonb_array_elements(CAST(:slots AS jsonb)) WITH ORDINALITY AS given(slot, nr)
    CROSS JOIN LATERAL jsonb_array_elements(slot) AS word
    WHERE numnode(plainto_tsquery('english', word ->> 0)) > 0
      OR (word ->> 1)::boolean AND numnode(to_tsquery('simple', (word ->> 0) || ':*')) > 0
    GROUP BY nr) slot), ''::tsquery) AS q
"""


@dataclass(frozen=True)
class Word:
    """Letters and digits in lower case, or several such in spaces. ``is_beginning``: more letters may follow."""

    text: str
    is_beginning: bool = False


@dataclass(frozen=True)
class Search:
    """What is searched for: the text as typed, with its operators, or its words in order, each with its synonyms."""

    typed: str = ""
    slots: tuple[tuple[Word, ...], ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """Return the parameters of ``ASKED``."""
        slots = [[[word.text, word.is_beginning] for word in slot] for slot in self.slots]
        return {"typed": self.typed, "slots": json.dumps(slots)}
