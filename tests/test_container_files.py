"""The container files hold what a deployment needs; each stage's commands are those of the project."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from shophub.settings import PROJECT_ROOT, Settings

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT_ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (PROJECT_ROOT / "Dockerfile").read_text()
OF_OUR_IMAGE = ("migrate", "app", "worker")


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line.removeprefix(name).strip() for line in joined.splitlines() if line.startswith(f"{name} ")]


def test_image_has_two_stages_runs_without_rights_and_reports_its_health() -> None:
    assert len(instructions("FROM")) == 2
    assert instructions("USER") == ["10001:10001"]
    assert "/api/health" in instructions("HEALTHCHECK")[0]
    assert instructions("CMD")[0].startswith('["granian"')


def test_runtime_stage_copies_only_what_exists_or_was_built() -> None:
    copied = [
        path.removeprefix("/app/")
        for line in instructions("COPY")
        if line.startswith("--from=build")
        for path in line.split()[1:-1]
    ]

    built = {".venv", ".web"}
    assert built <= set(copied)
    assert all((PROJECT_ROOT / path).exists() for path in set(copied) - built)


def test_image_is_built_without_keys_and_local_data() -> None:
    ignored = set((PROJECT_ROOT / ".dockerignore").read_text().split())

    assert {".env", ".data", ".git", ".venv", ".web", "tests"} <= ignored
    assert not re.search(r"(SECRET|API_KEY|PASSWORD)", DOCKERFILE)


def test_app_runs_at_least_twice_behind_caddy_with_worker_database_and_redis() -> None:
    assert set(SERVICES) == {"caddy", "migrate", "app", "worker", "postgres", "redis"}
    assert SERVICES["app"]["deploy"]["replicas"] >= 2
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["caddy"]


@pytest.mark.parametrize("name", OF_OUR_IMAGE)
def test_every_process_of_the_shop_gets_every_secret(name: str) -> None:
    given = SERVICES[name]["environment"]

    required = {
        field.upper()
        for field in Settings.model_fields
        if (field.startswith(("stripe_", "cloudinary_", "resend_")) or field in {"auth_secret", "email_from"})
        and field not in {"stripe_timeout", "stripe_retries"}  # their defaults are meant for production
    }
    assert given["SHOPHUB_ENV"] == "production"
    assert {"DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "TRUSTED_PROXIES"} <= set(given)
    for setting in required:
        assert re.fullmatch(rf"\$\{{{setting}:\?.+\}}", given[setting]), f"{setting} must be asked for by name"


def test_compose_knows_only_settings_that_exist() -> None:
    names = {str(field.validation_alias or name.upper()) for name, field in Settings.model_fields.items()}

    assert set(SERVICES["app"]["environment"]) <= names


def test_tables_are_migrated_before_anything_uses_them() -> None:
    assert SERVICES["migrate"]["command"] == ["shophub", "migrate"]
    for name in ("app", "worker"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert SERVICES["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert all("healthcheck" in SERVICES[name] for name in ("postgres", "redis"))


def test_bundled_database_is_reached_without_tls_and_kept_in_a_volume() -> None:
    assert "@postgres:5432/shophub?sslmode=disable" in SERVICES["app"]["environment"]["DATABASE_URL"]
    assert SERVICES["postgres"]["volumes"] == ["database:/var/lib/postgresql"]
    assert "database" in COMPOSE["volumes"]


def test_proxy_is_the_only_one_trusted_to_name_the_caller() -> None:
    (network,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    caddyfile = Path(PROJECT_ROOT / "Caddyfile").read_text()

    assert SERVICES["app"]["environment"]["TRUSTED_PROXIES"] == network["subnet"]
    assert "header_up X-Forwarded-For {remote_host}" in caddyfile
    assert re.search(r"path /metrics .*\n\s*respond @private 404", caddyfile)
