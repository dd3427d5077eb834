"""The links of the footer, for the live pages and the server's HTML, and those of an account."""

Link = tuple[str, str]

SHOP_LINKS: tuple[Link, ...] = (
    ("All products", "/products"),
    ("New arrivals", "/products?sort=newest"),
    ("Best sellers", "/products?sort=best_selling"),
)
HELP_LINKS: tuple[Link, ...] = (
    ("Contact", "/contact"),
    ("Delivery and returns", "/returns"),
    ("Find an order", "/order-lookup"),
    ("Privacy", "/privacy"),
    ("Terms", "/terms"),
)
ACCOUNT_LINKS: tuple[Link, ...] = (
    ("Sign in", "/login"),
    ("Your orders", "/orders"),
    ("Your account", "/account"),
    ("Cart", "/cart"),
)
# The pages of an account, which lead to one another.
ACCOUNT_PAGES: tuple[Link, ...] = (
    ("Overview", "/account"),
    ("Orders", "/orders"),
    ("Addresses", "/account/addresses"),
    ("Profile", "/account/profile"),
    ("Security", "/account/security"),
)
# Where the staff work.
BACK_OFFICE: Link = ("Back office", "/admin")
WISHLIST_PAGE: Link = ("Wishlist", "/wishlist")
