"""The page that imports products: a file, its columns, its check, its import."""

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from uuid import UUID

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission, may
from shophub.errors import ShopHubError, WorkNotFoundError
from shophub.lib.clock import utc_now
from shophub.schemas.product_import import PATH, ImportView
from shophub.schemas.work import WorkView
from shophub.services import long_jobs, notices, product_import
from shophub.services.authorisation import role_of
from shophub.services.views.product_import import import_view
from shophub.services.views.work import work_view
from shophub.state import live
from shophub.state.guards import handler
from shophub.state.page_actions import focus
from shophub.state.session import AdminState

if TYPE_CHECKING:
    from shophub.db import AsyncSession
    from shophub.services.live import Notice


class ProductImportState(AdminState, rx.State):
    """``file`` is what the address names; ``check`` and ``run`` are the work about it.

    ``error`` stands above them, ``start_error`` beside the button that imports.
    """

    loaded: rx.Field[str] = rx.field("")
    file: rx.Field[ImportView] = rx.field(default_factory=ImportView)
    latest: rx.Field[tuple[ImportView, ...]] = rx.field(default_factory=tuple)
    check: rx.Field[WorkView] = rx.field(default_factory=WorkView)
    run: rx.Field[WorkView] = rx.field(default_factory=WorkView)
    error: rx.Field[str] = rx.field("")
    start_error: rx.Field[str] = rx.field("")

    @handler(Permission.MANAGE_PRODUCTS)
    async def load(self) -> None:
        """Read the file that the address names, or what could be gone on with."""
        given = parse_qs(str(self.router.url.query))
        self.error, self.start_error = notices.read(given.get("problem", [""])[0]), ""
        self.file, self.check, self.run = ImportView(), WorkView(), WorkView()
        async with transaction() as session:
            owner = await self._owner_id(session)
            rows = await product_import.list_latest(session, owner)
            self.latest = tuple(import_view(row, utc_now()) for row in rows)
            if "file" in given:
                await self._read(session, owner, given["file"][0])
        self.loaded = PATH

    @handler(Permission.MANAGE_PRODUCTS)
    async def set_column(self, place: str, name: str) -> None:
        """Say what a column of the file is taken for, nothing: it is left out. Another one is not taken for it then."""
        mapping = {known: at for known, at in self._mapping().items() if known != name and str(at) != place}
        if name and place.isascii() and place.isdigit() and len(place) < 5:
            mapping[name] = int(place)
        await self._map(mapping, self.file.creates_categories)

    @handler(Permission.MANAGE_PRODUCTS)
    async def set_creates(self, creates: bool) -> None:
        """Say whether categories that are not there are made."""
        await self._map(self._mapping(), creates)

    @handler(Permission.MANAGE_PRODUCTS)
    async def start_check(self) -> Any:
        """Have the file looked through."""
        if not self.file.id:
            return None
        self.error = self.start_error = ""
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                await product_import.start_check(session, actor, UUID(self.file.id))
                await self._read(session, await self._owner_id(session), self.file.id)
        except ShopHubError as error:
            self.error = error.message
            return None
        return focus("check")

    @handler(Permission.MANAGE_PRODUCTS)
    async def start_import(self, form_data: dict[str, Any]) -> Any:
        """Import what was checked."""
        if not self.file.id:
            return None
        self.start_error = ""
        try:
            async with transaction() as session:
                actor = self._actor(await self._visitor(session))
                skips = form_data.get("skip") in {"on", True, "true"}
                await product_import.start_import(session, actor, UUID(self.file.id), skips_errors=skips)
                await self._read(session, await self._owner_id(session), self.file.id)
        except ShopHubError as error:
            self.start_error = error.message
            return focus("skip")
        return focus("import")

    def _mapping(self) -> dict[str, int]:
        return {header.column: int(header.place) for header in self.file.headers if header.column}

    async def _map(self, mapping: dict[str, int], creates: bool) -> None:
        if not self.file.id:
            return
        self.error = ""
        try:
            async with transaction() as session:
                owner = await self._owner_id(session)
                await product_import.set_mapping(
                    session, owner, UUID(self.file.id), mapping, creates_categories=creates
                )
                await self._read(session, owner, self.file.id)
        except ShopHubError as error:
            self.error = error.message

    async def _read(self, session: "AsyncSession", owner: UUID, import_id: str) -> None:
        try:
            row = await product_import.get(session, owner, UUID(import_id))
        except (ShopHubError, ValueError) as error:
            self.file = ImportView()
            self.error = error.message if isinstance(error, ShopHubError) else "There is no such file."
            return
        self.file = import_view(row, utc_now())
        self.check = await _work(session, owner, row.check_job_id)
        self.run = await _work(session, owner, row.import_job_id)

    async def _refresh(self, _notice: "Notice") -> None:
        """Show how far the work about the file is."""
        if self.router.url.path != PATH or not self.file.id:
            return
        async with transaction() as session:
            visitor = await self._visitor(session)
            if visitor.user is not None and may(role_of(visitor), Permission.MANAGE_PRODUCTS):
                await self._read(session, visitor.user.id, self.file.id)

    async def _owner_id(self, session: "AsyncSession") -> UUID:
        visitor = await self._visitor(session)
        return visitor.user.id if visitor.user else UUID(int=0)


async def _work(session: "AsyncSession", owner: UUID, job_id: UUID | None) -> WorkView:
    if job_id is None:
        return WorkView()
    try:
        return work_view(await long_jobs.get(session, owner, job_id), utc_now())
    except WorkNotFoundError:
        return WorkView()


live.refreshes("work", ProductImportState, ProductImportState._refresh)
