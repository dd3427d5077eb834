"""What stands around every address below ``/api``: plain ASGI, each part cheap, none of it asking who wrote a route."""

from starlette.types import Scope

PREFIX = "/api/"
WEBHOOKS = "/api/webhooks/"
HEALTH = "/api/health"
# The route that answers for what no other takes.
UNKNOWN = "/api/{path:path}"


def is_api(scope: Scope) -> bool:
    """Return whether a request is one of the API's. Pages, files and live connections are not."""
    return scope["type"] == "http" and str(scope["path"]).startswith(PREFIX)
