"""The store's settings for programs of those who run it."""

from fastapi import APIRouter, Response

from shophub.api.dependencies import SameOrigin, SessionDep, VisitorDep
from shophub.api.description.refusals import refuses
from shophub.api.permissions import ActorDep, requires
from shophub.domain.permissions import Permission
from shophub.errors import CheckoutsOpenError, CurrencyNotConfirmedError, SettingsChangedError
from shophub.schemas.api.settings import SettingsForm, SettingsOut
from shophub.services.rest import settings

router = APIRouter(prefix="/api/admin/settings", tags=["settings"], dependencies=[SameOrigin])


@router.get("", dependencies=[requires(Permission.MANAGE_SETTINGS)])
async def get_settings(response: Response, session: SessionDep) -> SettingsOut:
    """Show all settings."""
    response.headers["Cache-Control"] = "no-store"
    return await settings.get_settings(session)


@router.put(
    "",
    dependencies=[requires(Permission.MANAGE_SETTINGS, step_up=True)],
    openapi_extra=refuses(SettingsChangedError, CurrencyNotConfirmedError, CheckoutsOpenError),
)
async def put_settings(
    form: SettingsForm, response: Response, session: SessionDep, visitor: VisitorDep, actor: ActorDep
) -> SettingsOut:
    """Put these settings in the place of all; they hold at once, everywhere."""
    response.headers["Cache-Control"] = "no-store"
    return await settings.replace(session, form, visitor, actor)
