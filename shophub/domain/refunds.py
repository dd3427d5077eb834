"""What a refund comes to, and which disputes count. Whole minor units."""

from shophub.lib.money import allocate

# https://docs.stripe.com/api/disputes/object: while one of these, the bank has not decided.
OPEN_DISPUTES = frozenset({"needs_response", "under_review", "warning_needs_response", "warning_under_review"})
# The bank has decided. An answer asked for before that may still be applied after it, and must not open it again.
CLOSED_DISPUTES = frozenset({"won", "lost", "warning_closed"})
# The bank has taken the money; a won dispute brings it back, an inquiry (warning) takes none.
WITHDRAWN_DISPUTES = frozenset({"needs_response", "under_review", "lost"})


def line_refund_minor(
    total_minor: int, quantity: int, *, refunded_quantity: int, refunded_minor: int, units: int, step: int = 1
) -> int:
    """Return what ``units`` more of a line come to.

    The line's total is split over its units by largest remainder, so that the parts add up exactly; whoever takes the
    last unit gets what is left. Parts are multiples of ``step`` where the total is
    (``domain.currencies.charge_step``).

    Raises:
        ValueError: Fewer than one unit, or more than are left.
    """
    if not 1 <= units <= quantity - refunded_quantity:
        raise ValueError("More units than are left of the line.")
    if refunded_quantity + units == quantity:
        return max(0, total_minor - refunded_minor)
    unit = 1 if total_minor % step else step
    shares = allocate(total_minor // unit, [1] * quantity)
    return unit * sum(shares[refunded_quantity : refunded_quantity + units])
