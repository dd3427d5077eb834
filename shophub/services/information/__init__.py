"""The pages about the shop itself: contact, returns, privacy, terms. Their texts are the merchant's to change."""
