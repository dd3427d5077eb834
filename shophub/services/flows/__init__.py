"""Use cases with a vendor's answer in the middle: transaction, vendor call, transaction. They take no session."""
