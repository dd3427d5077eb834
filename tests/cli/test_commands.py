"""The command line says in one sentence what is wrong, and its exit code tells."""

import socket
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from shophub.db import transaction
from shophub.jobs.audit import seal
from shophub.lib.clock import utc_now
from shophub.models.accounts import SecondFactor
from shophub.services import sessions
from tests.cli.commands import Commands, Done, nursery, start
from tests.factories import make_user

PRODUCTION = {
    "SHOPHUB_ENV": "production",
    "PUBLIC_URL": "https://shop.example.com",
    "AUTH_SECRET": "a-secret-of-more-than-thirty-two-characters",
    "STRIPE_SECRET_KEY": "sk_test_x",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_x",
    "CLOUDINARY_CLOUD_NAME": "c",
    "CLOUDINARY_API_KEY": "k",
    "CLOUDINARY_API_SECRET": "x",
    "RESEND_API_KEY": "re_x",
}


@pytest.fixture(scope="module")
def shophub() -> Iterator[Commands]:
    """Commands from a nursery; one of each kind is started as a shell does."""
    with nursery() as commands:
        yield commands


def test_wrong_setting_is_named_without_its_value() -> None:
    done = start("doctor", PORT="not-a-port-S3CRET")

    assert done.returncode == 1
    assert "PORT: Input should be a valid integer" in done.stderr
    assert "S3CRET" not in done.stderr


def test_production_without_keys_names_each_that_is_missing(shophub: Commands) -> None:
    done = shophub("serve", SHOPHUB_ENV="production", DATABASE_URL="")

    assert done.returncode == 1
    for name in PRODUCTION.keys() - {"SHOPHUB_ENV"}:
        assert name in done.stderr


@pytest.mark.parametrize("command", ["seed", "sandbox"])
def test_production_refuses_what_is_for_development(shophub: Commands, command: str) -> None:
    done = shophub(command, **PRODUCTION)

    assert done.returncode == 1
    assert "production" in done.stderr
    assert "Traceback" not in done.stderr


