"""What Reflex needs to know to build the pages; everything else is in ``shophub.settings``."""

import reflex as rx
from reflex.constants import StateManagerMode

from shophub.settings import get_settings

_redis_url = get_settings().redis_url

config = rx.Config(
    app_name="shophub",
    redis_url=_redis_url,
    state_manager_mode=StateManagerMode.REDIS if _redis_url else StateManagerMode.MEMORY,
    # Browsers elsewhere get no CORS header at all; who may open the websocket is decided in shophub.api.web.
    cors_allowed_origins=(),
    telemetry_enabled=False,
    show_built_with_reflex=False,
    default_color_mode="system",
    frontend_compression_formats=["brotli", "gzip"],  # the first one that a browser takes: a sixth less than gzip
    plugins=[
        rx.plugins.TailwindV4Plugin(
            {
                "darkMode": "class",
                "content": [
                    "./app/**/*.{js,jsx}",
                    "./app_components/**/*.{js,jsx}",
                    "./components/**/*.{js,jsx}",
                    "./utils/**/*.{js,jsx}",
                    "./public/**/*.jsx",
                    "../shophub/lib/ui_*.py",
                    "../shophub/api/storefront/templates/**/*.html",
                ],
            }
        )
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
