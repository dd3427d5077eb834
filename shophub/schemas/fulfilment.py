"""Fulfilment: what the staff enter when a parcel leaves."""

from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from shophub.lib.plain_text import PlainText


def web_address(value: str) -> str:
    """Return an address of a web page: the customer's browser and mail program will open it.

    Raises:
        ValueError: It is none.
    """
    sentence = "Give a web address that begins with https://."
    if any(character.isspace() for character in value):
        raise ValueError(sentence)
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise ValueError(sentence) from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(sentence)
    return value


class ShipmentForm(BaseModel):
    """A parcel. All of it may be left out; what is given is shown to the customer."""

    model_config = ConfigDict(str_strip_whitespace=True, populate_by_name=True, extra="ignore")

    carrier: PlainText = Field("", max_length=80)
    tracking_number: PlainText = Field("", max_length=80, alias="trackingNumber")
    tracking_url: PlainText = Field("", max_length=500, alias="trackingUrl")

    @field_validator("tracking_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        return value and web_address(value)
