"""`python -m leadhub.local COMMAND`: what the Makefile calls."""

import sys

from . import browser, frontend
from .home import LocalError
from .up import up

COMMANDS = {"up": up, "frontend": frontend.build, "browser": browser.provide}


def main() -> None:
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in COMMANDS:
        sys.exit(f"Usage: python -m leadhub.local {'|'.join(COMMANDS)}")
    try:
        COMMANDS[name]()
    except LocalError as problem:
        sys.exit(f"LeadHub: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
