"""Rules and set-up steps of this project; nothing of it is imported by the shop."""
