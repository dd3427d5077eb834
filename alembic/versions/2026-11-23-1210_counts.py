"""Searches in vain are counted per day, and every way in which a vote goes counts."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e652"
down_revision = "a1f0c2d4e651"
branch_labels = None
depends_on = None

COUNT_VOTES = """
CREATE OR REPLACE FUNCTION count_votes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE reviews r SET helpful_count = greatest(0, r.helpful_count + CASE TG_OP WHEN 'INSERT' THEN n ELSE -n END)
  FROM (SELECT review_id, count(*) AS n FROM changed GROUP BY review_id) votes WHERE r.id = votes.review_id;
  RETURN NULL;
END $$
"""
VOTES = """
CREATE OR REPLACE TRIGGER count_votes_{moment} AFTER {moment} ON review_votes REFERENCING {which} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION count_votes()
"""
MOMENTS = {"insert": "NEW", "delete": "OLD"}
MENDED = """
UPDATE reviews r SET helpful_count = counted.n
FROM (SELECT o.id, count(v.user_id) AS n FROM reviews o LEFT JOIN review_votes v ON v.review_id = o.id GROUP BY o.id)
  counted
WHERE counted.id = r.id AND r.helpful_count <> counted.n
"""
TODAY = "(now() AT TIME ZONE 'UTC')::date"
# Of several rows for one search and day, the last stays and counts for all.
MERGED = """
WITH counted AS (
  SELECT query, day, count(*) AS n, (array_agg(id ORDER BY created_at DESC))[1] AS kept
  FROM searches GROUP BY query, day HAVING count(*) > 1),
gone AS (DELETE FROM searches s USING counted c WHERE s.query = c.query AND s.day = c.day AND s.id <> c.kept)
UPDATE searches s SET times = c.n FROM counted c WHERE s.id = c.kept
"""


def upgrade() -> None:
    """Merge what was searched for more than once a day; count votes where they are kept."""
    op.add_column("searches", sa.Column("day", sa.Date(), server_default=sa.text(TODAY), nullable=False))
    op.add_column("searches", sa.Column("times", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.execute("UPDATE searches SET day = (created_at AT TIME ZONE 'UTC')::date")
    op.execute(MERGED)
    op.create_unique_constraint(op.f("uq_searches_day_query"), "searches", ["day", "query"])
    op.execute(COUNT_VOTES)
    for moment, which in MOMENTS.items():
        op.execute(VOTES.format(moment=moment, which=which))
    op.execute(MENDED)


def downgrade() -> None:
    """Forget how often, and leave the counting of votes to the program."""
    for moment in MOMENTS:
        op.execute(f"DROP TRIGGER IF EXISTS count_votes_{moment} ON review_votes")
    op.execute("DROP FUNCTION IF EXISTS count_votes()")
    op.drop_column("searches", "times")
    op.drop_column("searches", "day")
