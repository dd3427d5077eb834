"""The command line: ``shophub serve``, ``worker``, ``doctor`` and what else a shop needs from outside."""

import argparse
import sys
from collections.abc import Callable, Sequence

from pydantic import ValidationError

from shophub.errors import ShopHubError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code; errors that a person can mend are one sentence, not a traceback."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except ShopHubError as error:
        print(f"shophub: {error.message}", file=sys.stderr)
    except ValidationError as error:
        print("shophub: the configuration is wrong (see .env.example):", file=sys.stderr)
        for problem in error.errors(include_url=False, include_input=False):
            print(f"  {'.'.join(map(str, problem['loc'])).upper()}: {problem['msg']}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shophub", description="A complete online store.")
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(run=run)
        return added

    serve = command("serve", _serve, "Migrate, build if need be, and serve the shop with its worker.")
    serve.add_argument("--no-worker", action="store_true", help="leave the job worker to another process")
    serve.add_argument("--no-migrate", action="store_true", help="the database is migrated by a step of its own")
    serve.add_argument("--no-build", action="store_true", help="serve the frontend as it lies there")
    serve.add_argument("--no-seed", action="store_true", help="leave an empty catalog empty")
    command("dev", _dev, "Serve, and start again whenever a source changes.")
    command("worker", _worker, "Run background jobs: e-mails, expiry, reconciliation.")
    command("migrate", _migrate, "Bring the database's tables up to date.")
    seed = command("seed", _seed, "Load the demo store into an empty catalog (refused in production).")
    seed.add_argument("--quiet", action="store_true", help="say nothing when there is nothing to do")
    command("build", _build, "Compile the frontend if its sources changed.")
    maintenance = command("maintenance", _maintenance, "Close the shop to all but the staff, or open it again.")
    maintenance.add_argument("switch", choices=["on", "off"])
    maintenance.add_argument("--message", help="what visitors read; without it the one saved before")
    admin = command(
        "create-admin", _create_admin, "Make the shop's SUPER_ADMIN. The password is asked for, or read from a pipe."
    )
    admin.add_argument("--email", required=True, help="the address to sign in with")
    admin.add_argument("--name", required=True, help="the full name")
    forced = "also where there is one already; an account that has the address gets the role and the password"
    admin.add_argument("--force", action="store_true", help=forced)
    sandbox = command("sandbox", _sandbox, "Run the stand-ins for Stripe, Cloudinary and Resend alone.")
    sandbox.add_argument("--port", type=int, default=3100, help="default: 3100")
    command("doctor", _doctor, "Say what is configured, reachable and migrated, and what to do about what is not.")
    return parser


# Each command imports what it needs: `shophub doctor` must work where the rest does not.


def _serve(options: argparse.Namespace) -> int:
    from shophub.cli.serve import serve

    return serve(
        with_worker=not options.no_worker,
        migrate_first=not options.no_migrate,
        build_first=not options.no_build,
        seed_if_empty=not options.no_seed,
    )


def _dev(_options: argparse.Namespace) -> int:
    from shophub.cli.serve import develop

    return develop()


def _worker(_options: argparse.Namespace) -> int:
    from shophub.cli.tasks import work

    return work()


def _migrate(_options: argparse.Namespace) -> int:
    from shophub.cli.tasks import migrate

    migrate()
    return 0


def _seed(options: argparse.Namespace) -> int:
    from shophub.cli.tasks import seed

    return seed(quiet=options.quiet)


def _build(_options: argparse.Namespace) -> int:
    from shophub.cli.tasks import build

    return build()


def _maintenance(options: argparse.Namespace) -> int:
    from shophub.cli.tasks import switch_maintenance

    return switch_maintenance(is_enabled=options.switch == "on", message=options.message)


def _create_admin(options: argparse.Namespace) -> int:
    from shophub.cli.admin import create_admin

    return create_admin(options.email, options.name, force=options.force)


def _sandbox(options: argparse.Namespace) -> int:
    from shophub.cli.tasks import run_sandbox

    return run_sandbox(options.port)


def _doctor(_options: argparse.Namespace) -> int:
    from shophub.cli.doctor import examine

    return examine()
