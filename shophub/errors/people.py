"""Errors about accounts, address books, the staff and invites."""

from shophub.errors.families import ConflictError, ForbiddenError, NotFoundError, UnauthenticatedError


class EmailTakenError(ConflictError):
    """An account with that address exists."""

    code = "email_taken"


class WrongCredentialsError(UnauthenticatedError):
    """E-mail or password is wrong; never says which."""

    code = "wrong_credentials"


class CodeRequiredError(UnauthenticatedError):
    """The password is right, and the account also asks for a code of its second factor.

    ``pending`` is what the code has to come with, where password and code are sent one after the other.
    """

    code = "totp_required"

    def __init__(self, message: str, pending: str = "") -> None:
        """Keep the sealed proof that the password was right."""
        super().__init__(message)
        self.pending = pending


class WrongCodeError(UnauthenticatedError):
    """The code of the second factor does not fit, or was used before."""

    code = "wrong_code"


class LinkOverError(ConflictError):
    """The link that was mailed is unknown, used or over; never says which."""

    code = "link_over"


class AddressNotFoundError(NotFoundError):
    """No such address in the caller's book."""

    code = "address_not_found"


class AddressBookFullError(ConflictError):
    """The address book holds as many addresses as one may."""

    code = "address_book_full"


class UserNotFoundError(NotFoundError):
    """No such account, or it was erased."""

    code = "user_not_found"


class OwnAccountError(ForbiddenError):
    """Nobody takes away their own role or activity."""

    code = "own_account"


class LastOwnerError(ConflictError):
    """The last active SUPER_ADMIN stays one."""

    code = "last_super_admin"


class InviteRequiredError(ConflictError):
    """Nobody joins the staff without an invite."""

    code = "invite_required"


class InviteNotFoundError(NotFoundError):
    """No such invite, or it was used, revoked, replaced or is over; never says which."""

    code = "invite_not_found"


class InviteOpenError(ConflictError):
    """The address has an open invite already."""

    code = "invite_open"


class InviteSignInError(UnauthenticatedError):
    """The invited address has an account: its owner has to sign in to accept."""

    code = "sign_in_required"


class InviteOtherAccountError(ForbiddenError):
    """The invite is for another account than the one that is signed in."""

    code = "other_account"
