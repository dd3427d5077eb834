"""The command line says in one sentence what is wrong, and its exit code tells."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shophub.jobs.audit import seal

PROJECT = Path(__file__).parents[2]
PRODUCTION = {
    "SHOPHUB_ENV": "production",
    "PUBLIC_URL": "https://shop.example.com",
    "AUTH_SECRET": "s" * 48,
    "STRIPE_SECRET_KEY": "sk_test_x",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_x",
    "CLOUDINARY_CLOUD_NAME": "c",
    "CLOUDINARY_API_KEY": "k",
    "CLOUDINARY_API_SECRET": "x",
    "RESEND_API_KEY": "re_x",
}


def shophub(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "shophub", *arguments],
        cwd=PROJECT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_wrong_setting_is_named_without_its_value() -> None:
    done = shophub("doctor", PORT="not-a-port-S3CRET")

    assert done.returncode == 1
    assert "PORT: Input should be a valid integer" in done.stderr
    assert "S3CRET" not in done.stderr


def test_production_without_keys_names_each_that_is_missing() -> None:
    done = shophub("serve", SHOPHUB_ENV="production", DATABASE_URL="")

    assert done.returncode == 1
    for name in PRODUCTION.keys() - {"SHOPHUB_ENV"}:
        assert name in done.stderr


@pytest.mark.parametrize("command", ["seed", "sandbox"])
def test_production_refuses_what_is_for_development(command: str) -> None:
    done = shophub(command, **PRODUCTION)

    assert done.returncode == 1
    assert "production" in done.stderr
    assert "Traceback" not in done.stderr


def test_port_in_use_is_said_at_once_with_the_remedy(database: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = shophub("serve", HOST="127.0.0.1", PORT=str(port), SHOPHUB_DATA_DIR=str(tmp_path))

    assert done.returncode == 1
    assert f"Port {port} is used by another program. Choose another, for example: PORT={port + 1}" in done.stderr


def test_doctor_finds_a_migrated_database_well(database: str, tmp_path: Path) -> None:
    done = shophub("doctor", SHOPHUB_DATA_DIR=str(tmp_path))

    assert " ✓ Database    127.0.0.1" in done.stdout or " ✓ Database    local socket" in done.stdout
    assert "· Stripe      local sandbox" in done.stdout


def test_doctor_tells_which_rules_of_the_books_are_broken(database: str, tmp_path: Path) -> None:
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


async def test_doctor_finds_a_changed_row_of_the_audit_log(database: str, tmp_path: Path) -> None:
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


def test_maintenance_is_switched_on_and_off(database: str, tmp_path: Path) -> None:
    def saved() -> tuple[object, ...] | None:
        with psycopg.connect(database) as connection:
            return connection.execute("SELECT maintenance_enabled, maintenance_message FROM store_settings").fetchone()

    on = shophub("maintenance", "on", "--message", "Until noon.", SHOPHUB_DATA_DIR=str(tmp_path))
    closed = saved()
    off = shophub("maintenance", "off", SHOPHUB_DATA_DIR=str(tmp_path))

    assert (on.returncode, on.stdout.strip()) == (0, "The shop is closed to all but the staff.")
    assert closed == (True, "Until noon.")
    assert (off.stdout.strip(), saved()) == ("The shop is open.", (False, "Until noon."))


def test_doctor_says_what_to_do_about_a_database_out_of_reach(tmp_path: Path) -> None:
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


def test_migrate_brings_an_empty_database_up_to_date_and_again_changes_nothing(reachable_folder: Path) -> None:
    environment = {"DATABASE_URL": "", "SHOPHUB_DATA_DIR": str(reachable_folder)}

    before = shophub("doctor", **environment)
    first, second = shophub("migrate", **environment), shophub("migrate", **environment)
    after = shophub("doctor", **environment)

    assert "embedded: empty, never migrated" in before.stdout
    assert (first.returncode, second.returncode) == (0, 0)
    assert "✓ Database    embedded, PostgreSQL 18" in after.stdout
    assert (reachable_folder / "postgres" / "cluster").is_dir()
