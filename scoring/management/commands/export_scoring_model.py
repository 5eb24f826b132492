"""`manage.py export_scoring_model`: a version of the scoring model in its JSON form."""

import argparse
import json
from typing import Any

from scoring.management.arguments import VersionedCommand, version_told, write_file

#: The database keeps no order of names; this one reads well and is always the same.
ORDER = (
    "name", "key", "description", "group", "axis", "axes", "fit", "engagement", "floor", "points", "cap", "labels",
    "groups", "rules", "activity", "types", "field", "op", "value", "when", "count", "fade", "kind", "n", "days",
    "definitions", "mql", "sql", "total",
)  # fmt: skip


class Command(VersionedCommand):
    help = "Write a version of the scoring model as JSON (docs/scoring-model.md) to a file or to standard output."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", nargs="?", help="the file to write; without it standard output")

    def handle(self, *_args: Any, version: str | None, file: str | None, **_options: Any) -> None:
        text = json.dumps(_in_order(version_told(version).document), ensure_ascii=False, indent=2) + "\n"
        if file:
            write_file(file, text)
        else:
            self.stdout.write(text, ending="")


def _in_order(value: Any) -> Any:
    if isinstance(value, list):
        return [_in_order(one) for one in value]
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
        return {name: _in_order(value[name]) for name in names}
    return value
