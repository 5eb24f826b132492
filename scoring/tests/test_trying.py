"""The live panel beside a draft: what is typed counts before it is saved, who may ask, and that nothing is stored."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from leadhub.testing import make_lead, person, signed_in
from leads.models import Lead
from leads.stages import Stage
from scoring import trying, trying_sides, versions
from scoring.definition_reading import parse
from scoring.models import LeadScore, Matcher, ScoringModel
from scoring.sweep import drain
from scoring.trying import Tried, effect_of
from scoring.trying_typed import NotYet, typed_model

pytestmark = pytest.mark.django_db
RULES = {
    "name": "Small",
    "groups": [{"key": "who", "axis": "fit"}, {"key": "web", "axis": "engagement", "cap": 30}],
    "rules": [
        {"key": "vp", "name": "VP", "group": "who", "points": 10, "when": [{"field": "seniority", "op": "is", "value": "VP"}]},
        {"key": "visit", "name": "Visit", "group": "web", "points": 4, "activity": {"types": ["page_visit"]}},
    ],
    "definitions": {"mql": {"total": 20, "leave_total": 15}, "sql": {"total": 40}},
}  # fmt: skip
#: What the browser sends for the rule "visit".
VISIT = {
    "axis": "engagement", "key": "visit", "name": "Visit", "group": "web", "points": "4", "cap": "", "types": ["page_visit"],
    "count": "every", "times": "", "within": "", "fade": "never", "fade_days": "", "field": [""], "op": ["is"], "value": [""],
}  # fmt: skip


@pytest.fixture
def draft() -> ScoringModel:
    """The draft of rules that are published, over Dewi (VP, 2 visits: 18) and five others with 1 to 5 visits."""
    now = timezone.now()
    versions.publish(versions.draft(RULES, by=None, at=now), by=None, at=now)
    for visits, told in enumerate([{"seniority": "VP", "first_name": "Dewi"}, *[{}] * 5]):
        lead = make_lead(at=now, **told)
        for _n in range(visits or 2):
            lead.record("page_visit", at=now, url="https://leadhub.example/pricing/teams")
    drain(now)
    return versions.draft(RULES, by=person("Mona"), at=now)


def tried_by(name: str, draft: ScoringModel, said: dict[str, Any], **more: Any) -> Any:
    return signed_in(name).post(
        reverse("model_try", args=[draft.version]), said, headers={"HX-Request": "true"}, **more
    )


class TestTyping:
    def test_what_is_typed_counts_before_it_is_saved(self, draft: ScoringModel) -> None:
        answer = tried_by("Mona", draft, VISIT | {"points": "6"})
        tried, page = answer.context["tried"], answer.content.decode()
        assert [(one.before, one.after) for one in tried.movers["mql_in"].first] == [(1600, 2400), (1800, 2200)]
        assert tried.moves == {"mql": 2, "sql": 0, "lead": 0}
        assert "6 leads of 6 get another score today." in page
        assert "MQL: 2 enter, 0 leave. Nobody enters or leaves SQL." in page
        assert "Publishing it now would move 2 to MQL." in page
        assert (
            "Fires for 6 leads, 17 times, and gives 102 points in all. No cap or floor takes any of them away." in page
        )
        assert ">Dewi Lestari</a>" in page
        assert ScoringModel.objects.get(pk=draft.pk).document == RULES

    def test_caps_typed_say_what_they_take(self, draft: ScoringModel) -> None:
        page = tried_by("Mona", draft, VISIT | {"points": "10", "cap": "15"}).content.decode()
        assert "17 times, and gives 170 points in all. Caps and floors take 85 of them away (50%)." in page

    def test_a_rule_that_looks_for_something_new_is_matched_at_once(self, draft: ScoringModel) -> None:
        said = VISIT | {
            "key": "",
            "name": "",
            "points": "20",
            "field": ["path"],
            "op": ["contains"],
            "value": ["teams"],
        }
        matchers = set(Matcher.objects.values_list("key", flat=True))
        answer = tried_by("Mona", draft, said | {"count": "once"})
        assert [(work.leads, work.events) for work in answer.context["tried"].works] == [(6, 6)]
        assert answer.context["tried"].movers["mql_in"].count == 5  # the one with five visits was MQL
        assert set(Matcher.objects.values_list("key", flat=True)) == matchers

    def test_points_taken_away_and_given_back_are_told(self, draft: ScoringModel) -> None:
        page = tried_by("Mona", draft, VISIT | {"points": "-10", "cap": "20"}).content.decode()
        assert "17 times, and takes 170 points in all. Caps and floors give 60 of them back (35%)." in page

    def test_what_is_typed_into_a_rule_that_is_off_counts_for_nothing(self, draft: ScoringModel) -> None:
        rules = [rule | {"off": rule["key"] == "visit"} for rule in RULES["rules"]]  # type: ignore[attr-defined]
        ScoringModel.objects.filter(pk=draft.pk).update(document=RULES | {"rules": rules})
        answer = tried_by("Mona", draft, VISIT | {"points": "60"})
        assert (answer.context["tried"].works, answer.context["tried"].movers["mql_in"].count) == ((), 0)
        assert "This rule is switched off." in answer.content.decode()

    def test_a_fit_rule_is_tried_too(self, draft: ScoringModel) -> None:
        said = {"axis": "fit", "key": "vp", "name": "VP", "group": "who", "points": "12", "cap": ""}
        answer = tried_by("Mona", draft, said | {"field": ["seniority"], "op": ["is"], "value": ["VP"]})
        assert [(one.before, one.after) for one in answer.context["tried"].movers["mql_in"].first] == [(1800, 2000)]
        assert "Fires for 1 lead, 1 time, and gives 12 points in all." in answer.content.decode()

    def test_definitions_are_tried_too(self, draft: ScoringModel) -> None:
        said = {"typed": "definitions", "name": "", "mql_total": "14", "mql_leave_total": "10", "sql_total": "17"}
        answer = tried_by("Mona", draft, said)
        page = answer.content.decode()
        assert "None of 6 scores changes today." in page
        assert "MQL: 2 enter, 0 leave. SQL: 2 enter, 0 leave." in page
        assert "What is typed is counted but not saved" in page
        assert ScoringModel.objects.get(pk=draft.pk).document == RULES

    def test_bounds_of_an_axis_and_of_a_group_are_tried_too(self, draft: ScoringModel) -> None:
        of_axis = {"typed": "bounds", "axis": "engagement", "floor": "", "cap": "12"}
        assert tried_by("Mona", draft, of_axis).context["tried"].other == 2
        of_group = of_axis | {"name": "Web", "group": "web", "cap": "4"}
        assert tried_by("Mona", draft, of_group).context["tried"].other == 5
        for nothing in ({"group": "gone"}, {"new": "1", "name": "More"}):
            assert tried_by("Mona", draft, of_axis | nothing).context["tried"].other == 0
        says = tried_by("Mona", draft, of_axis | {"floor": "13"}).content.decode()
        assert "The floor lies above the cap." in says

    def test_without_a_rule_it_is_the_draft_as_it_is_saved(self, draft: ScoringModel) -> None:
        assert "None of 6 scores changes today." in tried_by("Mona", draft, {}).content.decode()

    def test_what_is_no_rule_yet_is_told_and_the_figures_stay(self, draft: ScoringModel) -> None:
        answer = tried_by("Mona", draft, VISIT | {"points": ""})
        assert (answer.status_code, answer["HX-Reswap"]) == (200, "none")
        assert "Points: This field is required." in answer.content.decode()
        assert "The figures below are those from before." in answer.content.decode()

    def test_without_script_it_is_a_page(self, draft: ScoringModel) -> None:
        page = (
            signed_in("Mona").post(reverse("model_try", args=[draft.version]), VISIT | {"points": "6"}).content.decode()
        )
        assert "<!doctype html>" in page
        assert "6 leads of 6 get another score today." in page


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"points": ""}, "Points: This field is required."),
        ({"points": "1e9"}, "Points: "),
        ({"points": "nan"}, "Points: Enter a number."),
        ({"types": []}, "Activities: Choose an activity, or add a condition."),
        ({"count": "at_least", "times": "3"}, "Within days: Say within how many days."),
        ({"fade": "linear"}, "Days: Say how many days."),
        ({"group": "nowhere"}, "Group: Select a valid choice."),
        ({"field": ["path"], "op": ["is"]}, ""),
        ({"field": ["shoe size"], "value": ["44"]}, "shoe size"),
        ({"key": "k" * 90}, ""),
        ({"name": "x" * 200}, "Name: "),
    ],
)
def test_what_is_no_rule_yet_says_what_is_missing(said: dict[str, Any], missing: str) -> None:
    typed = QueryDict(urlencode(VISIT | said, doseq=True))
    with pytest.raises(NotYet) as problem:
        typed_model(ScoringModel(document=RULES), typed)
    assert missing in str(problem.value)


def test_rules_that_nothing_can_fulfil_do_nothing(draft: ScoringModel) -> None:
    """A type that does not exist, and a number where there are texts: a file may say so."""
    nowhere = {"key": "a", "group": "web", "points": 9, "activity": {"types": ["moon_landing"]}}
    never = {"key": "b", "group": "who", "points": 9, "when": [{"field": "seniority", "op": "at_least", "value": 5}]}
    rules = [*RULES["rules"], nowhere, never]  # type: ignore[misc]
    tried = effect_of(parse(RULES | {"rules": rules}), at=timezone.now(), watched=["a", "b"])
    assert (tried.ended, tried.other, {work.leads for work in tried.works}) == (True, 0, {0})


class TestMoves:
    def test_publishing_heeds_the_leave_mark_and_what_the_stage_is(self, draft: ScoringModel) -> None:
        """Whoever is under 20 is no MQL by definition, but only under 15 is it moved back; a customer stays where it is."""
        Lead.objects.filter(stage=Stage.MARKETING_QUALIFIED).update(stage_since=timezone.now())
        half = tried_by("Mona", draft, VISIT | {"points": "3.2"}).context["tried"]
        assert (half.movers["mql_out"].count, half.moves["lead"]) == (1, 0)
        gone = tried_by("Mona", draft, VISIT | {"points": "2"}).context["tried"]
        assert (gone.movers["mql_out"].count, gone.moves["lead"]) == (1, 1)
        LeadScore.objects.filter(stage=Stage.MARKETING_QUALIFIED).update(stage=Stage.CUSTOMER)
        assert tried_by("Mona", draft, VISIT | {"points": "2"}).context["tried"].moves["lead"] == 0


class TestSlices:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(trying, "SLICE", 2)
        monkeypatch.setattr(trying, "SMALL_SLICE", 2)
        monkeypatch.setattr("scoring.views_try.SECONDS", 0)
        return

    def answers(self, draft: ScoringModel, said: dict[str, Any]) -> list[Any]:
        """What the panel is told until there is no rest."""
        found, more = [], dict[str, Any]()
        while not found or more:
            found.append(tried_by("Mona", draft, said | more))
            more = json.loads(found[-1].context["rest"] or "{}")
        return found

    def test_many_leads_are_looked_at_in_several_requests_and_add_up(self, draft: ScoringModel) -> None:
        answers = self.answers(draft, VISIT | {"points": "6"})
        assert [answer.context["tried"].leads for answer in answers] == [2, 4, 6, 6]
        assert "All figures below are of these leads only." in answers[0].content.decode()
        last = answers[-1].context["tried"]
        assert (sum(last.before), sum(last.after), last.movers["mql_in"].count) == (6, 6, 2)
        assert Tried.from_json(json.loads(json.dumps(last.to_json()))) == last

    def test_new_typing_begins_anew_and_what_nobody_sent_is_nothing(self, draft: ScoringModel) -> None:
        rest = json.loads(tried_by("Mona", draft, VISIT | {"points": "6"}).context["rest"])
        assert tried_by("Mona", draft, VISIT | {"points": "6"} | rest).context["tried"].leads == 4
        assert tried_by("Mona", draft, VISIT | {"points": "7"} | rest).context["tried"].leads == 2
        for junk in ("x", rest["sofar"][:-3], "é" * 9_000):
            assert tried_by("Mona", draft, VISIT | {"points": "6", "sofar": junk}).context["tried"].leads == 2


class TestWho:
    @pytest.mark.parametrize(("name", "code"), [("Mick", 200), ("Ada", 200), ("Sue", 403), ("Rita", 403), ("Ann", 403)])
    def test_who_drafts_rules_tries_them(self, name: str, code: int) -> None:
        draft = versions.draft(RULES, by=None, at=timezone.now())
        assert tried_by(name, draft, VISIT).status_code == code

    def test_what_is_published_is_not_tried(self) -> None:
        assert tried_by("Mona", ScoringModel.objects.published(), VISIT).status_code == 403

    @pytest.mark.parametrize(
        ("name", "seen"), [("Sue", "Dewi Lestari"), ("Ann", "Lead #"), ("Rita", "You may see none of them.")]
    )
    def test_names_are_for_those_who_may_know_the_lead(self, draft: ScoringModel, name: str, seen: str) -> None:
        rules = [rule | {"points": 3 * rule["points"]} for rule in RULES["rules"]]  # type: ignore[attr-defined]
        ScoringModel.objects.filter(pk=draft.pk).update(document=RULES | {"rules": rules})
        page = signed_in(name).get(reverse("model_preview", args=[draft.version])).content.decode()
        assert seen in page
        assert (name != "Sue") == ("Dewi" not in page)


def test_it_asks_the_database_equally_often_whatever_the_rows_and_writes_nothing(draft: ScoringModel) -> None:
    def asked(client: Client) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            client.post(
                reverse("model_try", args=[draft.version]), VISIT | {"points": "6"}, headers={"HX-Request": "true"}
            )
        return [query["sql"] for query in queries.captured_queries]

    client = signed_in("Mona")
    asked(client)  # sessions and content types warm up
    few = asked(client)
    for _n in range(3):
        lead = make_lead(at=timezone.now())
        for _visit in range(4):
            lead.record("page_visit", at=timezone.now())
    drain(timezone.now())
    many = asked(client)
    assert len(few) == len(many) <= 20, "\n".join(many)
    assert not [one for one in many if one.split()[0] in ("INSERT", "UPDATE", "DELETE", "LOCK")]


def test_rules_that_say_the_same_in_other_words_do_not_differ() -> None:
    named = [rule | {"name": "Other", "description": "More"} for rule in RULES["rules"]]  # type: ignore[attr-defined]
    assert trying_sides.changed_rules(parse(RULES), parse(RULES | {"rules": named})) == []


class TestLists:
    @pytest.fixture
    def doubled(self, draft: ScoringModel) -> ScoringModel:
        rules = [rule | {"points": 2 * rule["points"]} for rule in RULES["rules"]]  # type: ignore[attr-defined]
        ScoringModel.objects.filter(pk=draft.pk).update(document=RULES | {"rules": rules})
        return draft

    def test_all_of_a_kind_are_listed_page_by_page(self, doubled: ScoringModel, settings: Any) -> None:
        settings.PAGE_ROWS, place, found = 1, "", list[tuple[int, int]]()
        url = reverse("model_movers", args=[doubled.version, "mql_in"])
        while not found or place:
            shown = signed_in("Ann").get(url, {"after": place}).context
            found, place = found + [(row.before, row.after) for row in shown["rows"]], shown["next"]
        assert found == [(1800, 3600), (1200, 2400), (1600, 3000)]

    def test_a_place_that_is_none_is_no_error(self) -> None:
        mona, url = signed_in("Mona"), reverse("model_movers", args=[1, "mql_in"])
        for after in ("x", "-1", "9" * 30, "99999999"):
            assert mona.get(url, {"after": after}).status_code == 200
        assert mona.get(url.replace("mql_in", "mql-on")).status_code == 404
