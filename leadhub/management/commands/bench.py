"""`manage.py bench`: the promises of quality.md §6 as ratios, measured in one run on a database of its own."""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from leadhub.benchmark import handoff_promises, list_promises, nurture_promises
from scoring.benchmark import data, place, promises, rules
from scoring.versions import draft, publish

SIZES = {"10k": 10_000, "100k": 100_000, "200k": 200_000, "1m": 1_000_000}
SIZES |= {str(size): size for size in SIZES.values()}
#: What each room promises, by the name under which it is measured alone.
ROOMS = {"lists": list_promises, "handoffs": handoff_promises, "nurture": nurture_promises}
ROW = "{:<4} {:<54} {:<58} {:>9} {:>8}  {}"


class Command(BaseCommand):
    help = (
        "Measure speed as ratios within one run, on invented data in a database of its own; exit 1 when one is missed."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--leads", choices=SIZES, default="100k", metavar="10k|100k|200k|1m", help="or the number written out"
        )
        parser.add_argument("--only", choices=ROOMS, help="only the promises of this room, without the rest")
        parser.add_argument("--json", metavar="FILE", default=".local/bench.json", help="where the figures go")

    def handle(self, *_args: Any, leads: str, **options: Any) -> None:
        try:
            with place.own_database():
                kept = self.measure(SIZES[leads], only=options["only"])
        except place.NoPlace as problem:
            raise CommandError(str(problem)) from None
        self.write(Path(options["json"]), leads, kept)
        missed = sorted({one.code for one in kept if not one.ok})
        if missed:
            self.stderr.write(_("Missed: %(codes)s") % {"codes": ", ".join(missed)})
            sys.exit(1)

    def measure(self, leads: int, *, only: str | None = None) -> list[promises.Kept]:
        started = time.monotonic()
        deeds = data.fill(leads)
        self.stdout.write(_("%(leads)d leads, %(deeds)d activities made in %(seconds)d s") % {
            "leads": leads, "deeds": deeds, "seconds": time.monotonic() - started})  # fmt: skip
        if only != "nurture":  # which asks for no score
            started = time.monotonic()
            publish(draft(rules.document(), by=None, at=data.NOW), by=None, at=data.NOW)
            self.stdout.write(
                _("Vectors made and all leads scored in %(seconds)d s") % {"seconds": time.monotonic() - started}
            )
        self.stdout.write(
            "\n" + ROW.format("", _("promise"), _("processor (wall) seconds / against"), _("ratio"), _("limit"), "")
        )
        rooms = [ROOMS[only]] if only else [*ROOMS.values()]
        engine = [] if only else [promises.Bench(leads).promises()]
        return list(self.shown(chain(*engine, *(room.promises(leads) for room in rooms))))

    def shown(self, kept: Iterable[promises.Kept]) -> Iterable[promises.Kept]:
        for one in kept:
            limit = f"{'≤' if one.at_most else '≥'} {one.limit:g}"
            self.stdout.write(
                ROW.format(one.code, one.promise, one.measured, f"{one.ratio:.2f}", limit, "ok" if one.ok else "MISSED")
            )
            self.stdout.flush()
            yield one

    def write(self, path: Path, leads: str, kept: list[promises.Kept]) -> None:
        document = {"leads": leads, "promises": [asdict(one) | {"ok": one.ok} for one in kept]}
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        except OSError as problem:
            raise CommandError(
                _("“%(path)s” cannot be written: %(reason)s.") % {"path": path, "reason": problem.strerror}
            ) from None
