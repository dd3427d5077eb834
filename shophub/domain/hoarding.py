"""How much of a variant guests of one network address may set aside, so that nobody empties a shop without paying."""

# Whichever is more: a few pieces of anything, or a fifth of the stock.
FREE_UNITS = 5
SHARE_PERCENT = 20


def allowed_units(stock: int) -> int:
    """Return how many units may be held, for ``stock`` on hand."""
    return max(FREE_UNITS, stock * SHARE_PERCENT // 100)
