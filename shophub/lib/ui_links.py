"""The links of the footer, for the live pages and the server's HTML."""

Link = tuple[str, str]

SHOP_LINKS: tuple[Link, ...] = (
    ("All products", "/products"),
    ("New arrivals", "/products?sort=newest"),
    ("Best sellers", "/products?sort=best_selling"),
)
HELP_LINKS: tuple[Link, ...] = (
    ("Contact", "/contact"),
    ("Delivery and returns", "/returns"),
    ("Privacy", "/privacy"),
    ("Terms", "/terms"),
)
ACCOUNT_LINKS: tuple[Link, ...] = (("Sign in", "/login"), ("Your orders", "/orders"), ("Cart", "/cart"))
