"""Does at once what the worker does by the clock: ends checkouts whose time is over, asks Stripe about the others."""

import asyncio

from shophub.db import close_database
from shophub.jobs import checkouts


async def main() -> None:
    """Run the jobs as the worker does."""
    await checkouts.expire()
    await checkouts.reconcile()
    await close_database()


if __name__ == "__main__":
    asyncio.run(main())
