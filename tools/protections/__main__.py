"""Take each protection away and see its test fail: ``python -m tools.protections [topics]``."""

import sys

from tools.locking import PROJECT
from tools.protections import load, verdicts


def main() -> int:
    """Print a table as it grows; 1 if a protection has no test that fails without it."""
    entries = load(sys.argv[1:])
    print("| protection | where | test | verdict |\n| --- | --- | --- | --- |", flush=True)
    unproven = 0
    for verdict in verdicts(entries, PROJECT):
        entry = verdict.protection
        unproven += not verdict.is_proven
        mark = "✓" if verdict.is_proven else "✗"
        print(f"| {entry.what} | {entry.path} | {entry.test} | {mark} {verdict.text} |", flush=True)
    print(f"\n{len(entries) - unproven} of {len(entries)} protections are proven.")
    return 1 if unproven or not entries else 0


if __name__ == "__main__":
    sys.exit(main())
