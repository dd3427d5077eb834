"""A change of thousands of products, as long work."""

from shophub.db import transaction
from shophub.lib.csv_cells import table
from shophub.services.bulk_work import CHANGE_PRODUCTS, BulkChange, apply, ids_of
from shophub.services.flows.long_work import Work, runs
from shophub.services.product_bulk import Changed

BATCH = 500
HEAD = ("id", "field", "before", "after")


@runs(CHANGE_PRODUCTS)
async def change_products(work: Work) -> None:
    """Change them batch by batch; the file says of each product (of each variant, with prices) what it was before."""
    ids = ids_of(await work.read_input())
    change = BulkChange.from_parameters(work.parameters)
    while work.done < len(ids):
        batch = ids[work.done : work.done + BATCH]
        async with transaction() as session:
            changed = await apply(session, batch, change, work.actor)
            counts = {
                "changed": work.counts.get("changed", 0) + changed.count,
                "left alone": work.counts.get("left alone", 0) + changed.left_alone,
            }
            written = _rows(changed, with_head=work.done == 0)
            await work.step(session, done=work.done + len(batch), counts=counts, result=written)
        work.go_on()


def _rows(changed: Changed, *, with_head: bool) -> str:
    values = changed.undo.values.items()
    written = table(HEAD, ((str(one), changed.undo.kind, _cell(old), _cell(new)) for one, (old, new) in values))
    return written if with_head else written.partition("\r\n")[2]


def _cell(value: object) -> str | int:
    if isinstance(value, int):
        return value
    return ", ".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)
