"""What the search box offers while somebody types."""

from collections import Counter
from collections.abc import Iterable
from urllib.parse import urlencode

from shophub.db import AsyncSession
from shophub.integrations.cloudinary import image_url
from shophub.lib.money import format_money
from shophub.repositories import suggestions
from shophub.repositories.suggestions import SuggestedCategory, SuggestedProduct, SuggestionRow
from shophub.schemas.search import (
    ProductSuggestionView,
    QuerySuggestionView,
    ScopeSuggestionView,
    SuggestionsView,
    TextPart,
)
from shophub.services import spelling, stores
from shophub.services.search_text import clean_query, words_of
from shophub.services.views.cards import PLACEHOLDER

MIN_LETTERS = 2
QUERIES = 6
SCOPES = 3
# Of the queries, so many at most are one word longer than what was typed.
SINGLE = 4
THUMB = (96, 120)
NOTHING = "No suggestions, press Enter to search"


async def suggest(session: AsyncSession, typed: str) -> SuggestionsView:
    """Return at most 6 queries that go on from what was typed, 3 categories, 4 products; nothing below two letters.

    Where nothing begins with what was typed, the suggestions are for its correction. At most five statements, as a rule
    two.
    """
    q = clean_query(typed)
    words = words_of(q)
    if len("".join(words)) < MIN_LETTERS:
        return SuggestionsView(q=q)
    row = await suggestions.find(session, words)
    corrected = ""
    if not row.names and not row.categories:
        corrected = await spelling.correct(session, q)
        if not corrected:
            return SuggestionsView(q=q, count_text=NOTHING)
        words = words_of(corrected)
        row = await suggestions.find(session, words)
    known = await spelling.vocabulary(session)
    store = await stores.get_store(session)
    own = [corrected] if corrected else []
    queries = list(dict.fromkeys([*own, *_completions(words, row.names, known)]))[:QUERIES]
    view = SuggestionsView(
        q=q,
        corrected=corrected,
        queries=tuple(_query(query, "" if corrected else " ".join(words)) for query in queries),
        scopes=_scopes(row, " ".join(words) if corrected or words[-1] in known else _one_meaning(words, queries)),
        products=tuple(_product(one, words, store.currency) for one in row.products),
    )
    count = len(view.queries) + len(view.scopes) + len(view.products)
    text = NOTHING if not count else "1 suggestion" if count == 1 else f"{count} suggestions"
    return SuggestionsView(q, corrected, view.queries, view.scopes, view.products, count, text)


def _completions(words: list[str], names: Iterable[str], known: dict[str, int]) -> list[str]:
    """Return searches that go on from the words: first whole words, the commonest first, then two words from names."""
    before, last = words[:-1], words[-1]
    singles: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for name in names:
        said = words_of(name)
        for place, word in enumerate(said):
            if not word.startswith(last) or word in before:
                continue
            if word.isalpha():
                singles[word] += 1
            following = said[place + 1] if place + 1 < len(said) else ""
            if following.isalpha() and len(following) > MIN_LETTERS and following not in before:
                pairs[f"{word} {following}"] += 1
    typed = " ".join(words)
    ranked = sorted(singles, key=lambda word: (-(known.get(word, 0) if not before else singles[word]), word))
    first = [" ".join([*before, word]) for word in ranked]
    then = [" ".join([*before, pair]) for pair, _ in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))]
    first, more = [one for one in first if one != typed], [one for one in then if one != typed]
    return [*first[:SINGLE], *more, *first[SINGLE:]]


def _one_meaning(words: list[str], queries: list[str]) -> str:
    """Return the words with the last one whole where all queries go on with the same; else as they were typed.

    Of several words, each category would have products of one or another only; a search takes the last word as a
    beginning.
    """
    lasts = {query.split()[len(words) - 1] for query in queries}
    return " ".join([*words[:-1], lasts.pop() if len(lasts) == 1 else words[-1]])


def _query(query: str, typed: str) -> QuerySuggestionView:
    goes_on = bool(typed) and query.startswith(typed)
    parts = (TextPart(typed), TextPart(query[len(typed) :], is_match=True)) if goes_on else (TextPart(query, True),)
    return QuerySuggestionView(query, f"/search?{urlencode({'q': query})}", parts)


def _scopes(row: SuggestionRow, query: str) -> tuple[ScopeSuggestionView, ...]:
    """Return categories that are called so, then the query within those that have most of such products."""
    called = [one for one in row.categories if one.is_called][: SCOPES - 1]
    within = [one for one in row.categories if not one.is_called and one.slug not in {two.slug for two in called}]
    return tuple([_category(one) for one in called] + [_within(one, query) for one in within])[:SCOPES]


def _category(category: SuggestedCategory) -> ScopeSuggestionView:
    return ScopeSuggestionView(category.name, "", category.name, f"/categories/{category.slug}")


def _within(category: SuggestedCategory, query: str) -> ScopeSuggestionView:
    url = f"/search?{urlencode({'q': query, 'category': category.slug})}"
    return ScopeSuggestionView(f"{query} in {category.name}", query, category.name, url)


def _product(product: SuggestedProduct, words: list[str], currency: str) -> ProductSuggestionView:
    price = format_money(product.price_from_minor, currency)
    width, height = THUMB
    return ProductSuggestionView(
        name=product.name,
        url=f"/products/{product.slug}",
        price_text=price if product.highest_minor == product.price_from_minor else f"From {price}",
        parts=_marked(product.name, words),
        image_url=image_url(product.public_id, width=width, height=height) if product.public_id else "",
        image_alt=product.alt or product.name,
        image_colour=product.colour or PLACEHOLDER,
    )


def _marked(name: str, words: list[str]) -> tuple[TextPart, ...]:
    """Return the name in pieces, the beginnings of its words that were typed marked."""
    parts: list[TextPart] = []
    place = 0
    low = name.lower()
    if len(low) != len(name):  # a letter that becomes two in lower case
        return (TextPart(name),)
    while place < len(name):
        at_start = place == 0 or not low[place - 1].isalnum()
        typed = max((word for word in words if at_start and low.startswith(word, place)), key=len, default="")
        length = len(typed) or 1
        if parts and parts[-1].is_match == bool(typed):
            parts[-1] = TextPart(parts[-1].text + name[place : place + length], bool(typed))
        else:
            parts.append(TextPart(name[place : place + length], bool(typed)))
        place += length
    return tuple(parts)
