"""Addresses of pictures are those that the official client builds."""

import cloudinary.utils
import pytest

from shophub.integrations.cloudinary import SANDBOX_DELIVERY_PATH, image_url
from shophub.settings import get_settings


@pytest.mark.parametrize(
    "public_id",
    ["lamp", "products/oak-lamp", "a/b/c_1", "v1", "v12/x", "a//b", "with space/é", "50%", "a.b/c.jpg", "https:x", "-"],
)
def test_address_is_as_the_client_builds_it(public_id: str) -> None:
    built, _ = cloudinary.utils.cloudinary_url(
        public_id,
        cloud_name=get_settings().cloudinary_cloud_name,
        secure=True,
        width=1200,
        crop="limit",
        fetch_format="auto",
        quality="auto",
    )

    found = image_url(public_id, width=1200)

    assert found.removeprefix(SANDBOX_DELIVERY_PATH) == built.partition("res.cloudinary.com")[2] or found == built
