"""Words that search takes for the same, in groups that the merchant edits. A change holds from the next search on."""

import hashlib
import json
from collections.abc import Sequence

from shophub.db import AsyncSession
from shophub.errors import InvalidInputError, SynonymsChangedError
from shophub.repositories import stores
from shophub.schemas.search import SynonymsView
from shophub.services import audit
from shophub.services.audit import Actor
from shophub.services.search_text import words_of

MAX_GROUPS = 200
MAX_TERMS = 10
MAX_TERM_LENGTH = 40

Groups = tuple[tuple[str, ...], ...]


async def get_synonyms(session: AsyncSession) -> SynonymsView:
    """Return the groups, and the version that ``replace_synonyms`` asks for."""
    return _view((await stores.get_store(session)).synonyms)


async def replace_synonyms(
    session: AsyncSession, groups: Sequence[Sequence[str]], *, version: str, actor: Actor
) -> SynonymsView:
    """Put these groups in the place of all. Each has two to ten terms of one word or a few, up to 40 letters.

    Capitals and punctuation do not count; a term twice in a group is kept once.

    Raises:
        SynonymsChangedError: Somebody else changed them since ``version``; nothing has changed.
        InvalidInputError: Too many, too long, or a group with fewer than two terms.
    """
    wanted = tuple(_group(group, number) for number, group in enumerate(groups, 1))
    if len(wanted) > MAX_GROUPS:
        raise InvalidInputError(f"At most {MAX_GROUPS} groups can be kept.", {"groups": f"at most {MAX_GROUPS}"})
    standing = await stores.lock_synonyms(session)
    if _version(standing) != version:
        raise SynonymsChangedError("Somebody else changed the synonyms. Load them again before you change them.")
    if wanted != standing:
        await stores.set_synonyms(session, wanted)
        await audit.record(
            session,
            actor,
            "synonyms.replace",
            target="settings",
            before={"groups": [", ".join(group) for group in standing]},
            after={"groups": [", ".join(group) for group in wanted]},
        )
    return _view(wanted)


def joined(groups: Groups, terms: Sequence[str]) -> Groups:
    """Return the groups with these terms taken for the same: in the group that one of them is in, or in one of theirs.

    Groups that they have in common become one.
    """
    added = tuple(dict.fromkeys(term for term in (" ".join(words_of(one)) for one in terms) if term))
    kept = tuple(group for group in groups if not set(added) & set(group))
    met = tuple(term for group in groups if set(added) & set(group) for term in group)
    return (*kept, tuple(dict.fromkeys((*met, *added))))


def _group(typed: Sequence[str], number: int) -> tuple[str, ...]:
    terms = tuple(dict.fromkeys(term for term in (" ".join(words_of(one)) for one in typed) if term))
    if not 2 <= len(terms) <= MAX_TERMS:
        raise InvalidInputError(
            f"Group {number} needs two to {MAX_TERMS} different terms.", {"groups": f"two to {MAX_TERMS} terms each"}
        )
    if any(len(term) > MAX_TERM_LENGTH for term in terms):
        raise InvalidInputError(
            f"A term of group {number} is too long.", {"groups": f"at most {MAX_TERM_LENGTH} letters a term"}
        )
    return terms


def _view(groups: Groups) -> SynonymsView:
    return SynonymsView(groups, _version(groups))


def _version(groups: Groups) -> str:
    return hashlib.sha256(json.dumps(groups).encode()).hexdigest()[:16]
