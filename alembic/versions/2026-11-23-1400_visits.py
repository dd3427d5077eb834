"""A visit is half an hour rather than a day, and each day's are counted as they come."""

import sqlalchemy as sa
from alembic import context, op

revision = "a1f0c2d4e693"
down_revision = "a1f0c2d4e683"
branch_labels = None
depends_on = None

STEPS = ("saw_product", "added_to_cart", "started_checkout", "ordered")
COUNTS = ", ".join(f"count(*) FILTER (WHERE {step})" for step in STEPS)
NAMES = ", ".join(STEPS)
ADDED = ", ".join(f"{name} = visit_days.{name} + excluded.{name}" for name in ("visits", *STEPS))
MORE = ", ".join(f"sum(n.{step}::int - o.{step}::int) AS {step}" for step in STEPS)
RAISED = ", ".join(f"{step} = d.{step} + more.{step}" for step in STEPS)
IS_FURTHER = " OR ".join(f"n.{step} <> o.{step}" for step in STEPS)

# Whoever writes visits, the days say how many there were. Deleting old visits takes nothing off.
TRIGGERS = f"""
CREATE FUNCTION count_new_visits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO visit_days (day, visits, {NAMES})
  SELECT visited_on, count(*), {COUNTS} FROM added GROUP BY visited_on ORDER BY visited_on
  ON CONFLICT (day) DO UPDATE SET {ADDED};
  IF FOUND THEN
    PERFORM notify_live('visits', '{{"id": "all"}}');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER count_new_visits AFTER INSERT ON visits REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION count_new_visits();

CREATE FUNCTION count_visits_further() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE visit_days d SET {RAISED}
  FROM (
    SELECT n.visited_on, {MORE} FROM after n JOIN before o USING (id)
    WHERE {IS_FURTHER} GROUP BY n.visited_on) more
  WHERE d.day = more.visited_on;
  IF FOUND THEN
    PERFORM notify_live('visits', '{{"id": "all"}}');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER count_visits_further AFTER UPDATE ON visits REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION count_visits_further();
"""  # noqa: S608 - constants

INDEXES = (
    ("ix_visits_visitor_hash_last_seen_at", ["visitor_hash", "last_seen_at"], None),
    ("ix_visits_checkout_id", ["checkout_id"], "checkout_id IS NOT NULL"),
    ("ix_visits_last_seen_at", ["last_seen_at"], None),
)


def upgrade() -> None:
    """Count what is there while nothing is added, then build the indexes beside the open shop.

    Broken off in that, it is done again from there; an index that was broken off is built anew.
    """
    if context.is_offline_mode() or not sa.inspect(op.get_bind()).has_table("visit_days"):
        _count()
    with op.get_context().autocommit_block():
        for name, columns, where in INDEXES:
            op.drop_index(name, "visits", if_exists=True, postgresql_concurrently=True)
            op.create_index(
                name,
                "visits",
                columns,
                postgresql_where=sa.text(where) if where else None,
                postgresql_concurrently=True,
            )


def _count() -> None:
    op.drop_constraint("uq_visits_visited_on_visitor_hash", "visits", type_="unique")
    op.add_column("visits", sa.Column("checkout_id", sa.Uuid(), nullable=True))
    op.add_column(
        "visits",
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )
    op.execute("UPDATE visits SET last_seen_at = created_at")
    op.create_table(
        "visit_days",
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False) for name in ("visits", *STEPS)),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_visit_days")),
    )
    op.execute(f"INSERT INTO visit_days SELECT visited_on, count(*), {COUNTS} FROM visits GROUP BY 1")  # noqa: S608
    op.execute(TRIGGERS)


def downgrade() -> None:
    """Keep the first visit of each browser and day."""
    op.execute("DROP TRIGGER IF EXISTS count_new_visits ON visits")
    op.execute("DROP TRIGGER IF EXISTS count_visits_further ON visits")
    op.execute("DROP FUNCTION IF EXISTS count_new_visits()")
    op.execute("DROP FUNCTION IF EXISTS count_visits_further()")
    op.drop_table("visit_days")
    for name, _, _ in INDEXES:
        op.drop_index(name, "visits")
    op.drop_column("visits", "last_seen_at")
    op.drop_column("visits", "checkout_id")
    op.execute(
        "DELETE FROM visits v USING visits w WHERE w.visited_on = v.visited_on AND w.visitor_hash = v.visitor_hash"
        " AND w.id < v.id"
    )
    op.create_unique_constraint(op.f("uq_visits_visited_on_visitor_hash"), "visits", ["visited_on", "visitor_hash"])
