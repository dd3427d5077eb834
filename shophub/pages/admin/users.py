"""``/admin/users``"""

import reflex as rx

from shophub.components.admin.basics import admin_button
from shophub.components.admin.users import (
    UserEvents,
    invite_dialog,
    invites_card,
    user_cells,
    user_dialog,
    users_empty,
)
from shophub.components.ui.icons import icon
from shophub.pages.admin.layout import admin_page
from shophub.pages.admin.tables import admin_table
from shophub.services.people_lists import USERS
from shophub.state.admin.table import TableState
from shophub.state.admin.users import UsersState

EVENTS = UserEvents(
    choose=UsersState.choose,
    set_role=UsersState.set_role,
    set_active=UsersState.set_active,
    invite=UsersState.invite,
    send_again=UsersState.send_again,
    revoke=UsersState.revoke,
    forget_link=UsersState.forget_link,
    error=UsersState.error,
    invite_error=UsersState.invite_error,
    link=UsersState.link,
    link_for=UsersState.link_for,
)


def users() -> rx.Component:
    """Who may sign in, and as what."""
    table = admin_table(
        USERS,
        UsersState.lines,
        user_cells(EVENTS),
        label="People",
        empty=users_empty(TableState.view.clear_url),
        row_name=lambda line: line.name,
    )
    return admin_page(
        "People",
        rx.el.div(invites_card(UsersState.invites, EVENTS), table, class_name="grid gap-5"),
        actions=(admin_button(icon("plus", "size-4"), "Invite somebody", on_click=UsersState.open_invite),),
        lead="Who may sign in, and as what. Admins are made by invites.",
        loaded=UsersState.loaded,
        overlays=(user_dialog(UsersState.chosen, EVENTS), invite_dialog(EVENTS)),
    )
