"""The staff's lists of accounts as their pages show them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UserLine:
    """An account; ``is_own`` that of who looks at it, which they cannot take away from themselves."""

    id: str = ""
    name: str = ""
    email: str = ""
    role: str = ""
    role_text: str = ""
    role_tone: str = "neutral"
    is_active: bool = True
    is_verified: bool = True
    seen_text: str = ""
    joined_iso: str = ""
    joined_text: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class CustomerLine:
    """A customer with what they bought so far."""

    id: str = ""
    name: str = ""
    email: str = ""
    url: str = ""
    is_active: bool = True
    orders_text: str = "0"
    orders_url: str = ""
    spent_text: str = ""
    last_text: str = ""
    joined_iso: str = ""
    joined_text: str = ""


@dataclass(frozen=True)
class InviteLine:
    """An invite that nobody has accepted."""

    id: str = ""
    email: str = ""
    role_text: str = ""
    by_text: str = ""
    until_text: str = ""
    is_over: bool = False
