"""A local Stripe: the part of its HTTP API that a shop uses, signed webhooks, and a Payment Element."""
