"""What is sent in to be mailed a link."""

from pydantic import BaseModel, ConfigDict, EmailStr, Field


class ForgotForm(BaseModel):
    """Whose password was forgotten."""

    model_config = ConfigDict(str_strip_whitespace=True)

    email: EmailStr = Field(max_length=254)
