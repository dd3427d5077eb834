"""Pictures that nothing shows: uploaded and not saved yet, or taken away, until a job removes them."""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c2d4e685"
down_revision = "a1f0c2d4e693"
branch_labels = None
depends_on = None

# Only names that the upload gives out (``shop/…``): what others named is theirs to remove. Whoever shows a picture
# takes its row, and waits for a job that is deciding about it; one that is gone cannot be shown again.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION claim_picture(shown text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF shown NOT LIKE 'shop/%' THEN
    RETURN;
  END IF;
  DELETE FROM loose_pictures WHERE public_id = shown AND gone_at IS NULL;
  IF NOT FOUND AND EXISTS (SELECT 1 FROM loose_pictures WHERE public_id = shown) THEN
    RAISE EXCEPTION 'the picture % is gone', shown USING ERRCODE = 'foreign_key_violation';
  END IF;
END $$;

CREATE OR REPLACE FUNCTION loosen_picture(shown text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF shown LIKE 'shop/%' THEN
    INSERT INTO loose_pictures (public_id) VALUES (shown) ON CONFLICT (public_id) DO UPDATE SET since = now();
  END IF;
END $$;

CREATE OR REPLACE FUNCTION follow_picture() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  name text := TG_ARGV[0];
  old_picture text := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) ->> name END;
  new_picture text := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) ->> name END;
BEGIN
  IF new_picture IS DISTINCT FROM old_picture THEN
    PERFORM claim_picture(new_picture);
    PERFORM loosen_picture(old_picture);
  END IF;
  RETURN NULL;
END $$;
"""
FOLLOWED = {"images": "public_id", "categories": "image_public_id", "store_settings": "logo_public_id"}
TRIGGER = """
CREATE OR REPLACE TRIGGER follow_picture AFTER INSERT OR DELETE OR UPDATE OF {column} ON {table}
  FOR EACH ROW EXECUTE FUNCTION follow_picture('{column}')
"""
# What was uploaded before and never saved: the audit log knows of every upload.
EARLIER = """
INSERT INTO loose_pictures (public_id)
SELECT DISTINCT target_id FROM audit_log WHERE action = 'picture.upload' AND target_id LIKE 'shop/%'
  AND NOT EXISTS (SELECT 1 FROM images i WHERE i.public_id = target_id)
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    """Create it; what is in use after all is found by the job's own look."""
    op.create_table(
        "loose_pictures",
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("removed_at IS NULL OR gone_at IS NOT NULL", name=op.f("ck_loose_pictures_gone_first")),
        sa.PrimaryKeyConstraint("public_id", name=op.f("pk_loose_pictures")),
    )
    op.create_index("ix_loose_pictures_since", "loose_pictures", ["since"],
                    postgresql_where=sa.text("removed_at IS NULL"))  # fmt: skip
    op.execute(FUNCTIONS)
    for table, column in FOLLOWED.items():
        op.execute(TRIGGER.format(table=table, column=column))
    op.execute(EARLIER)


def downgrade() -> None:
    """Drop it again."""
    for table in FOLLOWED:
        op.execute(f"DROP TRIGGER IF EXISTS follow_picture ON {table}")
    for function in ("follow_picture()", "loosen_picture(text)", "claim_picture(text)"):
        op.execute(f"DROP FUNCTION IF EXISTS {function}")
    op.drop_table("loose_pictures")
