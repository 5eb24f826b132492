"""`manage.py explain_score EMAIL`: why a lead has its score, line by line."""

import argparse
import json
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from leads.models import Lead
from scoring.days import workspace_day
from scoring.definitions import mql_in_words, sql_in_words
from scoring.explain import ledger_of
from scoring.lead_reading import cuts_in_words
from scoring.ledger import Ledger, Line
from scoring.management.arguments import VersionedCommand, day_told, lead_told, version_told
from scoring.models import ScoringModel
from scoring.points import exact_points
from scoring.sweep import drain
from scoring.vectors import FIRST_DAY

ROW = "{:<44.44} {:>7} {:>12} {:>12} {:>10}"


class Command(VersionedCommand):
    help = "Show the ledger of one lead: each rule, each cap, and that they sum exactly to the score."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("lead", metavar="EMAIL", help="the lead's e-mail address or external id")
        parser.add_argument("--day", metavar="YYYY-MM-DD", help="any day, past or future; without it today")
        parser.add_argument("--json", action="store_true", help="the ledger as JSON")

    def handle(self, *_args: Any, lead: str, version: str | None, day: str | None, **options: Any) -> None:
        now = timezone.now()
        wanted = workspace_day(now) if day is None else day_told(day)
        model = version_told(version)
        drain(now)
        found = lead_told(lead)
        ledger = ledger_of(found, day=wanted, model=model)
        if options["json"]:
            self.stdout.write(json.dumps(_document(found, model, ledger), ensure_ascii=False, indent=2))
        else:
            for line in _table(found, model, ledger):
                self.stdout.write(line)


def _document(lead: Lead, version: ScoringModel, ledger: Ledger) -> dict[str, Any]:
    who = {"email": lead.email, "external_id": lead.external_id, "stage": lead.stage}
    return who | {"version": version.version, "model": version.name} | ledger.to_json()


def _table(lead: Lead, version: ScoringModel, ledger: Ledger) -> list[str]:
    said = {"lead": lead.email or lead.external_id, "label": ledger.label, "stage": lead.get_stage_display()}
    lines = [
        _("%(lead)s: %(label)s, %(stage)s") % said,
        _("%(model)s on %(day)s") % {"model": version, "day": ledger.to_json()["day"]},
        *cuts_in_words(ledger, FIRST_DAY),
        "",
        ROW.format(_("Rule, cap or floor"), _("events"), _("before cap"), _("after cap"), _("points")),
    ]
    lines += [_row(line) for line in ledger.lines if line.did_something]
    totals = ((_("Fit"), ledger.fit), (_("Engagement"), ledger.engagement), (_("Total"), ledger.total))
    lines += ["", *(ROW.format(name, "", "", "", exact_points(points)) for name, points in totals), ""]
    definitions = version.model.definitions
    lines += [f"MQL: {mql_in_words(definitions.mql)}.", f"SQL: {sql_in_words(definitions.sql)}."]
    return lines


def _row(line: Line) -> str:
    if line.kind == "rule":
        return ROW.format(
            line.title, line.events, exact_points(line.before), exact_points(line.after), exact_points(line.points)
        )
    return ROW.format(
        f"  {line.title}", "", exact_points(line.before), exact_points(line.after), exact_points(line.points)
    )
