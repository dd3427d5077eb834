"""What providers get back."""

from typing import Literal

from shophub.schemas.api.base import ApiOut


class ReceivedOut(ApiOut):
    """The event was taken: handled, ignored, or known already."""

    received: Literal[True] = True
