#!/usr/bin/env python3
"""Django's command line. Run with any Python: it goes on with the project's own, which `make setup` made."""

import os
import sys
from pathlib import Path


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        own = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
        if not own.exists() or Path(sys.prefix) == own.parent.parent:
            sys.exit("Velory is not set up yet. Run `make setup` first.")
        os.execv(own, [str(own), *sys.argv])  # noqa: S606 - our own Python
    try:
        execute_from_command_line(sys.argv)
    except BrokenPipeError:  # whoever read along (`| head`) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
