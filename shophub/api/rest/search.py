"""What the search box offers while somebody types."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from shophub.api.caching import public_json
from shophub.api.dependencies import SessionDep
from shophub.api.permissions import PUBLIC
from shophub.schemas.search import SuggestionsOut
from shophub.services.suggestions import suggest

router = APIRouter(prefix="/api/search", tags=["search"])

# Who deletes a letter again is answered by the browser itself; a price is never older than this.
KEPT_SECONDS = 5


@router.get("/suggestions", dependencies=[PUBLIC], response_model=SuggestionsOut)
async def get_suggestions(
    request: Request, session: SessionDep, q: Annotated[str, Query(max_length=1_000)] = ""
) -> Response:
    """Return queries, categories and products for what was typed so far; nothing below two letters."""
    found = SuggestionsOut.model_validate(await suggest(session, q))
    return public_json(request, found, max_age_seconds=KEPT_SECONDS)
