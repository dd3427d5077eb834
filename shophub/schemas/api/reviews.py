"""Reviews as their authors send them."""

from pydantic import ConfigDict, Field, StrictInt

from shophub.lib.plain_text import PlainText
from shophub.schemas.api.base import ApiForm
from shophub.schemas.community import MAX_COMMENT


class ReviewBody(ApiForm):
    """What a customer says about a product that they received."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"rating": 5, "comment": "Warm light, and it stands firmly."}]}
    )

    rating: StrictInt = Field(ge=1, le=5, description="Stars.")
    comment: PlainText | None = Field(None, max_length=MAX_COMMENT)
