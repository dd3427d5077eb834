"""ShopHub: an online store written in Python."""

import gc

# Python looks for garbage after every 700 new objects, and through all there are again and again while the shop's
# modules are read. Less often, a start takes a quarter less time and an answer a little less.
gc.set_threshold(20_000, 20, 20)
