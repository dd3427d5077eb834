"""Pictures of the staff: what a file really is, is found out here and not read from what it says of itself."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from shophub.api.dependencies import SameOrigin
from shophub.api.description.refusals import refuses
from shophub.api.errors import error_answer
from shophub.api.permissions import requires_first
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError, ProviderError
from shophub.lib.pictures import MAX_BYTES, NotAPictureError
from shophub.schemas.api.products import UploadOut
from shophub.services.audit import Actor
from shophub.services.flows.upload_picture import upload_picture

router = APIRouter(prefix="/api/admin", tags=["pictures"], dependencies=[SameOrigin])

FIELD = "file"
TOO_LARGE = "A picture may have up to 5 MB."
# Read by hand, after the permission was asked for: FastAPI would read a whole body of anybody's first.
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [FIELD],
                    "properties": {FIELD: {"type": "string", "format": "binary"}},
                },
                "encoding": {FIELD: {"contentType": "image/jpeg, image/png, image/webp, image/avif"}},
            }
        },
    }
}


@router.post(
    "/upload",
    status_code=201,
    response_model=UploadOut,
    openapi_extra={**refuses(NotAPictureError, ProviderError), **_BODY},
)
async def post_upload(
    request: Request, actor: Annotated[Actor, requires_first(Permission.MANAGE_PRODUCTS)]
) -> UploadOut | Response:
    """Store a JPEG, PNG, WebP or AVIF picture of up to 5 MB; what nothing shows within a day is removed again.

    It is judged by its content, whatever it is called, and drawn anew: nothing but its pixels is kept. Products are
    written with its ``publicId``.
    """
    async with request.form(max_files=1, max_fields=4) as form:
        given = form.get(FIELD)
        if not isinstance(given, UploadFile):
            raise InvalidInputError("Choose a picture.", {FIELD: "Choose a picture."})
        data = await given.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        return error_answer(413, TOO_LARGE, "too_large")
    return UploadOut.model_validate(await upload_picture(data, actor))
