"""What is sent in to be mailed a link."""

from pydantic import ConfigDict, EmailStr, Field

from shophub.schemas.texts import TextForm


class ForgotForm(TextForm):
    """Whose password was forgotten."""

    model_config = ConfigDict(str_strip_whitespace=True)

    email: EmailStr = Field(max_length=254)
