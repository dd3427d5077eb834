"""An account's own profile and addresses."""

from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool, field_validator

from shophub.domain.statuses import AddressType
from shophub.lib.plain_text import PlainText
from shophub.schemas.accounts import NAME_MIN, AccountOut
from shophub.schemas.api.base import ApiForm, ApiOut


class ProfileOut(AccountOut):
    """The account that is asking. ``pending_email`` is an address that waits to be confirmed from its mailbox."""

    accepts_marketing: bool
    accepts_stock_mails: bool
    pending_email: str | None


class ProfileBody(ApiForm):
    """What an account's owner can change at once. Another e-mail address has to be confirmed: not here."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"fullName": "Jane Shopper", "acceptsMarketing": False}]})

    full_name: str = Field(min_length=NAME_MIN, max_length=120)
    accepts_marketing: StrictBool | None = Field(None, description="Left as it is where missing.")
    accepts_stock_mails: StrictBool | None = Field(None, description="Left as it is where missing.")

    @field_validator("full_name")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if any(not character.isprintable() for character in value):
            raise ValueError("must be one line of text")
        return value


class AddressOut(ApiOut):
    """An entry of the address book. Checkouts begin with the default one."""

    id: UUID
    type: AddressType
    label: str
    full_name: str
    address: str
    address2: str | None
    city: str
    state: str | None
    zip_code: str
    country: str = Field(min_length=2, max_length=2, description="ISO 3166.")
    phone: str | None
    is_default: bool


class AddressBody(ApiForm):
    """An address. What is missing is empty; the store has to ship to its country."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "HOME",
                    "label": "Home",
                    "fullName": "Jane Shopper",
                    "address": "1 Market Street",
                    "city": "San Francisco",
                    "state": "CA",
                    "zipCode": "94105",
                    "country": "US",
                    "isDefault": True,
                }
            ]
        }
    )

    type: AddressType = AddressType.HOME
    label: PlainText = Field("", max_length=40)
    full_name: PlainText = Field(min_length=1, max_length=120)
    address: PlainText = Field(min_length=5, max_length=200)
    address2: PlainText | None = Field(None, max_length=200)
    city: PlainText = Field(min_length=2, max_length=100)
    state: PlainText | None = Field(None, max_length=100)
    zip_code: PlainText = Field(min_length=1, max_length=20)
    country: str = Field("US", pattern="^[A-Za-z]{2}$", description="ISO 3166.")
    phone: PlainText | None = Field(None, max_length=32)
    is_default: StrictBool | None = Field(
        None, description="Whether checkouts begin with it. Where missing, the first one of the book does."
    )
