"""Pictures of the staff: what a file really is, is found out here and not read from what it says of itself."""

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from starlette.datastructures import UploadFile

from shophub.api.dependencies import SameOrigin
from shophub.api.errors import error_answer
from shophub.api.permissions import ActorDep, requires
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError
from shophub.lib.pictures import MAX_BYTES
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
                }
            }
        },
    }
}


class PictureOut(BaseModel):
    """A stored picture. Sizes are pixels."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)

    public_id: str
    url: str
    width: int
    height: int


@router.post(
    "/upload",
    status_code=201,
    response_model=PictureOut,
    openapi_extra=_BODY,
    dependencies=[requires(Permission.MANAGE_PRODUCTS)],
)
async def post_upload(request: Request, actor: ActorDep) -> PictureOut | Response:
    """Store a JPEG, PNG, WebP or AVIF picture of up to 5 MB."""
    async with request.form(max_files=1, max_fields=4) as form:
        given = form.get(FIELD)
        if not isinstance(given, UploadFile):
            raise InvalidInputError("Choose a picture.", {FIELD: "Choose a picture."})
        data = await given.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        return error_answer(413, TOO_LARGE, "too_large")
    return PictureOut.model_validate(await upload_picture(data, actor))
