"""Lists of the back office as files for spreadsheets: what the address of a list's page finds, all its pages."""

from collections.abc import AsyncIterator, Callable

from fastapi import Request
from fastapi.responses import StreamingResponse

from shophub.db import AsyncSession, reading
from shophub.lib.tables import TableQuery, TableSpec, parse_table

PartsOf = Callable[[AsyncSession, TableQuery], AsyncIterator[str]]


def csv_file(spec: TableSpec, request: Request, parts_of: PartsOf) -> StreamingResponse:
    """Offer what a list's address finds, in parts, each of which is read when the one before has been taken.

    Somebody with a slow line takes their time: meanwhile no connection to the database is held.
    """
    query = parse_table(spec, request.query_params.multi_items())

    async def parts() -> AsyncIterator[str]:
        async with reading() as session:
            async for part in parts_of(session, query):
                await session.close()  # it asks for a connection again with its next statement
                yield part

    headers = {"Content-Disposition": f'attachment; filename="{spec.name}.csv"', "Cache-Control": "private, no-store"}
    return StreamingResponse(parts(), media_type="text/csv; charset=utf-8", headers=headers)
