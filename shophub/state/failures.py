"""What becomes of an error in a handler that nobody foresaw: a line for us in the log, a sentence for the shopper."""

import reflex as rx
import structlog
from reflex.event import EventSpec

from shophub.errors import UnavailableError

log = structlog.get_logger(__name__)
MAX_SAID = 500
SENTENCE = "Something went wrong on our side. Please try again."


def show_failure(exception: Exception) -> EventSpec:
    """Log the error and say in the page that it was ours; where trying again helps, in the words that say so."""
    log.error("event_failed", error_type=type(exception).__name__, exc_info=exception)
    sentence = exception.message if isinstance(exception, UnavailableError) else SENTENCE
    return rx.toast.error(sentence, id="failure")


def note_page_failure(exception: Exception) -> None:
    """Log what a page says went wrong in it, on one line and not much of it: anybody can send it."""
    log.warning("page_failed", said=" ".join(str(exception).split())[:MAX_SAID])
