"""Measurements, run by hand: ``make bench``. Timings are printed, never a reason to fail."""
