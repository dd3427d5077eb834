"""Does at once what the worker does by the clock.

Ends checkouts whose time is over, asks Stripe about the others, tells those who wait what is back.
"""

import asyncio

from shophub.db import close_database
from shophub.jobs import checkouts, notices


async def main() -> None:
    """Run the jobs as the worker does."""
    await checkouts.expire()
    await checkouts.reconcile()
    await notices.tell_back_in_stock()
    await close_database()


if __name__ == "__main__":
    asyncio.run(main())
