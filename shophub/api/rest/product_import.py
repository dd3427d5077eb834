"""Files of products: choosing one to import, and a template to begin with.

Parts of a page that leads a person through the import, so they are not described; programs write products one by one.
"""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from shophub.api.dependencies import SameOrigin, SessionDep
from shophub.api.permissions import requires, requires_first
from shophub.domain.permissions import Permission
from shophub.errors import InvalidInputError
from shophub.schemas.product_import import FILE_FIELD, MAX_IMPORT_BYTES, PATH, TEMPLATE_PATH, UPLOAD_PATH
from shophub.services import notices, product_import
from shophub.services.audit import Actor
from shophub.services.flows.product_import import upload

router = APIRouter(include_in_schema=False)
TOO_LARGE = f"The file is larger than {MAX_IMPORT_BYTES // 1024 // 1024} MB. Import it in parts."
_SEE_OTHER = 303


# The body is read by hand, after the permission was asked for: FastAPI would read a whole body of anybody's first.
@router.post(UPLOAD_PATH, dependencies=[SameOrigin])
async def post_import(
    request: Request, actor: Annotated[Actor, requires_first(Permission.MANAGE_PRODUCTS)]
) -> Response:
    """Keep a file, and lead to its page; what cannot be read leads back with the reason."""
    try:
        name, data = await _given(request)
        import_id = await upload(data, name, actor)
    except InvalidInputError as error:
        return RedirectResponse(f"{PATH}?problem={quote(notices.seal(error.message))}", _SEE_OTHER)
    return RedirectResponse(f"{PATH}?file={import_id}", _SEE_OTHER)


@router.get(TEMPLATE_PATH, dependencies=[requires(Permission.MANAGE_PRODUCTS)])
async def get_template(session: SessionDep) -> Response:
    """Offer a file to begin with."""
    headers: dict[str, Any] = {
        "Content-Disposition": 'attachment; filename="products-template.csv"',
        "Cache-Control": "private, no-store",
    }
    content = await product_import.template(session)
    return Response(content.encode(), media_type="text/csv; charset=utf-8", headers=headers)


async def _given(request: Request) -> tuple[str, bytes]:
    async with request.form(max_files=1, max_fields=4) as form:
        given = form.get(FILE_FIELD)
        if not isinstance(given, UploadFile) or not given.filename:
            raise InvalidInputError("Choose a file.")
        data = await given.read(MAX_IMPORT_BYTES + 1)
        if len(data) > MAX_IMPORT_BYTES:
            raise InvalidInputError(TOO_LARGE)
        return given.filename, data
