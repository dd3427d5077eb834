"""The merchant's logo above the letters."""

from shophub.schemas.stores import StoreView
from shophub.services.emails.rendering import render_email
from shophub.settings import get_settings


def letter(store: StoreView) -> str:
    return render_email(
        "account", subject="Hi", store=store, title="Hi", sentences=["Hello."], action="", url="", terms="",
        preview="Hello", reason="Because.",
    ).html  # fmt: skip


def test_letters_begin_with_the_logo_or_the_name() -> None:
    named = letter(StoreView(name="Oak & Sons"))
    pictured = letter(StoreView(name="Oak & Sons", logo_url="/sandbox/cloudinary/oak"))

    assert "Oak &amp; Sons<span" in named
    assert f'<img src="{get_settings().public_url}/sandbox/cloudinary/oak" alt="Oak &amp; Sons"' in pictured
    assert "Oak &amp; Sons<span" not in pictured
