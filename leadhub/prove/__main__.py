"""`python -m leadhub.prove --tier smoke|fast|full [--only AREA]`: run the proofs and say what they found."""

import argparse
import os
import random
import sys
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from leadhub.local.home import CHECKOUT
from leadhub.local.signals import ended_by_signals

from .report import Report
from .stand import ENVIRONMENT, Stand, own_engines
from .tiers import TIERS

AREAS = ("handoff", "mail", "nurture", "minute", "claims", "outages")


def main() -> int:
    """0 where everything held."""
    said = _arguments()
    with ended_by_signals(), ExitStack() as ends:
        stand = Stand(Path(said.folder)) if said.folder else ends.enter_context(own_engines())
        os.environ |= ENVIRONMENT | {"LEADHUB_FAULTS": str(stand.folder), "DJANGO_SETTINGS_MODULE": "leadhub.settings"}
        report = Report(said.tier, said.seed)
        sys.stdout.write(f"{report.headline}\n")
        for area in [said.only] if said.only else AREAS:
            _prove(area, stand, said, report)
            sys.stdout.write(f"{report.text_of(report.sections[-1])}\n")
            sys.stdout.flush()
        if said.report:
            (CHECKOUT / said.report).write_text(report.page())
        return 1 if report.faults else 0


def _prove(area: str, stand: Stand, said: argparse.Namespace, report: Report) -> None:
    """Each area has a folder of its own, so that no failure of one is counted for another."""
    stand = replace(stand, folder=stand.folder / area)
    os.environ["LEADHUB_FAULTS"] = str(stand.folder)
    from . import areas  # noqa: PLC0415 - the environment of the settings is whole by now

    rng = random.Random(said.seed)  # noqa: S311 - shared out, not secret
    tier = TIERS[said.tier]
    areas.PROOFS[area](stand, replace(tier, seconds=said.seconds or tier.seconds), rng, report)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make prove", description=__doc__)
    parser.add_argument("--tier", choices=TIERS, default="smoke")
    parser.add_argument("--only", choices=AREAS)
    parser.add_argument("--seconds", type=float, help="stop the fire after so long, whatever has failed by then")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))  # noqa: S311
    parser.add_argument("--report", help="write the report to this file, as Markdown")
    parser.add_argument("--folder", help="use the engines of the environment, keep logs and orders here")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
