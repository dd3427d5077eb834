"""What a good password is: neither common nor about its owner, and long rather than twisted."""

import re
from dataclasses import dataclass

from shophub.domain.common_passwords import COMMON
from shophub.errors import InvalidInputError

MIN_LENGTH = 8
MAX_LENGTH = 128
_SEQUENCES = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qazwsxedcrfv")
# How people dress up a word.
_DISGUISES = str.maketrans("0134578@$!", "oieastbasi")
_LABELS = ("Too weak", "Weak", "Fair", "Good", "Strong")
_SHORT, _MEDIUM, _LONG = 10, 13, 17


@dataclass(frozen=True)
class PasswordScore:
    """How good a password is: 0 (refused) to 4, with a word and a sentence to show beside the field."""

    score: int
    label: str
    advice: str


def is_common(password: str) -> bool:
    """Say whether guessing programs try it first: a known one, plain or with digits for letters, or a mere pattern."""
    plain = password.casefold()
    return bool({plain, plain.translate(_DISGUISES)} & COMMON) or _is_pattern(plain)


def score_password(password: str, *, about: tuple[str, ...] = ()) -> PasswordScore:
    """Return how good ``password`` is. ``about`` are its owner's name and address: words of them count for nothing."""
    if len(password) < MIN_LENGTH:
        return PasswordScore(0, _LABELS[0], f"Use {MIN_LENGTH} characters or more.")
    if is_common(password):
        return PasswordScore(0, _LABELS[0], "This one is among the first that others would try.")
    rest = password.casefold()
    for word in _words(about):
        rest = rest.replace(word, "")
    if len(rest) < MIN_LENGTH // 2:
        return PasswordScore(0, _LABELS[0], "Leave your name and e-mail address out of it.")
    if _is_dressed_up(rest):
        return PasswordScore(1, _LABELS[1], "A common word with digits around it is quickly guessed.")
    kinds = sum(bool(re.search(kind, rest)) for kind in (r"[^\W\d_]", r"\d", r"[\W_]"))
    length = len(rest) if len(set(rest)) > 4 else len(rest) // 2
    score = 1 + (length >= _SHORT) + (length >= _MEDIUM) + (length >= _LONG or (kinds == 3 and length >= _MEDIUM))
    if score == 1 and kinds == 3:
        score = 2
    advice = "" if score >= 3 else "Longer is better: three or four unrelated words are easy to remember."
    return PasswordScore(score, _LABELS[score], advice)


def require_acceptable(password: str, *, about: tuple[str, ...] = ()) -> None:
    """Refuse what is too short, too long, common or made of its owner's name.

    Raises:
        InvalidInputError: With the sentence for the field ``password``.
    """
    if len(password) > MAX_LENGTH:
        sentence = f"Use at most {MAX_LENGTH} characters."
    else:
        result = score_password(password, about=about)
        if result.score > 0:
            return
        sentence = result.advice
    raise InvalidInputError("Please choose another password.", {"password": sentence})


def _words(about: tuple[str, ...]) -> list[str]:
    words = {word for text in about for word in re.split(r"[\W_]+", text.casefold()) if len(word) >= 3}
    return sorted(words, key=len, reverse=True)


def _is_dressed_up(password: str) -> bool:
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)
    return bool({core, core.translate(_DISGUISES)} & COMMON)


def _is_pattern(password: str) -> bool:
    """Say whether it is one short piece over and over, or keys and letters in a row."""
    for size in range(1, 5):
        piece = password[:size]
        if (piece * (len(password) // size + 1))[: len(password)] == password:
            return True
    for sequence in _SEQUENCES:
        for run in (sequence, sequence[::-1]):
            if password in run * 3:
                return True
    return False
