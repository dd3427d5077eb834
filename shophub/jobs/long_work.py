"""The job that does long work, whatever kind it is. A module whose kinds it is to do is imported here."""

from uuid import UUID

from shophub.integrations.queue import FewTries, task
from shophub.services.flows import change_products, product_import
from shophub.services.flows.long_work import run_work
from shophub.services.long_jobs import RUN

# Imported for the kinds of work that they register.
__all__ = ["change_products", "product_import", "run"]


@task(RUN, retry=FewTries())
async def run(job_id: str) -> None:
    """Do work, or go on with it where another worker was stopped."""
    await run_work(UUID(job_id))
