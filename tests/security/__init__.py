"""What strangers, customers and former staff can do to the shop, asked of its database."""
