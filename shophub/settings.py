"""The configuration: the only reader of the environment.

Every setting is described in ``.env.example``. Missing keys of Stripe, Cloudinary or Resend mean their local sandboxes.
"""

import contextlib
import os
import secrets
from datetime import timedelta
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shophub.errors import ConfigurationError

PROJECT_ROOT = Path(__file__).resolve().parent.parent
SANDBOX_STRIPE_SECRET_KEY = "sk_test_sandbox"
SANDBOX_STRIPE_PUBLISHABLE_KEY = "pk_test_sandbox"
SANDBOX_STRIPE_WEBHOOK_SECRET = "whsec_sandbox"
SANDBOX_CLOUDINARY = "sandbox"
SANDBOX_RESEND_API_KEY = "re_sandbox"
MIN_SECRET_LENGTH = 32
MIN_SECRET_CHARACTERS = 10  # different ones: a secret of one letter is none
# Whoever guesses it owns the shop.
MIN_SETUP_TOKEN_LENGTH = 24

IPNetwork = IPv4Network | IPv6Network


class Settings(BaseSettings):
    """All settings, checked once at start."""

    model_config = SettingsConfigDict(
        env_file=PROJECT_ROOT / ".env", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    env: Literal["development", "test", "production"] = Field("development", validation_alias="SHOPHUB_ENV")
    host: str = "0.0.0.0"  # noqa: S104 - the shop is meant to be reached from outside
    port: int = Field(3000, ge=1, le=65535)
    public_url: str = ""
    data_dir: Path = Field(PROJECT_ROOT / ".data", validation_alias="SHOPHUB_DATA_DIR")
    npm_dir: Path = Field(PROJECT_ROOT / ".cache" / "npm" / "node_modules", validation_alias="SHOPHUB_NPM_DIR")

    database_url: str | None = None
    database_direct_url: str | None = None
    database_replica_url: str | None = None
    db_pool_max: int = Field(20, ge=1, le=200)
    db_pool_idle: timedelta = timedelta(seconds=30)
    db_connect_timeout: timedelta = timedelta(seconds=10)
    redis_url: str | None = None

    auth_secret: SecretStr = SecretStr("")
    setup_token: SecretStr | None = None
    metrics_token: SecretStr | None = None
    session_lifetime: timedelta = timedelta(days=30)
    step_up_lifetime: timedelta = timedelta(minutes=10)  # how long an entered password lets refunds and the like pass
    password_queue: int = Field(400, ge=1)  # passwords that wait to be hashed; further ones are sent away with 503
    trusted_proxies: Annotated[tuple[IPNetwork, ...], NoDecode] = ()
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()  # beside that of public_url; others get 400 in production

    # Throttles: how many tries are heard per window, then 429. Windows are written like 00:15:00 or PT15M.
    throttle_window: timedelta = timedelta(minutes=15)
    throttle_sign_in: int = Field(5, ge=1)  # failed sign-ins per account and network address
    throttle_sign_in_address: int = Field(20, ge=1)  # failed sign-ins per network address
    throttle_sign_in_account: int = Field(100, ge=1)  # failed sign-ins per account: beyond it each try is delayed
    throttle_sign_in_delay: timedelta = timedelta(seconds=2)  # by this much
    throttle_code_account: int = Field(10, ge=1)  # wrong codes of an account's app, from anywhere
    throttle_register_address: int = Field(60, ge=1)  # new accounts per network address
    throttle_reset_address: int = Field(20, ge=1)  # links for a password or an address asked for per network address
    throttle_reset_account: int = Field(3, ge=1)  # links mailed per account, from anywhere
    throttle_export_address: int = Field(20, ge=1)  # copies of one's own data per network address
    throttle_empty_search_address: int = Field(60, ge=1)  # searches in vain kept per network address
    throttle_stock_alert_address: int = Field(30, ge=1)  # wishes to hear when something is back per network address
    throttle_checkout_address: int = Field(60, ge=1)  # starts of a payment per network address
    throttle_coupon_address: int = Field(30, ge=1)  # coupon codes tried per network address
    throttle_invite_address: int = Field(60, ge=1)  # invites sent per network address
    throttle_accept_address: int = Field(60, ge=1)  # answers to invites per network address
    throttle_api_window: timedelta = timedelta(minutes=1)
    throttle_api_reads: int = Field(1200, ge=1)  # requests below /api that change nothing, per account or household
    throttle_api_writes: int = Field(240, ge=1)  # all others, counted apart
    idempotency_wait: timedelta = timedelta(seconds=10)  # for who is answering the same request just now; then 409

    stripe_secret_key: SecretStr = SecretStr(SANDBOX_STRIPE_SECRET_KEY)
    stripe_publishable_key: str = SANDBOX_STRIPE_PUBLISHABLE_KEY
    stripe_webhook_secret: SecretStr = SecretStr(SANDBOX_STRIPE_WEBHOOK_SECRET)
    stripe_timeout: timedelta = timedelta(seconds=20)  # of one call
    stripe_retries: int = Field(2, ge=0, le=5)  # of a call that failed on the way or at Stripe, under the same key
    cloudinary_cloud_name: str = SANDBOX_CLOUDINARY
    cloudinary_api_key: str = SANDBOX_CLOUDINARY
    cloudinary_api_secret: SecretStr = SecretStr("sandbox_secret")
    resend_api_key: SecretStr = SecretStr(SANDBOX_RESEND_API_KEY)
    email_from: str = "ShopHub <orders@shophub.example>"
    sentry_dsn: str | None = None
    sandbox_url: str = ""

    checkout_lifetime: timedelta = timedelta(minutes=30)
    checkout_lifetime_max: timedelta = timedelta(minutes=60)

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())
        return value

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @field_validator("database_url", "database_direct_url", "database_replica_url")
    @classmethod
    def _postgresql_only(cls, value: str | None) -> str | None:
        if value is None:
            return None
        for prefix in ("postgresql+psycopg://", "postgres://", "postgresql://"):
            if value.startswith(prefix):
                return "postgresql://" + value.removeprefix(prefix)
        raise ValueError("must start with postgresql://")

    @model_validator(mode="after")
    def _fill_and_check(self) -> Self:
        fill = object.__setattr__
        if not self.public_url:
            fill(self, "public_url", f"http://localhost:{self.port}")
        fill(self, "public_url", self.public_url.rstrip("/"))
        if not self.sandbox_url:
            fill(self, "sandbox_url", f"http://127.0.0.1:{self.port}/sandbox")
        if not self.auth_secret.get_secret_value() and not self.is_production:
            fill(self, "auth_secret", SecretStr(_development_secret(self.data_dir)))
        return self

    @property
    def is_production(self) -> bool:
        """Whether real customers use this process."""
        return self.env == "production"

    @property
    def stripe_is_sandbox(self) -> bool:
        """Whether payments go to the local sandbox."""
        return self.stripe_secret_key.get_secret_value() == SANDBOX_STRIPE_SECRET_KEY

    @property
    def cloudinary_is_sandbox(self) -> bool:
        """Whether pictures are kept by the local sandbox."""
        return self.cloudinary_cloud_name == SANDBOX_CLOUDINARY

    @property
    def resend_is_sandbox(self) -> bool:
        """Whether e-mails end in the local mailbox."""
        return self.resend_api_key.get_secret_value() == SANDBOX_RESEND_API_KEY

    @property
    def stripe_api_base(self) -> str | None:
        """The API's base address where it is not Stripe's own."""
        return f"{self.sandbox_url}/stripe" if self.stripe_is_sandbox else None

    @property
    def stripe_js_url(self) -> str:
        """The script that draws the Payment Element; a path is on the shop's own host."""
        return "/sandbox/stripe/stripe.js" if self.stripe_is_sandbox else "https://js.stripe.com/endive/stripe.js"

    @property
    def cloudinary_upload_prefix(self) -> str | None:
        """The upload API's base address where it is not Cloudinary's own."""
        return f"{self.sandbox_url}/cloudinary" if self.cloudinary_is_sandbox else None

    @property
    def resend_api_url(self) -> str | None:
        """The e-mail API's base address where it is not Resend's own."""
        return f"{self.sandbox_url}/resend" if self.resend_is_sandbox else None

    @property
    def uses_sandbox(self) -> bool:
        """Whether any of the three services is a sandbox, which then has to be mounted."""
        return self.stripe_is_sandbox or self.cloudinary_is_sandbox or self.resend_is_sandbox

    def require_production_ready(self) -> None:
        """Refuse to run for real customers with a sandbox, a missing key or a weak secret.

        Raises:
            ConfigurationError: Names every setting that is wrong, never its value.
        """
        if not self.is_production:
            return
        wrong = [
            name
            for name, bad in {
                "DATABASE_URL": self.database_url is None,
                "AUTH_SECRET": len(self.auth_secret.get_secret_value()) < MIN_SECRET_LENGTH
                or len(set(self.auth_secret.get_secret_value())) < MIN_SECRET_CHARACTERS,
                "TRUSTED_PROXIES (not everybody)": any(network.prefixlen == 0 for network in self.trusted_proxies),
                "PUBLIC_URL": not self.public_url.startswith("https://"),
                f"SETUP_TOKEN ({MIN_SETUP_TOKEN_LENGTH} characters or more)": self.setup_token is not None
                and len(self.setup_token.get_secret_value()) < MIN_SETUP_TOKEN_LENGTH,
                f"METRICS_TOKEN ({MIN_SETUP_TOKEN_LENGTH} characters or more)": self.metrics_token is not None
                and len(self.metrics_token.get_secret_value()) < MIN_SETUP_TOKEN_LENGTH,
                "STRIPE_SECRET_KEY": self.stripe_is_sandbox,
                "STRIPE_PUBLISHABLE_KEY": self.stripe_publishable_key == SANDBOX_STRIPE_PUBLISHABLE_KEY,
                "STRIPE_WEBHOOK_SECRET": self.stripe_webhook_secret.get_secret_value() == SANDBOX_STRIPE_WEBHOOK_SECRET,
                "CLOUDINARY_CLOUD_NAME": self.cloudinary_is_sandbox,
                "CLOUDINARY_API_KEY": self.cloudinary_api_key == SANDBOX_CLOUDINARY,
                "CLOUDINARY_API_SECRET": self.cloudinary_api_secret.get_secret_value() == "sandbox_secret",
                "RESEND_API_KEY": self.resend_is_sandbox,
            }.items()
            if bad
        ]
        if wrong:
            raise ConfigurationError(
                "Production needs real values for: " + ", ".join(wrong) + ". See .env.example for each."
            )


def _development_secret(data_dir: Path) -> str:
    """Return this checkout's own signing secret, made at first use, so that none stands in the repository."""
    path = data_dir / "auth_secret"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        draft = data_dir / f".auth_secret.{secrets.token_hex(8)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):  # another process was first: its secret counts
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings of this process, read once.

    Raises:
        ConfigurationError: Production without what it needs.
    """
    settings = Settings()
    settings.require_production_ready()
    return settings
