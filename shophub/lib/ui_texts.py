"""Sentences that the live pages and the server's HTML both show."""

HERO_TITLE = "Good things, well chosen."
HERO_LEAD = "Everyday objects that last: for your desk, your kitchen, your bag and the way between."
HERO_BUTTON = "Shop all products"

# Icon, title, text, where more stands.
SERVICES: tuple[tuple[str, str, str, str], ...] = (
    ("truck", "Delivery with a date", "Every product page tells you the days it arrives on.", "/returns"),
    ("return", "30 days to change your mind", "Send it back unused and get the full price back.", "/returns"),
    ("mail", "Questions?", "Write to us: a person reads it, and answers.", "/contact"),
    ("lock", "Secure payment", "Card details go straight to our payment provider.", "/privacy"),
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
GONE_TITLE = "No longer sold"
GONE_LEAD = "It has left our shelves for good. Something like it may be in the same place, or look for what you need."
FAILURE_TITLE = "Something went wrong on this page"
FAILURE_LEAD = "We are sorry: that was our mistake. Trying again often helps. What is in your cart is safe."
QUANTITY_OFFLINE = "You are offline, so the quantity stays as it was. Change it again once you are connected."
NO_SCRIPT = "To put this into your cart and pay, please allow JavaScript for this shop."
NO_REVIEWS = "Nobody has reviewed this yet. Customers can, once it has been delivered."
ALERT_TITLE = "Sold out for now"
ALERT_LEAD = "We write once when it is back, and never about anything else."
FOOTER_LEAD = "Good things for home, work and the way between."
HOME_HEADING = "Good things, well chosen"
HOME_DESCRIPTION = (
    "Everyday objects that last, for your desk, your kitchen, your bag and the way between. Delivered with a date."
)
# Around what was searched for.
CORRECTED = ("Showing results for “", "”. We found nothing for “", "”.")
NO_MATCH_TITLE = "No match for that"
NO_MATCH = ("We found nothing for “", "”. Check the spelling, try fewer words, or look through a category.")
POPULAR_TITLE = "Popular categories"
# Around the names of the filters in force.
FILTERED_OUT_TITLE = "Nothing fits all of these filters"
FILTERED_OUT = ("No product is all of this at once: ", ". Take one filter away to see more.")
PAST_END_TITLE = "There are no more pages"
PAST_END = "The list has become shorter, or the address is wrong."
NOTHING_TITLE = "Nothing here yet"
NO_PRODUCTS = "The shop has no products at the moment. Please look in again later."
NOTHING = "This part of the shop has no products at the moment."
