"""The nightly check that every stored score is what its ledger's lines sum to, portion by portion, with a result that stays.

Of every lead the lines are made in arrays, as the ledger makes them: rules after their caps, then what each group and axis
cap or floor changes; their sum must be the stored fit and engagement, to the hundredth. Of some leads in each portion the
whole ledger is written out, with facts matched in Python, and its lines are added up.
"""

from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
import numpy.typing as npt
from django.db import transaction

from . import board, store
from .days import workspace_day
from .definition import FIT, Axis, Group
from .explain import ledgers_of
from .health import clipped, deed_members, fit_lines, fit_members
from .health_reading import fit_matches
from .kernel import detail
from .lock import scoring_lock
from .matchers import plan_for
from .models import LeadScore, Pending, ScoringModel, Sweep
from .models_health import ScoreCheck
from .vectors import scoring_day

Whole = npt.NDArray[np.int64]
#: Leads of one portion, and how many of them have their whole ledger written out.
PORTION, SAMPLE = 20_000, 20


def begin_nightly(now: datetime) -> None:
    """One check a day, once the day's sweep has ended: from then on every score holds for that day."""
    day = workspace_day(now)
    if _is_swept(day):
        version = ScoringModel.objects.published().version
        ScoreCheck.objects.get_or_create(day=day, defaults={"started_at": now, "version": version})


def go_on(now: datetime, *, portions: int) -> int:
    """Check some portions of today's check; how many. One that was cut off by midnight stays unfinished."""
    done = 0
    while done < portions and _check_portion(workspace_day(now), now):
        done += 1
    return done


def _is_swept(day: date) -> bool:
    """Whether all scores hold for that day by the version that counts; while one is published they do not."""
    newest = Sweep.objects.order_by("-day").first()
    return newest is not None and newest.day == day and newest.finished_at is not None


@transaction.atomic
def _check_portion(day: date, now: datetime) -> bool:
    """Check the next portion; false where there is none, another worker is at it, or scores do not hold for the day."""
    check = ScoreCheck.objects.under_way().select_for_update(skip_locked=True).filter(day=day).first()
    if check is None or not _is_swept(day):
        return False
    ids = list(
        LeadScore.objects.filter(lead_id__gt=check.upto).order_by("lead_id").values_list("lead_id", flat=True)[:PORTION]
    )
    if not ids:
        check.end(now)
        return True
    sampled = ids[:: max(1, len(ids) // SAMPLE)][:SAMPLE]
    found = differing(ids, sampled, day)
    if found:  # perhaps only because others were at work meanwhile
        with scoring_lock(alone=True):
            found = differing(found, [lead for lead in sampled if lead in set(found)], day)
    if not _is_swept(day):
        return False
    waiting = _waiting(ids)
    have_scored_anew(found)
    check.note(upto=ids[-1], leads=len(ids) - len(waiting), sampled=len(sampled), waiting=len(waiting), differing=found)
    return True


def have_scored_anew(lead_ids: Sequence[int]) -> None:
    """Vectors and scores of these leads are made anew with the next draining."""
    Pending.objects.bulk_create(Pending(lead_id=lead, rebuild=True) for lead in lead_ids)


def differing(lead_ids: Sequence[int], sampled: Sequence[int], day: date) -> list[int]:
    """Of these leads those whose stored score is not what the lines sum to on that day; `sampled` by their full ledger too.

    Leads for which something new waits are left out. What waits is read last, since a fact that changed meanwhile is seen
    there with the change.
    """
    wrong = {*_by_lines(lead_ids, day), *_by_ledger(sampled, day)}
    return sorted(wrong - _waiting(lead_ids)) if wrong else []


def _waiting(lead_ids: Sequence[int]) -> set[int]:
    between = Pending.objects.filter(lead_id__gte=lead_ids[0], lead_id__lte=lead_ids[-1])
    return set(between.values_list("lead_id", flat=True)) & set(lead_ids)


def _by_lines(lead_ids: Sequence[int], day: date) -> list[int]:
    stored, version = board.read(lead_ids), ScoringModel.objects.published()
    ids, model, plan = stored.leads.tolist(), version.model, plan_for(version.model)
    found = detail(plan, store.read(ids), scoring_day(day))
    fit = sum_of_lines(fit_lines(model, fit_matches(model, ids)), fit_members(model), model.groups_of(FIT), model.fit)
    deeds = sum_of_lines(found.capped, deed_members(plan), plan.groups, model.engagement)
    same = (stored.fit == fit) & (stored.engagement == deeds) & (stored.total == fit + deeds)
    same &= stored.label == board.labels(fit, deeds, model.fit.labels, model.engagement.labels)
    same &= (stored.last_active == found.last_active) & (stored.last_intent == found.last_intent)
    return stored.leads[~same].tolist()


def sum_of_lines(rules: Whole, members: Sequence[Sequence[int]], groups: Sequence[Group], axis: Axis) -> Whole:
    """Per lead all lines of an axis added up: each rule's, and what each group's and the axis's cap or floor changes."""
    lines, total = rules.sum(axis=0), np.zeros(rules.shape[1], np.int64)
    for rows, group in zip(members, groups, strict=True):
        before = rules[list(rows)].sum(axis=0)
        after = clipped(before, group.floor, group.cap)
        lines += after - before
        total += after
    return lines + (clipped(total, axis.lowest, axis.highest) - total)


def _by_ledger(lead_ids: Sequence[int], day: date) -> list[int]:
    """By whole ledgers, with facts matched in Python."""
    stored = dict(LeadScore.objects.filter(lead_id__in=lead_ids).values_list("lead_id", "total"))
    ledgers = ledgers_of(lead_ids, day=day, as_facts_stand=True) if lead_ids else {}
    sums = {lead: sum(line.points for line in ledger.lines) for lead, ledger in ledgers.items()}
    return [lead for lead, ledger in ledgers.items() if not sums[lead] == ledger.total == stored.get(lead)]
