"""A person can be taken out of what was paid for, once that is over; everything else of it stays as it was."""

from alembic import op

revision = "a1f0c2d4e60b"
down_revision = "a1f0c2d4e60a"
branch_labels = None
depends_on = None

# What the books need of an address: where the goods were taxed.
ERASED_ADDRESS = """
CREATE FUNCTION erased_address(given jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('full_name', 'Erased customer', 'address', '', 'address2', '', 'city', '',
    'state', coalesce(given ->> 'state', ''), 'zip_code', '', 'country', coalesce(given ->> 'country', ''), 'phone', '')
$$
"""
GUARD = """
CREATE OR REPLACE FUNCTION guard_checkout_revisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM checkouts WHERE id = OLD.checkout_id) THEN
      RAISE EXCEPTION 'checkout_revisions is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF NEW.coupon_id IS NULL THEN
    OLD.coupon_id := NULL;
  END IF;
  {erasure}
  IF NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'checkout_revisions is append-only' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$
"""
ERASURE = """
  IF NEW.email LIKE '%@erased.invalid'
     AND EXISTS (SELECT 1 FROM checkouts WHERE id = OLD.checkout_id AND status IN ('completed', 'expired')) THEN
    OLD.email := NEW.email;
    OLD.note := '';
    OLD.shipping_address := erased_address(OLD.shipping_address);
  END IF;
"""


def upgrade() -> None:
    """Let the person be taken out, and nothing else be changed."""
    op.execute(ERASED_ADDRESS)
    op.execute(GUARD.replace("{erasure}", ERASURE))


def downgrade() -> None:
    """Refuse every change again."""
    op.execute(GUARD.replace("{erasure}", ""))
    op.execute("DROP FUNCTION erased_address(jsonb)")
