"""Reading rule health off the database: asked for, read portion by portion by any number of workers, kept (R11, R13)."""

import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import transaction
from django.db.models import BigIntegerField, Case, Value, When
from django.utils.translation import gettext as _

from leads.condition_fields import LEAD_FIELDS
from leads.condition_queries import as_query
from leads.facts_at import facts_at
from leads.models import Lead
from leads.stages import Cause, Stage

from .columns import numbers, numbers_of
from .days import workspace_day
from .definition import Model
from .explain import deeds_of
from .fit import matching
from .health import Judged, Tally, rules_of, tally
from .health_figures import figures
from .matchers import plan_of
from .models import LeadScore, ScoringModel
from .models_health import RuleHealth
from .sweep import NOBODYS_FAULT
from .vectors import FIRST_DAY, scoring_day

log = logging.getLogger(__name__)

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
#: How long after its promotion a lead may be accepted by sales to count as accepted; younger promotions are left out.
OUTCOME_DAYS = 60
#: Rule × lead places of one portion: memory stays flat however many rules there are.
PLACES = 800_000
MOST_LEADS = 20_000
#: How many matches one column of bits holds.
BITS = 60


def document_of(version: ScoringModel) -> str:
    """What tells the rules that were read from any others."""
    return hashlib.sha256(version.model.fingerprint.encode()).hexdigest()


def ask(version: ScoringModel, *, at: datetime) -> RuleHealth:
    """Have the rules of a version read anew; a reading that is under way goes on. The last finished one stays until then."""
    begin = {
        "document": document_of(version), "day": workspace_day(at), "asked_at": at, "finished_at": None,
        "upto": 0, "tally": {}, "problem": "", "expected": LeadScore.objects.count(),
    }  # fmt: skip
    found, made = RuleHealth.objects.get_or_create(version=version, defaults=begin)
    if not made and RuleHealth.objects.at_rest().filter(pk=version.pk).update(**begin):
        found.refresh_from_db()
    return found


def ask_nightly(now: datetime) -> None:
    """Once a day for the version that counts."""
    version = ScoringModel.objects.published()
    read = RuleHealth.objects.filter(pk=version.pk, day__gte=workspace_day(now))
    if not read.exists():
        ask(version, at=now)


def go_on(now: datetime, *, portions: int, version: int | None = None) -> int:
    """Read some portions of what is under way, of one version by its key or of all; how many were read.

    A reading that cannot be done is given up, so that it never keeps others from being read.
    """
    wanted = RuleHealth.objects.under_way()
    waiting = list((wanted if version is None else wanted.filter(pk=version)).values_list("pk", flat=True))
    done = 0
    while waiting and done < portions:
        try:
            more = read_portion(waiting[0], now)
        except NOBODYS_FAULT:
            raise
        except Exception:
            log.exception("The rules of version %d cannot be read over all leads.", waiting[0])
            more = _give_up(waiting[0], now)
        done += more
        waiting = waiting if more else waiting[1:]
    return done


def _give_up(pk: int, now: datetime) -> bool:
    why = _("The rules could not be read over all leads. The log of the server says why.")
    RuleHealth.objects.under_way().filter(pk=pk).update(finished_at=now, tally={}, problem=why)
    return False


@transaction.atomic
def read_portion(pk: int, now: datetime) -> bool:
    """Read the next portion of a reading and keep its sums; false where it is finished, or another worker is at it."""
    free = RuleHealth.objects.under_way().select_for_update(skip_locked=True, of=("self",))
    reading = free.select_related("version").filter(pk=pk).first()
    if reading is None:
        return False
    model = reading.version.model
    if reading.document != document_of(reading.version):  # the draft was changed meanwhile
        reading.document, reading.upto, reading.tally = document_of(reading.version), 0, {}
    rules = (*model.fit_rules, *model.engagement_rules)
    sums = Tally.from_json(reading.tally, len(rules))
    ids = _next_leads(reading.upto, len(rules))
    if not ids:
        return _finish(reading, sums, now)
    reading.tally, reading.upto = (sums + _tally_of(model, ids, reading, now)).to_json(), ids[-1]
    reading.save(update_fields=["document", "tally", "upto"])
    return True


