"""Answers to letters: each a hit, and of leads an activity, so that it counts within seconds (R24); machines' earn nothing (D10)."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from leads.intake import NewActivity
from leads.intake_edits import judge_all
from leads.models import Activity, Asset, Verdict

from .addresses import target, tracks
from .models import Hit, Letter
from .verdicts import REACH, Seen, reasons

Kind = Hit.Kind
#: Of one link of one letter so many answers a day count, and so many are kept (quality.md S11).
MOST_COUNTED, MOST_KEPT = 5, 40
DAY = timedelta(days=1)
SYSTEM, ACTOR = "letters", "system:letters"
#: What an answer is among the activities. Of opens the first by a person only: however many, they qualify nobody.
TYPES = {Kind.OPEN: "email_opened", Kind.CLICK: "email_clicked", Kind.REPLY: "email_replied"}


def answer(letter: Letter, seen: Seen, *, key: str = "", why: str = "") -> Hit | None:
    """Keep an answer, judge it and those shortly before it, and record it with the lead. None where nothing may be kept.

    The same `key` is kept once. `why` says of an answer that it is a machine's, whatever else speaks for it. Answers to one
    letter are taken one after the other, so that each is judged in the light of all.
    """
    if letter.is_test or letter.lead is None or not (seen.kind == Kind.REPLY or tracks(letter.lead)):
        return None
    with transaction.atomic():
        _one_at_a_time(letter)
        today = Hit.objects.filter(letter=letter, kind=seen.kind, link=seen.link, at__gt=seen.at - DAY)
        if today.count() >= MOST_KEPT or (key and Hit.objects.filter(key=key).exists()):
            return None
        hit = Hit.objects.create(
            letter=letter, kind=seen.kind, link=seen.link, at=seen.at, user_agent=seen.user_agent[:300], key=key,
            verdict=Verdict.MACHINE if why else Verdict.PERSON, why=why,
        )  # fmt: skip
        _judge(letter, hit, seen)
        if seen.kind in TYPES:
            _record(letter, hit)
    return hit


def _one_at_a_time(letter: Letter) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('nurture.hits', %s))", [letter.pk])


def _judge(letter: Letter, hit: Hit, seen: Seen) -> None:
    """Judge all answers of this minute together: what came before may turn out to be a machine's by what came now."""
    before = list(Hit.objects.filter(letter=letter, at__gte=hit.at - REACH).exclude(pk=hit.pk).select_for_update())
    others = [Seen(one.kind, one.at, one.link, one.user_agent) for one in before]
    found = reasons([*others, seen], handed_at=letter.handed_at, links=len(letter.version.links))
    flipped = [one for one, why in zip([*before, hit], found, strict=True) if why and one.verdict == Verdict.PERSON]
    for one, why in zip([*before, hit], found, strict=True):
        if one in flipped:
            one.verdict, one.why = Verdict.MACHINE, why[:200]
    Hit.objects.bulk_update(flipped, ["verdict", "why"])
    # Where a person has said otherwise meanwhile, the hit has been a machine's before, and is not among these.
    if activities := [one.activity_id for one in flipped if one.activity_id]:
        judge_all(activities, Verdict.MACHINE, actor=ACTOR, at=hit.at)


def _record(letter: Letter, hit: Hit) -> None:
    counted = Hit.objects.filter(
        letter=letter, kind=hit.kind, link=hit.link, at__gt=hit.at - DAY, activity__isnull=False
    )
    by_people = counted.filter(activity__verdict=Verdict.PERSON)
    most = 1 if hit.kind == Kind.OPEN else MOST_COUNTED
    if hit.verdict == Verdict.PERSON and by_people.count() >= most:
        Hit.objects.filter(pk=hit.pk).update(why=_("One of many: it does not count again."))
        return
    link: dict[str, Any] = next((one for one in letter.version.links if one.get("key") == hit.link), {})
    asset = Asset.objects.filter(pk=link["asset"]).values_list("key", flat=True).first() if link.get("asset") else None
    told = NewActivity(
        TYPES[Kind(hit.kind)], hit.at, lead=letter.lead_id, subject=letter.version.email.name, asset=asset or "",
        url=target(letter, hit.link) if hit.link else "", properties={"letter": letter.pk}, source_system=SYSTEM,
        external_id=f"hit-{hit.pk}", verdict=hit.verdict,
    )  # fmt: skip
    recorded = Activity.objects.record_many([told], at=hit.at, actor=ACTOR)
    Hit.objects.filter(pk=hit.pk).update(activity=recorded.ids[0])
