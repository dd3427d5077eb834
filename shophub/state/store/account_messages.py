"""What the account forms say about the codes that the addresses of their pages carry."""

from urllib.parse import parse_qs, urlsplit

FALLBACK = "That did not work. Please try again."
GENERAL_MESSAGES = {
    "busy": "Very many people are signing in right now. Please try again in a moment.",
    "too_late": "That took too long. Please sign in again.",
    "wrong_credentials": "E-mail address or password is not right.",
}
# By code: the field that is wrong, and how to mend it.
FIELD_MESSAGES = {
    "email_taken": ("email", "There is already an account with this e-mail address. Sign in instead."),
    "invalid_email": ("email", "Enter a real e-mail address, such as name@example.com."),
    "invalid_number": ("number", "Enter the number from your e-mail, such as SH-1001."),
    "wrong_code": ("code", "That code is not right. Wait for the next one and try again."),
    "invalid_name": ("full_name", "Enter your name, 2 characters or more."),
    "weak_password": (
        "password",
        "Choose another password: 8 characters or more, not among the most common ones, and not made of your name.",
    ),
}


def query_of(url: str) -> dict[str, str]:
    """Return the first value of each parameter of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}


def general_message(code: str, wait: str) -> str:
    """Return the sentence for what is wrong with no single field; nothing where nothing is."""
    if not code or set(code.split(",")) <= FIELD_MESSAGES.keys():
        return ""
    if code == "too_many":
        minutes = (int(wait) + 59) // 60 if wait.isascii() and wait.isdigit() and len(wait) < 6 else 15
        return f"Too many tries. Please try again in {minutes} minute{'s' if minutes != 1 else ''}."
    return GENERAL_MESSAGES.get(code, FALLBACK)


def field_message(code: str, field: str) -> str:
    """Return the sentence for one field."""
    return dict(field_messages(code)).get(field, "")


def field_messages(code: str) -> list[tuple[str, str]]:
    """Return which fields are wrong, each with its sentence; ``code`` may be several with commas between."""
    return [FIELD_MESSAGES[one] for one in code.split(",") if one in FIELD_MESSAGES]
