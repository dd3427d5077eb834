"""Binds the frame of the back office's pages to the state."""

from typing import Any

import reflex as rx

from shophub.components.admin.basics import Text, admin_heading
from shophub.components.admin.frame import Crumb, Who, admin_frame
from shophub.components.store.step_up import StepUpEvents, step_up_dialog
from shophub.state.admin_shell import AdminShellState
from shophub.state.store.step_up import StepUpState

WHO = Who(
    store_name=AdminShellState.store_name,
    user_name=AdminShellState.user_name,
    role_name=AdminShellState.role_name,
    sections=AdminShellState.sections,
    actions=AdminShellState.actions,
    is_refused=AdminShellState.is_refused,
    work_text=AdminShellState.work_text,
)
STEP_UP_EVENTS = StepUpEvents(
    confirm=StepUpState.confirm,
    use_other=StepUpState.use_other,
    forget=StepUpState.forget,
    with_code=StepUpState.with_code,
    has_second_factor=AdminShellState.has_second_factor,
    error=StepUpState.error,
)


def admin_page(
    title: Text,
    *children: Any,
    crumbs: tuple[Crumb, ...] = (),
    actions: tuple[rx.Component, ...] = (),
    lead: Text = "",
    heading: bool = True,
    loaded: rx.Var[str] | None = None,
    fallback: rx.Component | None = None,
    overlays: tuple[rx.Component, ...] = (),
) -> rx.Component:
    """A page of the back office. Its events are ``(AdminShellState.load, <its own AdminState>.load)``.

    ``crumbs`` are the pages above it, as (label, address); ``actions`` stand right of the heading, which a page that
    draws its own leaves out with ``heading=False``. The content waits until ``loaded`` is the path in the bar;
    ``fallback`` shows meanwhile. ``overlays`` are the page's dialogs. The dialog that asks for the password again is
    there already.
    """
    top = (admin_heading(title, *actions, lead=lead),) if heading else ()
    return admin_frame(
        WHO,
        *top,
        *children,
        title=title,
        crumbs=crumbs,
        loaded=loaded,
        fallback=fallback,
        overlays=(step_up_dialog(AdminShellState.user_email, STEP_UP_EVENTS), *overlays),
    )
