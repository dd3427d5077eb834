"""Ids of elements that states open or focus."""

CART_DRAWER = "cart-drawer"
CHANGES_DIALOG = "checkout-changes"
CANCEL_DIALOG = "cancel-order"
STEP_UP_DIALOG = "step-up"
DELETE_DIALOG = "delete-account"
