"""From accounts and invites to the lines of the staff's lists."""

from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from shophub.domain.statuses import Role
from shophub.lib.money import format_money
from shophub.repositories.people_lists import ListedCustomer, ListedUser
from shophub.schemas.people import InviteOut, InviteStatus
from shophub.schemas.people_lists import CustomerLine, InviteLine, UserLine
from shophub.services.views.moments import date_text, recent_text

ROLES = {
    Role.SUPER_ADMIN: ("Owner", "success"),
    Role.ADMIN: ("Admin", "brand"),
    Role.CUSTOMER: ("Customer", "neutral"),
}


def user_line(row: ListedUser, viewer_id: UUID | None, now: datetime) -> UserLine:
    """Return an account's line."""
    role, tone = ROLES[Role(row.role)]
    seen = row.last_sign_in_at
    return UserLine(
        id=str(row.id),
        name=row.full_name or row.email,
        email=row.email,
        role=row.role,
        role_text=role,
        role_tone=tone,
        is_active=row.is_active,
        is_verified=row.is_verified,
        seen_text="Never" if seen is None else recent_text(seen, now) or date_text(seen),
        joined_iso=row.created_at.isoformat(),
        joined_text=date_text(row.created_at),
        is_own=row.id == viewer_id,
    )


def customer_line(row: ListedCustomer, currency: str, now: datetime) -> CustomerLine:
    """Return a customer's line; the orders are those of the address, as the list of orders finds them."""
    last = row.last_order_at
    return CustomerLine(
        id=str(row.id),
        name=row.full_name or row.email,
        email=row.email,
        url=f"/admin/customers/{row.id}",
        is_active=row.is_active,
        orders_text=f"{row.order_count:,}",
        orders_url="/admin/orders?" + urlencode({"q": row.email}),
        spent_text=format_money(row.spent_minor, currency),
        last_text="" if last is None else recent_text(last, now) or date_text(last),
        joined_iso=row.created_at.isoformat(),
        joined_text=date_text(row.created_at),
    )


def invite_line(invite: InviteOut) -> InviteLine:
    """Return an invite's line."""
    is_over = invite.status is InviteStatus.EXPIRED
    return InviteLine(
        id=str(invite.id),
        email=invite.email,
        role_text=ROLES[Role(invite.role)][0],
        by_text=f"Invited by {invite.invited_by}" if invite.invited_by else "Invited",
        until_text=f"{'Ran out' if is_over else 'Good until'} {date_text(invite.expires_at)}",
        is_over=is_over,
    )
