"""``shophub create-admin``: the shop's owner, without a token that a passer-by could win."""

import asyncio
import getpass
import sys

from shophub.db import close_database
from shophub.errors import InvalidInputError
from shophub.services.flows.create_admin import check
from shophub.services.flows.create_admin import create_admin as create


def create_admin(email: str, full_name: str, *, force: bool) -> int:
    """Make a SUPER_ADMIN.

    Raises:
        InvalidInputError: What was given is not right.
        ConflictError: There is one already, and ``force`` was not said.
    """
    form = check(email, full_name, read_password())

    async def run() -> None:
        try:
            await create(form, force=force)
        finally:
            await close_database()

    asyncio.run(run())
    print(f"{form.email} is SUPER_ADMIN now and can sign in.")
    return 0


def read_password() -> str:
    """Return the password: typed twice without being shown, or the first line of what is piped in.

    Never an argument: those stand in the shell's history and in the list of processes.

    Raises:
        InvalidInputError: The two differ, or there is none.
    """
    if not sys.stdin.isatty():
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Once more: "):
            raise InvalidInputError("The two passwords differ.")
    if not password:
        raise InvalidInputError("Give a password: type it, or pipe it in.")
    return password
