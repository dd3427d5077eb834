"""E-mail addresses: when two of them are the same."""

import unicodedata


def email_key(email: str) -> str:
    """Return the form in which two spellings of one address are equal, and in which accounts keep theirs.

    Trimmed, composed (NFC) and in lower case. RFC 5321 would let a server tell ``Jane@`` from ``jane@``; none that
    people use does, and two accounts for one mailbox would help nobody.
    """
    return unicodedata.normalize("NFC", email.strip()).lower()
