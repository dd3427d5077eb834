"""Local stand-ins for Stripe, Cloudinary and Resend: small ASGI apps that speak those services' HTTP protocols."""
