"""Judging a password while it is typed. It comes in as an argument and is never kept."""

import reflex as rx

from shophub.domain.passwords import MAX_LENGTH, score_password
from shophub.domain.permissions import Permission
from shophub.state.guards import handler

# The longest name and e-mail address that the forms take, and what is between them.
MAX_ABOUT = 400


class PasswordMeterState(rx.State):
    """How good what was typed last is; ``label`` is empty before anything was."""

    score: rx.Field[int] = rx.field(0)
    label: rx.Field[str] = rx.field("")
    advice: rx.Field[str] = rx.field("")

    @handler(Permission.VISIT)
    async def judge(self, password: str, about: str) -> None:
        """Score a password; ``about`` holds its owner's name and address, which count for nothing in it."""
        if not isinstance(password, str) or not isinstance(about, str) or len(password) > MAX_LENGTH:
            return
        if not password:
            self._forget()
            return
        result = score_password(password, about=(about[:MAX_ABOUT],))
        self.score, self.label, self.advice = result.score, result.label, result.advice

    @handler(Permission.VISIT)
    async def load(self) -> None:
        """Begin with nothing typed."""
        self._forget()

    def _forget(self) -> None:
        self.score, self.label, self.advice = 0, "", ""
