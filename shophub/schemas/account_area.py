"""The account area: what its forms send, and what its pages show."""

from dataclasses import dataclass, field
from uuid import UUID

from pydantic import ConfigDict, EmailStr, Field, field_validator

from shophub.schemas.accounts import NAME_MIN, PASSWORD_MIN, Password
from shophub.schemas.checkouts import SavedAddressView
from shophub.schemas.orders import OrderView
from shophub.schemas.texts import TextForm


@dataclass(frozen=True)
class ProfileView:
    """An account as its owner edits it. ``pending_email`` waits to be confirmed."""

    email: str = ""
    full_name: str = ""
    is_email_verified: bool = False
    accepts_marketing: bool = False
    accepts_stock_mails: bool = True
    pending_email: str = ""


@dataclass(frozen=True)
class DeviceView:
    """A device on which the account is signed in."""

    id: str = ""
    name: str = ""
    network_address: str = ""
    seen_text: str = ""
    seen_iso: str = ""
    since_text: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class AccountOverview:
    """The account's first page. ``newest`` is the newest order, ``address`` the one that checkouts begin with."""

    full_name: str = ""
    email: str = ""
    order_count: int = 0
    newest: OrderView = field(default_factory=OrderView)
    address_count: int = 0
    address: SavedAddressView = field(default_factory=SavedAddressView)
    wish_count: int = 0
    has_second_factor: bool = False


@dataclass(frozen=True)
class OwnSession:
    """Whose session an act in the account area belongs to."""

    user_id: UUID
    session_id: UUID | None
    email: str
    full_name: str


class ProfileForm(TextForm):
    """What the profile's form sends."""

    model_config = ConfigDict(str_strip_whitespace=True)

    full_name: str = Field(min_length=NAME_MIN, max_length=120)

    @field_validator("full_name")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if any(not character.isprintable() for character in value):
            raise ValueError("must be one line of text")
        return value


class PasswordForm(TextForm):
    """A change of password."""

    current_password: Password
    new_password: Password = Field(min_length=PASSWORD_MIN)


class EmailForm(TextForm):
    """A change of address."""

    model_config = ConfigDict(str_strip_whitespace=True)

    new_email: EmailStr = Field(max_length=254)


class ErasureForm(TextForm):
    """The word that somebody types who wants the account deleted: its e-mail address."""

    model_config = ConfigDict(str_strip_whitespace=True)

    confirmation: str = Field(max_length=254)
