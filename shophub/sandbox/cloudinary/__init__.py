"""A local stand-in for Cloudinary: the Upload API and delivery by transformation address."""