def _finish(reading: RuleHealth, sums: Tally, now: datetime) -> bool:
    rules = rules_of(plan_of(reading.version.model, ()))
    reading.figures = figures(reading.day, rules, sums).to_json() | {"document": reading.document}
    reading.tally, reading.finished_at = {}, now
    reading.save(update_fields=["figures", "tally", "finished_at", "document"])
    return True


def _next_leads(after: int, rules: int) -> list[int]:
    size = max(1_000, min(MOST_LEADS, PLACES // max(1, rules)))
    return list(
        LeadScore.objects.filter(lead_id__gt=after).order_by("lead_id").values_list("lead_id", flat=True)[:size]
    )


def _tally_of(model: Model, ids: list[int], reading: RuleHealth, now: datetime) -> Tally:
    plan, vectors = deeds_of(model, ids)
    return tally(plan, fit_matches(model, ids), vectors, scoring_day(reading.day), _judged(model, ids, now))


def fit_matches(model: Model, lead_ids: Sequence[int]) -> Flags:
    """Which fit rules match which of these leads (in rising order of id), by today's facts: rule × lead, in one query."""
    rules, found = model.fit_rules, np.zeros((len(model.fit_rules), len(lead_ids)), bool)
    if not rules or not lead_ids:
        return found
    bits = {f"bits{n}": _bits(rules[n : n + BITS]) for n in range(0, len(rules), BITS)}
    rows = Lead.objects.filter(id__range=(lead_ids[0], lead_ids[-1])).order_by("id").annotate(**bits)
    ids, *columns = numbers_of(rows.values_list("id", *bits), columns=1 + len(bits))
    wanted = np.asarray(lead_ids)
    place = np.searchsorted(wanted, ids)
    known = np.flatnonzero(wanted[np.minimum(place, len(wanted) - 1)] == ids)
    for row in range(len(rules)):
        found[row, place[known]] = columns[row // BITS][known] >> row % BITS & 1
    return found


def _bits(rules: Sequence[Any]) -> Any:
    bits: list[Any] = [
        Case(
            When(as_query(rule.when, LEAD_FIELDS), then=Value(1 << n)), default=Value(0), output_field=BigIntegerField()
        )
        for n, rule in enumerate(rules)
    ]
    return reduce(lambda one, other: one + other, bits)


def _judged(model: Model, lead_ids: Sequence[int], now: datetime) -> Judged:
    """Of these leads those promoted long enough ago, with their facts as they stood at the moment, and what sales did."""
    lead, moment, accepted = _promoted(lead_ids, now)
    place, zone = np.searchsorted(lead_ids, lead), settings.WORKSPACE_ZONE
    pairs = zip(lead.tolist(), moment.tolist(), strict=True)
    moments = [(one, datetime.fromtimestamp(at / 1_000_000, zone)) for one, at in pairs]
    matches = [matching(model, facts) for facts in facts_at(moments)]
    days = np.array([(at.date() - FIRST_DAY).days for _lead, at in moments], np.int64)
    fits = np.array(matches, bool).reshape(len(moments), len(model.fit_rules)).T
    return Judged(place, np.maximum(days, 0), fits, accepted.astype(bool))


def _promoted(lead_ids: Sequence[int], now: datetime) -> list[Whole]:
    """Lead, moment (microseconds since 1970) and 1 or 0 for accepted or not of each first promotion to MQL or SQL."""
    allowed = timedelta(days=OUTCOME_DAYS)
    params = [ACCEPTED, allowed, list(lead_ids), PROMOTED, Cause.IMPORT.value, now - allowed]
    return numbers(_PROMOTIONS, params, columns=3)


ACCEPTED = [Stage.OPPORTUNITY.value, Stage.CUSTOMER.value]
PROMOTED = [Stage.MARKETING_QUALIFIED.value, Stage.SALES_QUALIFIED.value]
_PROMOTIONS = """
    SELECT p.lead_id, (extract(epoch FROM p.at) * 1000000)::bigint, EXISTS (
        SELECT FROM leads_stagemove a WHERE a.lead_id = p.lead_id AND a.to_stage = ANY(%s) AND a.at BETWEEN p.at AND p.at + %s
    )::int
    FROM (
        SELECT lead_id, min(at) AS at FROM leads_stagemove
        WHERE lead_id = ANY(%s) AND to_stage = ANY(%s) AND cause <> %s GROUP BY lead_id
    ) AS p WHERE p.at <= %s ORDER BY p.lead_id
"""
