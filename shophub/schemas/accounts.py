"""Accounts: what is sent in, and what may be shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import email_validator
from pydantic import BaseModel, ConfigDict, EmailStr, Field, StringConstraints, field_validator, model_validator
from pydantic.alias_generators import to_camel
from pydantic.config import JsonDict

from shophub.schemas.texts import TextForm

# Names for private networks and for tests. Whether mail arrives there is not for the shape of an address to say.
for _name in ("local", "test"):
    if _name in email_validator.SPECIAL_USE_DOMAIN_NAMES:
        email_validator.SPECIAL_USE_DOMAIN_NAMES.remove(_name)

NAME_MIN = 2
PASSWORD_MIN = 8
PASSWORD_MAX = 128


@dataclass(frozen=True)
class UserView:
    """An account, as its owner sees it."""

    id: UUID
    email: str
    full_name: str
    role: str
    is_email_verified: bool


@dataclass(frozen=True)
class Visitor:
    """Who is asking: an account, or a guest with an opaque cookie, or nobody yet."""

    user: UserView | None = None
    session_id: UUID | None = None
    guest_token: str | None = None
    step_up_at: datetime | None = None
    has_second_factor: bool = False


@dataclass(frozen=True)
class SecondFactorView:
    """An account's second factor; ``is_required`` where the store asks its staff for one."""

    is_on: bool = False
    codes_left: int = 0
    is_required: bool = False
    store_name: str = ""


@dataclass(frozen=True)
class SessionStanding:
    """How a session and its account stand."""

    is_live: bool
    is_active: bool
    role: str


@dataclass(frozen=True)
class SignedIn:
    """What signing in gives: the session cookie's value, the account, and sentences about the merged cart."""

    token: str
    user: UserView
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Origin:
    """Where a request comes from. The network address is that behind trusted proxies only."""

    network_address: str = ""
    user_agent: str = ""


# Spaces around a password belong to it.
Password = Annotated[str, StringConstraints(strip_whitespace=False, max_length=PASSWORD_MAX)]


# Of an authenticator app, or a recovery code.
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)]


class RegisterForm(TextForm):
    """A new account. ``setup_token`` makes the owner of a shop in production."""

    model_config = ConfigDict(str_strip_whitespace=True, populate_by_name=True)

    email: EmailStr = Field(max_length=254)
    password: Password = Field(min_length=PASSWORD_MIN)
    full_name: str = Field(min_length=NAME_MIN, max_length=120, alias="fullName")
    setup_token: str = Field("", max_length=200, alias="setupToken")

    @field_validator("full_name")
    @classmethod
    def _no_control_characters(cls, value: str) -> str:
        if any(not character.isprintable() for character in value):
            raise ValueError("must be one line of text")
        return value


class SignInForm(TextForm):
    """Credentials."""

    model_config = ConfigDict(populate_by_name=True)

    email: str = Field(max_length=254)
    password: Password
    totp: Code | None = None


def _both(kind: str) -> JsonDict:
    """Return the schema of a step-up whose two ways are of one kind."""
    return {"properties": {"password": {"type": kind}, "totp": {"type": kind}}}


class StepUpForm(TextForm):
    """Password or code, entered once more."""

    model_config = ConfigDict(
        json_schema_extra={
            "not": {"anyOf": [_both("null"), {**_both("string"), "required": ["password", "totp"]}]},
            "examples": [{"password": "correct horse battery"}],  # nosec B105 - nobody's
        }
    )

    password: Annotated[Password, Field(min_length=1)] | None = None
    totp: Annotated[Code, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.password is None) == (self.totp is None):
            raise ValueError("Send either the password or a code.")
        return self


class StepUpOut(BaseModel):
    """Until when what needs a step-up can be done."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    valid_until: datetime


class AccountOut(BaseModel):
    """An account as programs see it. ``total_spent`` is in minor units of the store's currency, refunds taken off."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)

    id: UUID
    email: str
    full_name: str
    role: str
    is_active: bool
    email_verified: bool
    order_count: int
    total_spent: int
    review_count: int
    created_at: datetime


class SignedInOut(BaseModel):
    """The answer to signing in: the token serves as a bearer token."""

    user: AccountOut
    token: str


class SessionOut(BaseModel):
    """Who is signed in, if anybody."""

    user: AccountOut | None
