"""Which pages search engines are asked to leave out: those of one person, and what is behind a sign-in."""

PERSONAL = (
    "/account",
    "/admin",
    "/auth",
    "/checkout",
    "/order-lookup",
    "/orders",
    "/reset-password",
    "/unsubscribe",
    "/verify-email",
    "/wishlist",
)
NOT_FOR_ROBOTS = (b"x-robots-tag", b"noindex")


def is_personal(path: str) -> bool:
    """Return whether a page is nobody's but its visitor's."""
    return any(path == beginning or path.startswith(f"{beginning}/") for beginning in PERSONAL)
