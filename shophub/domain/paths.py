"""Where a visitor may be sent back to."""

MAX_LENGTH = 2_000
# Going back there would ask for what was just done, or undo it.
_LOOPS = ("/auth/", "/login", "/register", "/forgot-password", "/reset-password")


def same_origin_path(path: str | None, *, otherwise: str = "/") -> str:
    r"""Return ``path`` if a browser can only read it as a place on this host, else ``otherwise``.

    ``//host``, ``/\host`` and a control character in between (browsers drop tabs and line ends) all lead elsewhere.
    """
    if not path or len(path) > MAX_LENGTH or not path.startswith("/") or path.startswith("//"):
        return otherwise
    if "\\" in path or any(ord(character) < 32 or ord(character) == 127 for character in path):
        return otherwise
    if path.startswith(_LOOPS):
        return otherwise
    return path
