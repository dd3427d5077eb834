"""Errors about the settings of the store and its texts."""

from shophub.errors.families import ConflictError


class SynonymsChangedError(ConflictError):
    """Somebody else changed the synonyms since they were read."""

    code = "synonyms_changed"


class TextChangedError(ConflictError):
    """Somebody else changed a page's text since it was read."""

    code = "text_changed"


class SettingsChangedError(ConflictError):
    """Somebody else changed these settings since they were read; ``changed_by`` is their name, or empty."""

    code = "settings_changed"

    def __init__(self, message: str, changed_by: str = "") -> None:
        """Keep who it was."""
        super().__init__(message)
        self.changed_by = changed_by


class CheckoutsOpenError(ConflictError):
    """Somebody is paying: the store's currency cannot change now."""

    code = "checkouts_open"


class CurrencyNotConfirmedError(ConflictError):
    """Another currency than the store's present one, and nobody has said that this is meant."""

    code = "currency_not_confirmed"
