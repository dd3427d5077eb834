"""What the palette of the back office finds. It serves that page alone and changes with it: it is not described."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from shophub.api.dependencies import SessionDep, VisitorDep
from shophub.api.permissions import requires
from shophub.domain.permissions import Permission
from shophub.schemas.admin_shell import PaletteOut
from shophub.services import palette
from shophub.services.authorisation import role_of

router = APIRouter(prefix="/api/admin", include_in_schema=False)


@router.get("/palette", dependencies=[requires(Permission.ENTER_BACK_OFFICE)])
async def get_palette(
    response: Response, session: SessionDep, visitor: VisitorDep, q: Annotated[str, Query(max_length=100)] = ""
) -> PaletteOut:
    """Return what somebody may jump to; what the role may not use is not looked for."""
    response.headers["Cache-Control"] = "no-store"
    return await palette.find(session, role_of(visitor), q)
