"""Reading a ``Cookie`` header."""


def read_cookies(header: str) -> dict[str, str]:
    """Return the cookies by name; of two with one name the first counts, which is the more specific one.

    Not ``http.cookies``: that drops every cookie behind the first it cannot read, and a neighbour on the same host
    (another program on localhost) would then sign the visitor out.
    """
    cookies: dict[str, str] = {}
    for part in header.split(";"):
        name, separator, value = part.partition("=")
        if separator:
            cookies.setdefault(name.strip(), value.strip().strip('"'))
    return cookies
