"""The intake API: servers send leads and activities with a key (product.md §2, quality.md S10, S20)."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja.errors import HttpError
from ninja.security import HttpBearer

from accounts.models import ApiKey, Scope
from accounts.throttling import client_address

from .api_batches import Batch, read_batch
from .api_limits import REFUSED_RATE, refused
from .api_schemas import ActivitiesOut, ActivityIn, ActivityResult, LeadIn, LeadResult, LeadsOut, Problem
from .intake import NewActivity, NewLead, Recorded, TakenIn
from .models import Activity, CustomField, Lead, Verdict

router = Router(tags=["Intake"])
_VERDICTS = {"": None, "person": Verdict.PERSON.value, "machine": Verdict.MACHINE.value}
PROBLEMS = dict.fromkeys((400, 401, 403, 413, 422, 429, 503), Problem)


class Wait(HttpError):
    """The sender is to wait `seconds`."""

    def __init__(self, status: int, message: str, seconds: int) -> None:
        super().__init__(status, message)
        self.seconds = seconds


class Key(HttpBearer):
    """The key in `Authorization: Bearer lh_…`, within its rate and with the scope."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        now = timezone.now()
        key = ApiKey.objects.holder_of(token, now)
        seconds = refused(f"key:{key.pk}") if key else refused(f"address:{client_address(request)}", REFUSED_RATE)
        if seconds:
            raise Wait(429, _("Too many requests; wait %(seconds)d seconds.") % {"seconds": seconds}, seconds)
        if key and self.scope not in key.scopes:
            raise HttpError(403, _("This key does not have the scope %(scope)s.") % {"scope": self.scope})
        if key:
            _note_use(key, now)
        return key


def _note_use(key: ApiKey, now: datetime) -> None:
    """When the key was last used, to the minute."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(minutes=1))
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def _body(key: str, model: Any, scope: str, *, single: bool) -> dict[str, Any]:
    """What the request's body looks like, for the schema; it is read by `read_batch`."""
    item = model.model_json_schema()
    batch = {
        "type": "object",
        "required": [key],
        "properties": {key: {"type": "array", "maxItems": settings.API_BATCH_MAX, "items": item}},
    }
    schema = {"oneOf": [batch, item]} if single else batch
    content = {"application/json": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}, "x-scope": scope}


@router.post(
    "/leads",
    response={200: LeadsOut} | PROBLEMS,
    auth=Key(Scope.LEADS_WRITE),
    url_name="leads",
    operation_id="take_in_leads",
    summary="Create or update leads",
    openapi_extra=_body("leads", LeadIn, Scope.LEADS_WRITE, single=True),
)
def take_in_leads(request: HttpRequest) -> LeadsOut:
    """One lead, or up to 1,000 under “leads”. Known by e-mail address, else by external id. Blanks erase nothing."""
    batch = read_batch(request, "leads", LeadIn, single=True)
    _refuse_unknown_fields(batch)
    rows = [NewLead(**item.model_dump() | {"created_at": _aware(item.created_at)}) for _index, item in batch.good]
    taken: TakenIn = _stored(lambda: Lead.objects.take_in(rows, at=timezone.now(), actor=_actor(request)))
    results = [LeadResult(**result) for result in _results(batch, taken)]
    return LeadsOut(
        created=taken.created, updated=taken.updated, unchanged=taken.unchanged,
        refused=sum(result.outcome == "refused" for result in results), results=results,
    )  # fmt: skip


@router.post(
    "/activities",
    response={200: ActivitiesOut} | PROBLEMS,
    auth=Key(Scope.EVENTS_WRITE),
    url_name="activities",
    operation_id="record_activities",
    summary="Record what leads did",
    openapi_extra=_body("activities", ActivityIn, Scope.EVENTS_WRITE, single=False),
)
def record_activities(request: HttpRequest) -> ActivitiesOut:
    """Up to 1,000 activities of known leads; each is stored once by source_system and external_id."""
    batch = read_batch(request, "activities", ActivityIn)
    system = request.auth.name[:60]  # type: ignore[attr-defined]
    rows = [_activity(item, system) for _index, item in batch.good]
    recorded: Recorded = _stored(lambda: Activity.objects.record_many(rows, at=timezone.now(), actor=_actor(request)))
    results = [ActivityResult(**result) for result in _results(batch, recorded)]
    return ActivitiesOut(
        stored=recorded.stored, duplicates=recorded.duplicates,
        refused=sum(result.outcome == "refused" for result in results), results=results,
    )  # fmt: skip


def _activity(item: ActivityIn, system: str) -> NewActivity:
    told = item.model_dump()
    told |= {"occurred_at": _aware(item.occurred_at), "verdict": _VERDICTS[item.verdict]}
    return NewActivity(**told | {"source_system": item.source_system or system})


def _refuse_unknown_fields(batch: Batch[LeadIn]) -> None:
    """Items with custom fields that do not exist become faulty: a misspelt name must not vanish."""
    told = {key for _index, item in batch.good for key in item.custom}
    unknown = told - CustomField.objects.keys_among(told)
    for index, item in batch.good:
        if missing := sorted(unknown & item.custom.keys()):
            batch.reasons[index] = _("There is no custom field “%(key)s”.") % {
                "key": missing[0][:60].encode("utf-8", "replace").decode()
            }
    batch.good = [(index, item) for index, item in batch.good if index not in batch.reasons]


def _stored(store: Any) -> Any:
    try:
        return store()
    except OperationalError as fault:
        raise Wait(503, _("The database is busy; send it again."), 5) from fault


def _results(batch: Batch[Any], outcome: TakenIn | Recorded) -> list[dict[str, Any]]:
    """For each item sent: what became of it."""
    reasons = {batch.good[fault.index][0]: fault.reason for fault in outcome.faults} | batch.reasons
    became = {index: (outcome.outcomes[place], outcome.ids[place]) for place, (index, _item) in enumerate(batch.good)}
    blank: tuple[str, int | None] = ("refused", None)
    return [
        {
            "index": index,
            "outcome": became.get(index, blank)[0],
            "id": became.get(index, blank)[1],
            "reason": reasons.get(index),
        }
        for index in range(batch.size)
    ]


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=settings.WORKSPACE_ZONE) if moment and moment.tzinfo is None else moment


def _actor(request: HttpRequest) -> str:
    return f"key:{request.auth.pk}"  # type: ignore[attr-defined]
