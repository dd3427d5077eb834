"""Sentences that the live pages and the server's HTML both show."""

HERO_TITLE = "Good things, well chosen."
HERO_LEAD = "Everyday objects that last: for your desk, your kitchen, your bag and the way between."
HERO_BUTTON = "Shop all products"

# Icon, title, text.
SERVICES: tuple[tuple[str, str, str], ...] = (
    ("truck", "Delivery with a date", "Every product page tells you the days it arrives on."),
    ("return", "30 days to change your mind", "Send it back unused and get the full price back."),
    ("lock", "Secure payment", "Card details go straight to our payment provider, never through us."),
)
ASSURANCES: tuple[tuple[str, str], ...] = (
    ("return", "Free returns within 30 days"),
    ("lock", "Secure payment"),
)
RETURNS_TEXT = (
    "Send anything back within 30 days if it is unused and in its packaging. We refund the full price to the card you "
    "paid with as soon as it has arrived."
)
MISSING_TITLE = "This page is not here"
MISSING_LEAD = "The address may be old or mistyped. Search for what you had in mind, or start from a category."
NO_REVIEWS = "Nobody has reviewed this yet. Customers can, once it has been delivered."
FOOTER_LEAD = "Good things for home, work and the way between."
HOME_HEADING = "Good things, well chosen"
HOME_DESCRIPTION = (
    "Everyday objects that last, for your desk, your kitchen, your bag and the way between. Delivered with a date."
)
