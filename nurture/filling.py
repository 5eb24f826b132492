"""Dynamic lists follow their conditions: whole after edits and the daily sweep, and lead by lead, as sets, after intake."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Max, Q

from accounts.actor import act_as
from leads.bulk import Among
from leads.models import Lead
from scoring.models import Sweep

from .list_order import in_order, named_in
from .models import KeptOut, LeadList, LeadListQuerySet, ListChange
from .models.entering import Question, Turn, ids_of, list_lock, lock_free, turn

log = logging.getLogger(__name__)
#: Touched leads that are looked at in one transaction.
BATCH = 5_000
#: Lists filled whole by one ring of Celery, and in one round of the sweeper, so that reminders need not wait.
MANY, ONE = 20, 1
#: What no signal tells of (a restored table) is seen after so long at the latest.
FILLED_EVERY = timedelta(hours=1)
_WHOLE = "SET LOCAL work_mem = '128MB'; SET LOCAL enable_nestloop = off; SET LOCAL jit = off"
_AS_BEFORE = "SET LOCAL work_mem TO DEFAULT; SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL jit TO DEFAULT"
_KEPT_OUT = f"NOT EXISTS (SELECT FROM {KeptOut._meta.db_table} k WHERE k.list_id = %s AND k.lead_id = fits.id)"
_TAKE = """DELETE FROM nurture_touched WHERE id = ANY(ARRAY(
    SELECT t.id FROM nurture_touched t WHERE NOT EXISTS (SELECT FROM scoring_pending p WHERE p.lead_id = t.lead_id)
    ORDER BY t.id LIMIT %s FOR UPDATE SKIP LOCKED)) RETURNING lead_id"""


def refresh(now: datetime, most: int = MANY) -> int:
    """Look again at the leads that changed, then fill anew lists that wait for it; how many lists were filled whole.

    Any number of processes may do so at once: a list that another fills is passed over, and nothing is done twice.
    """
    while follow_touched(now):
        pass
    filled = 0
    for pk in list(due(now).values_list("pk", flat=True)):
        if filled == most:
            break
        try:
            with transaction.atomic():
                if lock_free(pk) and due(now).filter(pk=pk).exists():
                    fill(pk, now)
                    filled += 1
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("List %d cannot be filled.", pk)
    return filled


def refresh_some(now: datetime) -> int:
    """What the sweeper does of it in a round: all leads that changed, and one whole list."""
    return refresh(now, most=ONE)


def due(now: datetime) -> "LeadListQuerySet":
    """The dynamic lists that wait to be filled whole: edited, not filled since the last sweep, or not for an hour."""
    swept = Sweep.objects.aggregate(at=Max("finished_at"))["at"]
    late = Q(refreshed_at=None) | Q(asked_at__isnull=False) | Q(refreshed_at__lt=now - FILLED_EVERY)
    if swept is not None:
        late |= Q(refreshed_at__lt=swept)
    return LeadList.objects.dynamic().filter(late).order_by(F("refreshed_at").asc(nulls_first=True), "pk")


def fill(pk: int, now: datetime) -> ListChange | None:
    """Fill one list whole by its conditions as they are now; what changed. Lists that name it look again afterwards."""
    with list_lock(pk), connection.cursor() as cursor:
        chosen = LeadList.objects.dynamic().filter(pk=pk).first()
        if chosen is None:
            return None
        act_as("system:nurture", now)
        cursor.execute(_WHOLE)
        edited = chosen.refreshed_at is None or chosen.asked_at is not None
        change = _follow(chosen, now, cause=ListChange.Cause.EDITED if edited else ListChange.Cause.LEADS)
        cursor.execute(_AS_BEFORE)
        same = LeadList.objects.filter(pk=pk, asked_at=chosen.asked_at)
        same.update(asked_at=None, refreshed_at=now)
        if change:
            LeadList.objects.filter(pk__in=_naming(pk)).update(asked_at=now)
        return change


def _naming(pk: int) -> list[int]:
    """The lists in use whose conditions name this one."""
    return [one.pk for one in LeadList.objects.dynamic() if pk in named_in(one.wanted())]


def follow_touched(now: datetime) -> int:
    """Let some of the leads that changed enter and leave every list, each list in one statement; how many leads.

    A lead that waits to be scored is left until it is: its lists may ask for its points.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TAKE, [BATCH])
        leads = sorted({pk for (pk,) in cursor.fetchall()})
        if leads:
            act_as("system:nurture", now)
            _follow_all(leads, now)
    return len(leads)


def _follow_all(leads: Sequence[int], now: datetime) -> None:
    lists = {one.pk: one for one in LeadList.objects.dynamic().exclude(refreshed_at=None)}
    names = {pk: named_in(one.wanted()) for pk, one in lists.items()}
    for pk in in_order(names):
        try:
            with transaction.atomic():
                if lock_free(pk):
                    _follow(lists[pk], now, cause=ListChange.Cause.LEADS, only=leads)
                else:  # somebody fills it whole this moment, perhaps without these leads: once more, afterwards
                    LeadList.objects.filter(pk=pk).update(asked_at=now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("List %d cannot look at %d leads; it is filled whole later.", pk, len(leads))
            LeadList.objects.filter(pk=pk).update(asked_at=now)


def _follow(chosen: LeadList, now: datetime, *, cause: str, only: Sequence[int] | None = None) -> ListChange | None:
    """The difference between who is in the list and who should be, among all leads or a few."""
    leads = Lead.objects.all()
    if only is not None:
        leads = leads.filter(pk__in=Among(only))
    sql, params = ids_of(chosen.matching(leads))
    wanted: Question = (f"SELECT id FROM ({sql}) fits (id) WHERE {_KEPT_OUT}", (*params, chosen.pk))  # noqa: S608 - compiled
    among: Question = ("true", ()) if only is None else ("s.lead_id = ANY(%s)", (list(only),))
    leaves: Question = (f"{among[0]} AND NOT EXISTS (SELECT FROM wanted WHERE wanted.id = s.lead_id)", among[1])
    return turn(chosen.pk, Turn(cause, now, wanted=wanted, leaves=leaves, why=chosen.sentence()))
