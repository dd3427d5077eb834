"""The one decorator of event handlers: says what a handler needs, and asks for it at each call.

In Reflex every public method of a state can be called by any client with any argument, decorated or not. A test walks
the registry and fails for a handler without a declared permission.
"""

import functools
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any
from urllib.parse import quote

import reflex as rx

from shophub.db import transaction
from shophub.domain.permissions import Permission
from shophub.errors import ForbiddenError, StepUpRequiredError, TwoFactorRequiredError, UnauthenticatedError
from shophub.lib.ui_ids import STEP_UP_DIALOG
from shophub.services import authorisation, notices, visitors
from shophub.state import live
from shophub.state.page_actions import open_dialog

SECURITY_PAGE = "/account/security"


def handler(
    permission: Permission, *, step_up: bool = False, background: bool = False
) -> Callable[[Callable[..., Any]], Any]:
    """Register a method of a state as a handler that only those with ``permission`` can use.

    Nobody else's call reaches the method. Who is not signed in goes to the sign-in page and comes back; who may not is
    told; with ``step_up``, who entered the password too long ago is asked for it. A handler that everybody may use
    (``Permission.VISIT``) asks nothing of the database.
    """

    def decorate(method: Callable[..., Any]) -> Any:
        if permission is Permission.VISIT:
            guarded = _for_everybody(method)
        elif inspect.isasyncgenfunction(method):
            guarded = _guarded_generator(method, permission, step_up, background)
        else:
            guarded = _guarded(method, permission, step_up, background)
        guarded.__permission__ = permission  # type: ignore[attr-defined]
        guarded.__step_up__ = step_up  # type: ignore[attr-defined]
        register: Any = rx.event  # its types want the state that the method belongs to, which is not there yet
        return register(guarded, background=True) if background else register(guarded)

    return decorate


def _for_everybody(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that nobody is asked for, of which live pages know when it began."""
    if inspect.isasyncgenfunction(method):

        @functools.wraps(method)
        async def generating(self: Any, *arguments: Any, **named: Any) -> AsyncIterator[Any]:
            live.begin()
            async with aclosing(method(self, *arguments, **named)) as events:
                async for event in events:
                    yield event

        return generating
    if not inspect.iscoroutinefunction(method):
        return method  # reads nothing

    @functools.wraps(method)
    async def awaited(self: Any, *arguments: Any, **named: Any) -> Any:
        live.begin()
        return await method(self, *arguments, **named)

    return awaited


def _guarded(method: Callable[..., Any], permission: Permission, step_up: bool, background: bool) -> Callable[..., Any]:
    @functools.wraps(method)
    async def guarded(self: Any, *arguments: Any, **named: Any) -> Any:
        live.begin()
        refusal = await _refused(self, permission, step_up, background)
        if refusal is not None:
            return refusal
        result = method(self, *arguments, **named)
        return await result if inspect.isawaitable(result) else result

    return guarded


def _guarded_generator(
    method: Callable[..., Any], permission: Permission, step_up: bool, background: bool
) -> Callable[..., Any]:
    @functools.wraps(method)
    async def guarded(self: Any, *arguments: Any, **named: Any) -> AsyncIterator[Any]:
        live.begin()
        refusal = await _refused(self, permission, step_up, background)
        if refusal is not None:
            yield refusal
            return
        async for event in method(self, *arguments, **named):
            yield event

    return guarded


async def _refused(state: Any, permission: Permission, step_up: bool, background: bool) -> Any:
    """Return what the page does instead, or None. What the page showed is taken from who may not see it any more."""
    try:
        await admit(state, permission, step_up=step_up)
    except (UnauthenticatedError, ForbiddenError) as error:
        if not isinstance(error, StepUpRequiredError | TwoFactorRequiredError) and not background:
            state.reset()
        return turn_away(state, error)
    return None


async def admit(state: Any, permission: Permission, *, step_up: bool) -> None:
    """Let the sender of a state's present event pass.

    Raises:
        UnauthenticatedError, ForbiddenError, StepUpRequiredError, TwoFactorRequiredError: See ``authorisation``.
    """
    async with transaction() as session:
        visitor = await visitors.identify(session, state.router.headers.cookie or "")
        await authorisation.require(session, visitor, permission, step_up=step_up)


def turn_away(state: Any, error: UnauthenticatedError | ForbiddenError) -> Any:
    """Return what the page does for who was not let pass; after a sign-in it comes back to the same address."""
    if isinstance(error, UnauthenticatedError):
        url = state.router.url
        address = f"{url.path}?{url.query}" if url.query else str(url.path)
        return rx.redirect(f"/login?next={quote(address)}", replace=True)
    if isinstance(error, StepUpRequiredError):
        return open_dialog(STEP_UP_DIALOG)
    if isinstance(error, TwoFactorRequiredError):
        return rx.redirect(f"{SECURITY_PAGE}?notice={quote(notices.seal(error.message))}")
    return rx.toast.error(error.message, id="forbidden")
