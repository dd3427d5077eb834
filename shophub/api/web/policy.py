"""Security headers and the content security policy."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from shophub.api.storefront.document import EARLY_SCRIPT
from shophub.lib.frontend_build import inline_script_hashes, script_hash
from shophub.settings import Settings

_HOST = re.compile(r"^[A-Za-z0-9.\-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$")

NO_SNIFFING = (b"x-content-type-options", b"nosniff")
SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin-allow-popups"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), browsing-topics=()"),
)
# Of what is no page: data, scripts, pictures. Opened by themselves they may load, run and send nothing.
FILE_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")


class ContentPolicy:
    """Builds the policy of an HTML page.

    ``'unsafe-eval'`` is needed because Reflex evaluates what handlers return for the page to run (toasts); inline
    scripts run by their hash alone. ``'unsafe-inline'`` is for styles only: emotion writes them at run time.
    """

    def __init__(self, settings: Settings, web_dir: Path) -> None:
        """Keep what the policy depends on; the build is read at the first page, not before."""
        self._web_dir = web_dir
        pictures = ["'self'", "data:", "blob:"]
        frames = ["'self'"]
        scripts = ["'self'", "'unsafe-eval'", script_hash(EARLY_SCRIPT)]
        calls = ["'self'"]
        if settings.cloudinary_is_sandbox:
            sandbox = urlsplit(settings.sandbox_url)
            pictures.append(f"{sandbox.scheme}://{sandbox.netloc}")
        else:
            pictures.append("https://res.cloudinary.com")
        if not settings.stripe_is_sandbox:
            scripts.append("https://js.stripe.com")
            frames += ["https://js.stripe.com", "https://hooks.stripe.com"]
            calls += ["https://api.stripe.com", "https://js.stripe.com"]
            pictures.append("https://*.stripe.com")
        self._scripts, self._pictures, self._frames, self._calls = scripts, pictures, frames, calls

    def for_host(self, host: str) -> bytes:
        """Return the policy for a page asked for under ``host`` (the websocket has to be named with it)."""
        calls = list(self._calls)
        if _HOST.match(host):
            calls += [f"ws://{host}", f"wss://{host}"]
        scripts = [*self._scripts, *inline_script_hashes(self._web_dir)]
        return "; ".join(
            (
                "default-src 'self'",
                f"script-src {' '.join(scripts)}",
                "style-src 'self' 'unsafe-inline'",
                f"img-src {' '.join(self._pictures)}",
                "font-src 'self' data:",
                f"connect-src {' '.join(calls)}",
                f"frame-src {' '.join(self._frames)}",
                "object-src 'none'",
                "base-uri 'self'",
                "form-action 'self'",
                "frame-ancestors 'none'",
            )
        ).encode()
