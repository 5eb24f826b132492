#!/usr/bin/env python3
"""Django's commands, with the local engines started where no server is named by DATABASE_URL and REDIS_URL."""

import os
import sys

try:
    from django.core.management import execute_from_command_line

    from leadhub import local
except ImportError:
    sys.exit("LeadHub's packages are not installed here. Run `make setup` once, then use .venv/bin/python manage.py.")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadhub.settings")
    try:
        with local.ensure(sys.argv):
            execute_from_command_line(sys.argv)
    except local.LocalError as problem:
        sys.exit(f"LeadHub: {problem}")


if __name__ == "__main__":
    main()
