"""``.env.example`` is complete and true: every setting, each with its default."""

import re
from pathlib import Path

from shophub.settings import PROJECT_ROOT, Settings

LINE = re.compile(r"^#([A-Z][A-Z0-9_]*)=(.*)$", re.MULTILINE)
THROTTLES = ("throttle_api_reads", "throttle_api_writes")
LISTED = dict(LINE.findall((PROJECT_ROOT / ".env.example").read_text()))


def environment_name(field: str) -> str:
    return str(Settings.model_fields[field].validation_alias or field.upper())


def test_every_setting_is_listed_and_nothing_else() -> None:
    assert set(LISTED) == {environment_name(field) for field in Settings.model_fields}


def test_every_listed_default_is_the_real_one(tmp_path: Path) -> None:
    given = tmp_path / "env"
    shown = {name: value for name, value in LISTED.items() if not value.startswith((".data", ".cache"))}
    given.write_text("".join(f"{name}={value!r}\n" for name, value in shown.items()))

    from_example = Settings(_env_file=given)

    for field in Settings.model_fields.keys() - {
        "env",
        "data_dir",
        "database_url",
        *THROTTLES,
    }:  # these the tests set themselves
        assert getattr(from_example, field) == getattr(Settings(), field), field
    for field in THROTTLES:
        assert str(Settings.model_fields[field].default) == LISTED[environment_name(field)]
    assert Settings.model_fields["env"].default == LISTED["SHOPHUB_ENV"]
    assert Settings.model_fields["data_dir"].default == PROJECT_ROOT / LISTED["SHOPHUB_DATA_DIR"]
    assert Settings.model_fields["npm_dir"].default == PROJECT_ROOT / LISTED["SHOPHUB_NPM_DIR"]


def test_every_setting_is_explained() -> None:
    explained = False
    for line in (PROJECT_ROOT / ".env.example").read_text().splitlines():
        if LINE.match(line):
            assert explained, f"{line} stands without a comment above it"
        else:
            explained = line.startswith("# ") and not line.startswith("# ---")
