"""Open pages hear at once of a session that has ended and of an account whose role or activity has changed."""

from alembic import op

revision = "a1f0c2d4e60a"
down_revision = "a1f0c2d4e609"
branch_labels = None
depends_on = None

# A page watches its own session only. What happens to the account is therefore told to each of its live sessions.
FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION notify_session_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('session', jsonb_build_object('id', OLD.id));
  RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE FUNCTION notify_sessions_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM notify_live('session', jsonb_build_object('id', s.id))
  FROM sessions s WHERE s.user_id = NEW.id AND s.revoked_at IS NULL AND s.expires_at > now();
  RETURN NULL;
END $$
""",
)
# Trigger, table, what sets it off, under which condition, what it does.
TRIGGERS = (
    (
        "notify_session_revoked",
        "sessions",
        "UPDATE OF revoked_at",
        "WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)",
        "notify_session_over()",
    ),
    (
        "notify_session_deleted",
        "sessions",
        "DELETE",
        "WHEN (OLD.revoked_at IS NULL)",
        "notify_session_over()",
    ),
    (
        "notify_user_standing",
        "users",
        "UPDATE OF role, is_active",
        "WHEN (OLD.role IS DISTINCT FROM NEW.role OR OLD.is_active IS DISTINCT FROM NEW.is_active)",
        "notify_sessions_of_user()",
    ),
)


def upgrade() -> None:
    """Create the triggers, each in a transaction of its own, so that no two tables are locked together."""
    with op.get_context().autocommit_block():
        for function in FUNCTIONS:
            op.execute(function)
        for trigger, table, moment, condition, action in TRIGGERS:
            op.execute(
                f"CREATE OR REPLACE TRIGGER {trigger} AFTER {moment} ON {table} FOR EACH ROW {condition} "
                f"EXECUTE FUNCTION {action}"
            )


def downgrade() -> None:
    """Drop them again."""
    for trigger, table, *_ in TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for function in ("notify_session_over()", "notify_sessions_of_user()"):
        op.execute(f"DROP FUNCTION {function}")
