"""The API of scores: one lead's score with its ledger, and what changed since a cursor; read only, with a key (issue of scores:read)."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import HttpError

from accounts.addresses import email_key
from accounts.models import Scope
from leads.api import Key
from leads.api_schemas import Problem
from leads.documents import storable
from leads.models import Lead, OtherId
from leads.numbers import id_of

from .api_schemas import ChangeOut, ChangesOut, GoneOut, LineOut, MeetsOut, ScoreOut
from .changes import Cursor, CursorFault, CursorLost, changes
from .days import workspace_day
from .definitions import Standing, is_mql, is_sql
from .lead_path import LeadPath
from .lead_reading import day_asked
from .ledger import Ledger
from .models import LeadScore, ScoringModel
from .models_gone import GoneLead
from .points import plain_points
from .vectors import DayOutOfRange

router = Router(tags=["Scores"])
MOST, USUAL = 1_000, 100
_REFUSED = dict.fromkeys((401, 403, 422, 429), Problem)
EXTRA = {"x-scope": Scope.SCORES_READ.value}
_DAY = Query("", description="Any day, past or to come, such as 2026-11-21; without it today.")
_VERSION = Query("", description="The number of a version of the rules; without it the published one.")


@router.get(
    "/leads/score",
    response={200: ScoreOut} | _REFUSED | {404: Problem},
    auth=Key(Scope.SCORES_READ),
    url_name="lead_score_of",
    operation_id="score_of",
    summary="Read a score by e-mail address or external id",
    openapi_extra=EXTRA,
)
def score_of(
    request: HttpRequest,
    email: str = Query("", description="The lead's e-mail address, compared without case."),
    external_id: str = Query("", description="Or the id under which you sent it."),
    day: str = _DAY,
    version: str = _VERSION,
) -> ScoreOut:
    """The score and every line of its ledger; the points of the lines sum exactly to the total."""
    return _answer(_known(email.strip(), external_id.strip()), day, version)


@router.get(
    "/leads/{lead}/score",
    response={200: ScoreOut} | _REFUSED | {404: Problem},
    auth=Key(Scope.SCORES_READ),
    url_name="lead_score",
    operation_id="score",
    summary="Read a score by the lead's number",
    openapi_extra=EXTRA,
)
def score(request: HttpRequest, lead: str, day: str = _DAY, version: str = _VERSION) -> ScoreOut:
    """The same for the `id` that intake and changes answer."""
    number = id_of(lead)
    found = Lead.objects.filter(pk=number).first() if number is not None else None
    if found is None:
        raise HttpError(404, _("There is no lead with this number."))
    return _answer(found, day, version)


def _known(email: str, external_id: str) -> Lead:
    """The lead with the address, else with the id; ids of merged records find it too."""
    if not (email or external_id):
        raise HttpError(422, _("Name the lead by “email” or “external_id”."))
    found = None
    if email and storable(email):
        key = email_key(email)
        found = Lead.objects.filter(email_key=key).first() or Lead.objects.filter(former_addresses=key).first()
    if found is None and external_id and storable(external_id):
        found = Lead.objects.filter(external_id=external_id).first()
        other = None if found else OtherId.objects.filter(external_id=external_id).select_related("lead").first()
        found = other.lead if other else found
    if found is None:
        raise HttpError(404, _("No lead has this e-mail address or external id."))
    return found


def _answer(lead: Lead, day: str, version: str) -> ScoreOut:
    model, today = _version(version), workspace_day(timezone.now())
    path = LeadPath(lead, version=model, today=today)
    try:
        asked = day_asked(day.strip(), today)
    except DayOutOfRange as fault:
        raise HttpError(422, str(fault)) from None
    ledger = path.ledger_on(asked)
    said: dict[str, Any] = ledger.to_json() | {"lines": [LineOut(**line.to_json()) for line in ledger.lines]}
    said |= {"id": lead.pk, "external_id": lead.external_id, "stage": path.stage_on(asked), "version": model.version}
    return ScoreOut(**said, meets=_meets(model, ledger))


def _version(text: str) -> ScoringModel:
    if not text.strip():
        return ScoringModel.objects.published()
    number = id_of(text.strip())
    found = ScoringModel.objects.filter(version=number).first() if number is not None else None
    if found is None:
        raise HttpError(404, _("There is no such version of the rules."))
    return found


def _meets(version: ScoringModel, ledger: Ledger) -> MeetsOut:
    says = version.model.definitions
    standing = Standing(ledger.fit, ledger.total, ledger.last_active, ledger.last_intent, ledger.day)
    return MeetsOut(mql=bool(is_mql(says.mql, standing)), sql=bool(is_sql(says.sql, standing)))


@router.get(
    "/scores/changes",
    response={200: ChangesOut} | _REFUSED | {410: Problem},
    auth=Key(Scope.SCORES_READ),
    url_name="score_changes",
    operation_id="score_changes",
    summary="List score changes since a cursor",
    openapi_extra=EXTRA,
)
def score_changes(
    request: HttpRequest,
    after: str = Query(
        "", description="The cursor of the answer before; without it every lead once, then what changes."
    ),
    limit: str = Query(str(USUAL), description="How many at once, 1 to 1,000."),
) -> ChangesOut:
    """Fit, engagement, total, label or stage changed, or the lead was deleted. Nothing is lost; a change may come twice, so store by `id`.

    410: the data were restored since, or the cursor is older than 90 days; begin anew without one.
    """
    number = id_of(limit.strip())
    if number is None or not 1 <= number <= MOST:
        raise HttpError(422, _("“limit” is a number from 1 to 1000."))
    try:
        found = changes(Cursor.read(after) if after else None, limit=number)
    except CursorFault as fault:
        raise HttpError(422, str(fault)) from None
    except CursorLost as fault:
        raise HttpError(410, str(fault)) from None
    return ChangesOut(changes=[_change(row) for row in found.rows], cursor=str(found.cursor), more=found.more)


def _change(row: LeadScore | GoneLead) -> ChangeOut | GoneOut:
    if isinstance(row, GoneLead):
        return GoneOut(id=row.lead_id, deleted_at=row.at)
    points: dict[str, Any] = {name: plain_points(getattr(row, name)) for name in ("fit", "engagement", "total")}
    return ChangeOut(
        id=row.lead_id, external_id=row.lead.external_id, label=row.label, stage=row.stage,
        changed=row.scored_on, stage_since=row.stage_since, **points,
    )  # fmt: skip
