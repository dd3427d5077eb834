"""ShopHub: an online store written in Python."""
