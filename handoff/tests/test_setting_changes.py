"""Who changed a reason or what qualifying asks for, when, and from what to what (R18, R22)."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Team
from handoff.models import QualificationRules, Reason, SettingChange
from handoff.setting_words import reason_lines, rules_lines
from leadhub.testing import NOON, person, signed_in

from .offering import reason

pytestmark = pytest.mark.django_db


def test_a_changed_reason_keeps_who_when_old_and_new_and_saving_the_same_is_none() -> None:
    for later in (timedelta(), timedelta(hours=1)):
        reason("no_need").write({"engagement": "halve", "attempts": 2}, by=person("Sue"), at=NOON + later)
    kept = SettingChange.objects.get()
    assert (kept.name, kept.by, kept.at) == ("No need", person("Sue"), NOON)
    assert reason_lines(kept.before, kept.after) == [
        ("Follow-ups needed first", "0", "2"),
        ("What the lead did until then", "Stays as it is", "Counts half"),
    ]


def test_a_new_reason_says_what_it_is_for_and_not_what_it_is_not() -> None:
    Reason(position=30).write({"label": "Too small", "sends_back": True, "rest_days": 10}, by=person("Sue"), at=NOON)
    lines = [
        (name, after) for name, before, after in reason_lines(None, SettingChange.objects.get().after) if not before
    ]
    wanted = [("Reason", "Too small"), ("Sends a lead back to marketing", "yes"), ("In use", "yes")]
    assert [line for line in lines if line in wanted] == wanted
    assert "no" not in [after for _name, after in lines]


def team_rules() -> QualificationRules:
    team = Team.objects.get(pk=person("Sue").team_id)
    return QualificationRules.objects.filter(team=team).first() or QualificationRules(team=team)


def test_what_a_team_asks_for_keeps_old_and_new_also_when_it_is_dropped() -> None:
    shipped = {"budget": "met", "authority": "known"}
    for later, needs in enumerate((shipped, {"budget": "met", "authority": "met"})):
        team_rules().write({"needs": needs}, by=person("Sue"), at=NOON + timedelta(days=later))
    team_rules().drop(by=person("Ada"), at=NOON + timedelta(days=2))
    dropped, changed, added = SettingChange.objects.all()
    assert rules_lines(changed.before, changed.after) == [
        ("Authority", "must be known", "must be met, at least partly")
    ]
    assert ("Framework", "", "BANT") in rules_lines(added.before, added.after)
    assert (dropped.by, dropped.after, dropped.before["needs"]["authority"]) == (person("Ada"), None, "met")


@pytest.mark.parametrize("page", ["reasons", "qualification_rules"])
def test_the_page_tells_of_its_changes(page: str) -> None:
    reason("no_need").write({"engagement": "reset"}, by=person("Sue"), at=NOON)
    team_rules().write({"framework": "meddic"}, by=person("Sue"), at=NOON)
    told: Any = signed_in("Ada").get(reverse(page), {"after": "x"}).content.decode()
    words = {"reasons": "<strong>No need</strong> changed", "qualification_rules": "<strong>Sales</strong> added"}
    for name, sentence in words.items():
        assert (sentence in told) == (name == page)


def test_changes_stand_page_by_page(settings: Any) -> None:
    settings.PAGE_ROWS = 1
    for days in (10, 20):
        reason("no_need").write({"rest_days": days}, by=person("Sue"), at=NOON)
    first = signed_in("Sue").get(reverse("reasons")).content.decode()
    older = signed_in("Sue").get(reverse("reasons"), {"after": SettingChange.objects.all()[0].pk}).content.decode()
    assert ("Older changes" in first, "Newer changes" in first) == (True, False)
    assert ("Older changes" in older, "Newer changes" in older) == (False, True)
