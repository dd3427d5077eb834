"""The mailbox page: what the shop has sent, as its recipients would see it."""
