"""What the service answers when it refuses."""


class CloudinaryError(Exception):
    """A refusal as the Upload API words it: ``{"error": {"message": …}}`` with ``status``."""

    def __init__(self, message: str, status: int = 400) -> None:
        """Keep the sentence for the caller and the HTTP status."""
        super().__init__(message)
        self.message = message
        self.status = status


class TransformationError(CloudinaryError):
    """A delivery address that asks for something unknown or out of bounds; told in ``X-Cld-Error``."""
