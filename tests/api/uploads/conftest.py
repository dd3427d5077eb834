"""The picture service's sandbox, beside the API."""

from tests.sandbox.cloudinary_resend.conftest import (
    http,
    sandbox,
    sandbox_config,
    shop_uses_sandbox,
)

__all__ = ["http", "sandbox", "sandbox_config", "shop_uses_sandbox"]
