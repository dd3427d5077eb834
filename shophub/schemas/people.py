"""The store's people and the invites that make them: what is sent in, and what may be shown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints, field_validator
from pydantic.alias_generators import to_camel

from shophub.domain.statuses import Role
from shophub.schemas.accounts import NAME_MIN, AccountOut, Password, UserView
from shophub.schemas.texts import TextForm

MAX_TOKEN = 200
MAX_NAME = 120


class InviteStatus(StrEnum):
    """Where an invite stands. Only an open one can be accepted."""

    OPEN = "open"
    EXPIRED = "expired"
    ACCEPTED = "accepted"
    REVOKED = "revoked"


class Welcome(StrEnum):
    """What accepting an invite takes, by what the shop knows of its address and of who is asking."""

    NEW = "new"  # a name and a password
    SIGN_IN = "sign_in"  # the address has a verified account: its owner has to sign in first
    READY = "ready"  # its owner is signed in: a press of the button
    OTHER = "other"  # somebody else is signed in
    DEACTIVATED = "deactivated"


@dataclass(frozen=True)
class InviteView:
    """An invite as its page shows it."""

    email: str = ""
    role: str = ""
    welcome: str = ""


@dataclass(frozen=True)
class MadeInvite:
    """An invite that was just made, with the link that accepts it: shown once, and kept nowhere."""

    id: UUID
    link: str
    expires_at: datetime


@dataclass(frozen=True)
class Accepted:
    """Who has become one of the store's people; ``token`` is a new session's where somebody new was signed in."""

    user: UserView
    token: str | None = None


class UserPatch(TextForm):
    """A change of an account; what is left out stays."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    role: Role | None = None
    is_active: bool | None = Field(None, strict=True)


class UserQuery(BaseModel):
    """Which accounts a list shows: ``q`` is looked for in names and addresses."""

    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = ""
    role: Role | None = None
    is_active: bool | None = None

    @field_validator("q")
    @classmethod
    def _no_nul(cls, value: str) -> str:
        return value.replace("\x00", "")  # which PostgreSQL refuses


class InviteForm(TextForm):
    """Whom to invite, and as what."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="forbid")

    email: EmailStr = Field(max_length=254)
    role: Literal[Role.ADMIN, Role.SUPER_ADMIN]


class AcceptForm(TextForm):
    """An answer to an invite. Somebody new gives name and password; an account that is signed in gives neither."""

    model_config = ConfigDict(str_strip_whitespace=True, populate_by_name=True)

    token: str = Field(max_length=MAX_TOKEN)
    full_name: str = Field("", max_length=MAX_NAME, alias="fullName")
    password: Password = ""

    @field_validator("full_name")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if value and (len(value) < NAME_MIN or any(not character.isprintable() for character in value)):
            raise ValueError(f"must be one line of {NAME_MIN} characters or more")
        return value


class _Out(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class UsersOut(_Out):
    """A page of accounts."""

    items: list[AccountOut]
    total: int
    total_is_exact: bool = True
    page: int
    page_size: int


class InviteOut(_Out):
    """An invite as those see it who may make them. Its link is not among what can be read again."""

    id: UUID
    email: str
    role: str
    status: InviteStatus
    invited_by: str | None
    created_at: datetime
    expires_at: datetime


class InvitesOut(_Out):
    """A page of invites."""

    items: list[InviteOut]
    total: int
    total_is_exact: bool = True
    page: int
    page_size: int


class MadeInviteOut(_Out):
    """An invite that was just made or sent again."""

    id: UUID
    invite_link: str
    expires_at: datetime


class OpenInviteOut(_Out):
    """What an invite's link leads to."""

    email: str
    role: str
    expires_at: datetime
    account: Welcome


class AcceptedOut(_Out):
    """Who has accepted; ``token`` is a new session's where somebody new was signed in."""

    user: AccountOut
    token: str | None
