"""What every answer goes through: security headers, cache lifetimes, the guest's cookie."""
