"""The address book: what its form sends."""

from pydantic import Field

from shophub.domain.statuses import AddressType
from shophub.lib.plain_text import PlainText
from shophub.schemas.checkouts import AddressForm


class SavedAddressForm(AddressForm):
    """An address with what its owner calls it. Without a ``type`` it is of any: a new one is where they live."""

    type: AddressType | None = None
    label: PlainText = Field("", max_length=40)
    is_default: bool = Field(False, alias="isDefault")
