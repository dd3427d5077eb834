"""``python -m shophub`` is the command line."""

import sys

from shophub.cli import main

sys.exit(main())