def test_port_in_use_is_said_at_once_with_the_remedy(shophub: Commands, database: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = shophub("serve", HOST="127.0.0.1", PORT=str(port), SHOPHUB_DATA_DIR=str(tmp_path))

    assert done.returncode == 1
    assert f"Port {port} is used by another program. Choose another, for example: PORT={port + 1}" in done.stderr


def test_doctor_finds_a_migrated_database_well(shophub: Commands, database: str, tmp_path: Path) -> None:
    done = shophub("doctor", SHOPHUB_DATA_DIR=str(tmp_path))

    assert " ✓ Database    127.0.0.1" in done.stdout or " ✓ Database    local socket" in done.stdout
    assert "· Stripe      local sandbox" in done.stdout


def test_doctor_tells_which_rules_of_the_books_are_broken(shophub: Commands, database: str, tmp_path: Path) -> None:
    well = shophub("doctor", SHOPHUB_DATA_DIR=str(tmp_path))
    with psycopg.connect(database) as connection:
        connection.execute("""
            INSERT INTO coupons (id, code, discount_type, percent_bp, used, starts_at, ends_at)
            VALUES (gen_random_uuid(), 'LOST', 'PERCENTAGE', 1000, 1, now(), now() + interval '1 day')""")

    broken = shophub("doctor", SHOPHUB_DATA_DIR=str(tmp_path))

    assert " ✓ Books       stock, coupons, orders and payments add up" in well.stdout
    assert " ✗ Books       broken: coupon uses are counted" in broken.stdout
    assert "→ Look at LOST: 1 used and 0 held, counted 0 and 0." in broken.stdout
    assert broken.returncode == 1


async def test_doctor_finds_a_changed_row_of_the_audit_log(shophub: Commands, database: str, tmp_path: Path) -> None:
    shophub("maintenance", "on", "--message", "Until noon.", SHOPHUB_DATA_DIR=str(tmp_path))
    await seal()
    well = shophub("doctor", SHOPHUB_DATA_DIR=str(tmp_path))
    with psycopg.connect(database) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE audit_log SET action = 'settings.other'")

    broken = shophub("doctor", SHOPHUB_DATA_DIR=str(tmp_path))

    assert " ✓ Audit log   its chain is whole (1 sealed, the last one " in well.stdout
    assert " ✗ Audit log   Row 1 was changed after it had been sealed." in broken.stdout
    assert broken.returncode == 1


def test_maintenance_is_switched_on_and_off(shophub: Commands, database: str, tmp_path: Path) -> None:
    def saved() -> tuple[object, ...] | None:
        with psycopg.connect(database) as connection:
            return connection.execute("SELECT maintenance_enabled, maintenance_message FROM store_settings").fetchone()

    on = start("maintenance", "on", "--message", "Until noon.", SHOPHUB_DATA_DIR=str(tmp_path))
    closed = saved()
    off = shophub("maintenance", "off", SHOPHUB_DATA_DIR=str(tmp_path))

    assert (on.returncode, on.stdout.strip()) == (0, "The shop is closed to all but the staff.")
    assert closed == (True, "Until noon.")
    assert (off.stdout.strip(), saved()) == ("The shop is open.", (False, "Until noon."))


def test_doctor_says_what_to_do_about_a_database_out_of_reach(shophub: Commands, tmp_path: Path) -> None:
    done = shophub("doctor", SHOPHUB_DATA_DIR=str(tmp_path), REDIS_URL="redis://127.0.0.1:1/0")

    assert done.returncode == 1
    assert " ✗ Database    127.0.0.1:1: connection" in done.stdout
    assert "→ Check DATABASE_URL and that the server runs." in done.stdout
    assert " ✗ Redis       127.0.0.1:1: " in done.stdout


@pytest.fixture
def reachable_folder() -> Iterator[Path]:
    """A folder that the embedded server's own user can enter when root runs the tests, unlike pytest's."""
    with tempfile.TemporaryDirectory(prefix="data-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_migrate_brings_an_empty_database_up_to_date_and_again_changes_nothing(
    shophub: Commands, reachable_folder: Path
) -> None:
    environment = {"DATABASE_URL": "", "SHOPHUB_DATA_DIR": str(reachable_folder)}

    before = shophub("doctor", **environment)
    first, second = start("migrate", **environment), shophub("migrate", **environment)
    after = shophub("doctor", **environment)

    assert "embedded: empty, never migrated" in before.stdout
    assert (first.returncode, second.returncode) == (0, 0)
    assert "✓ Database    embedded, PostgreSQL 18" in after.stdout
    assert (reachable_folder / "postgres" / "cluster").is_dir()


def create_admin(run: Callable[..., Done], email: str, password: str, *more: str, name: str = "Grace Owner") -> Done:
    return run("create-admin", "--email", email, "--name", name, *more, said=f"{password}\n")


def admins(database: str) -> list[tuple[str, bool]]:
    with psycopg.connect(database) as connection:
        statement = "SELECT email, email_verified_at IS NOT NULL FROM users WHERE role = 'SUPER_ADMIN' ORDER BY email"
        return [(row[0], row[1]) for row in connection.execute(statement)]


def test_owner_is_made_from_the_command_line_once(shophub: Commands, database: str) -> None:
    made = create_admin(start, "Grace@Example.com", "copper fox at noon")
    again = create_admin(shophub, "other@example.com", "copper fox at noon")
    forced = create_admin(shophub, "other@example.com", "copper fox at noon", "--force")

    assert (made.returncode, made.stdout.strip()) == (0, "Grace@example.com is SUPER_ADMIN now and can sign in.")
    assert "copper" not in made.stdout + made.stderr
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.strip() == "shophub: The shop has a SUPER_ADMIN already. Say --force to make another one."
    assert forced.returncode == 0
    assert admins(database) == [("grace@example.com", True), ("other@example.com", True)]


def test_owners_made_at_once_are_one(shophub: Commands, database: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(
            pool.map(lambda number: create_admin(shophub, f"g{number}@example.com", "copper fox at noon"), range(4))
        )

    assert sorted(one.returncode for one in done) == [0, 1, 1, 1]
    assert len(admins(database)) == 1


async def test_account_becomes_owner_by_force_alone_and_starts_afresh(shophub: Commands, database: str) -> None:
    async with transaction() as session:
        user = await make_user(session, email="ada@example.com", is_active=False)
        session.add(SecondFactor(user_id=user.id, secret_encrypted="sealed", confirmed_at=utc_now()))
        await sessions.start(session, user.id)

    refused = create_admin(shophub, "ada@example.com", "copper fox at noon")
    before = admins(database)
    forced = create_admin(shophub, "ADA@example.com", "copper fox at noon", "--force")

    assert (refused.returncode, before, forced.returncode) == (1, [], 0)
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT role, is_active, password_hash FROM users").fetchone()
        assert row is not None
        assert (row[0], row[1], row[2][:9]) == ("SUPER_ADMIN", True, "$argon2id")
        assert connection.execute("SELECT count(*) FROM sessions WHERE revoked_at IS NULL").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM second_factors").fetchone() == (0,)
        assert connection.execute("SELECT action FROM audit_log").fetchall() == [("user.create_admin",)]


@pytest.mark.parametrize(
    ("email", "password", "said"),
    [
        ("grace", "copper fox at noon", "That is not an e-mail address."),
        ("grace@example.com", "short", "The password needs 8 to 128 characters."),
        ("grace@example.com", "password123", "This one is among the first that others would try."),
        ("grace@example.com", "", "Give a password: type it, or pipe it in."),
    ],
)
def test_owner_that_cannot_be_is_refused_in_words(
    shophub: Commands, database: str, email: str, password: str, said: str
) -> None:
    done = create_admin(shophub, email, password)

    assert (done.returncode, done.stderr.strip()) == (1, f"shophub: {said}")
    assert admins(database) == []


def test_weak_secret_and_trust_in_everybody_are_refused_in_production(shophub: Commands) -> None:
    weak = {"AUTH_SECRET": "a" * 48, "TRUSTED_PROXIES": "10.0.0.0/8,0.0.0.0/0"}
    done = shophub("doctor", **{**PRODUCTION, **weak, "DATABASE_URL": "postgresql://x@127.0.0.1:1/x"})

    assert done.returncode == 1
    assert "AUTH_SECRET, TRUSTED_PROXIES (not everybody)" in done.stderr + done.stdout


def test_short_setup_token_is_refused_in_production(shophub: Commands) -> None:
    done = shophub("doctor", **PRODUCTION, SETUP_TOKEN="s" * 23, DATABASE_URL="postgresql://x@127.0.0.1:1/x")

    assert done.returncode == 1
    assert "SETUP_TOKEN (24 characters or more)" in done.stderr + done.stdout
