"""Accounts: what is sent in, and what may be shown."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, ConfigDict, EmailStr, Field, field_validator

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


class RegisterForm(BaseModel):
    """A new account."""

    model_config = ConfigDict(str_strip_whitespace=True, populate_by_name=True)

    email: EmailStr = Field(max_length=254)
    password: str = Field(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)
    full_name: str = Field(min_length=NAME_MIN, max_length=120, alias="fullName")

    @field_validator("password", mode="before")
    @classmethod
    def _text(cls, value: object) -> object:
        return value


class SignInForm(BaseModel):
    """Credentials."""

    model_config = ConfigDict(populate_by_name=True)

    email: str = Field(max_length=254)
    password: str = Field(max_length=PASSWORD_MAX)
