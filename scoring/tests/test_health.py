"""Rule health: planted dead, saturated, capped and twin rules are named, lift is exact, and nothing is counted twice (R11, R13)."""

import logging
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from leadhub.testing import examples, person, signed_in
from leads.models import Lead, StageMove
from leads.stages import Cause, Stage
from scoring import care, health_reading
from scoring.definition_reading import parse
from scoring.fit import fit_totals
from scoring.health import Judged, rules_of, tally
from scoring.health_figures import Figures, RuleFigures, figures
from scoring.health_findings import findings, lift_in_words
from scoring.health_intervals import ratio, wilson
from scoring.kernel import engagement
from scoring.models import Cut, EventVector, ScoringModel
from scoring.models_health import RuleHealth
from scoring.sweep import recalculate
from scoring.vectors import Vectors, date_of
from scoring.versions import draft

from . import models
from .database import lead_with, noon, published, sent_back

TODAY = models.TODAY
NOW = noon(TODAY)
VISIT, CLICK = {"type": "page_visit", "path": "/pricing"}, {"type": "email_clicked", "path": "/"}
WEBINAR, DEMO = {"type": "webinar_attended", "path": "/"}, {"type": "demo_requested", "path": "/"}
PROMOTED = TODAY - 100


def rule(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"key": key, "group": "deeds", "points": 5, "activity": {"types": [kind]}} | more


DOCUMENT = {
    "name": "Planted",
    "groups": [{"key": "facts", "axis": "fit"}, {"key": "deeds", "axis": "engagement", "cap": 500}],
    "rules": [
        {"key": "company", "group": "facts", "points": 1, "when": [{"field": "employees", "op": "at_least", "value": 1}]},
        rule("dead", "demo_requested"),
        rule("never", "trial_requested"),
        rule("visits", "page_visit", cap=4),
        rule("clicks", "email_clicked"),
        rule("webinars", "webinar_attended"),
    ],
}  # fmt: skip


def promoted(lead: Lead, *, accepted: bool) -> None:
    """MQL by score a hundred days ago, accepted by sales ten days later or not."""
    details = {"lead": lead, "cycle": 1, "cause": Cause.SCORE}
    moves = [StageMove(from_stage=Stage.LEAD, to_stage=Stage.MARKETING_QUALIFIED, at=noon(PROMOTED), **details)]
    if accepted:
        at = noon(PROMOTED + 10)
        moves.append(StageMove(from_stage=Stage.SALES_QUALIFIED, to_stage=Stage.OPPORTUNITY, at=at, **details))
    StageMove.objects.bulk_create(moves)


def plant() -> ScoringModel:
    """Eighty judged leads: forty clicked before they were promoted, thirty of them were accepted; of the others ten were."""
    early, late = PROMOTED - 5, PROMOTED + 20
    for n in range(80):
        clicked = n < 40
        history = [(early if clicked else late, CLICK, 1), (late, WEBINAR, 1), (TODAY - 2, VISIT, 20 if n < 12 else 0)]
        lead = lead_with({"employees": 10}, [*history, (TODAY - 200, DEMO, int(n == 0))])
        promoted(lead, accepted=n < 30 or 40 <= n < 50)
    version = published(DOCUMENT, TODAY)
    recalculate(date_of(TODAY), at=NOW)  # type: ignore[arg-type]
    return version


def read(version: ScoringModel) -> Figures:
    health_reading.ask(version, at=NOW)
    health_reading.go_on(NOW, portions=50)
    said = dict(RuleHealth.objects.get(pk=version.pk).figures)
    said.pop("document")
    return Figures.from_json(said)


def of(found: Figures, key: str) -> RuleFigures:
    return next(one for one in found.rules if one.key == key)


@pytest.mark.django_db
class TestPlanted:
    def test_dead_saturated_capped_and_twin_rules_are_named(self) -> None:
        said = {(one.key, one.kind): one.text for one in findings(read(plant()))}
        assert set(said) == {
            ("company", "saturated"), ("clicks", "saturated"), ("webinars", "saturated"),
            ("dead", "dead"), ("never", "dead"), ("visits", "capped"),
        }  # fmt: skip
        assert said["company", "saturated"].startswith("Fires for everybody (100 %)")
        assert said["dead", "dead"].startswith("Never fired in 90 days")
        assert said["never", "dead"].startswith("Has never fired")
        assert said["visits", "capped"] == "96 % of what it gives is capped away by its own cap."

    def test_twins_are_named_once_with_how_many_leads_they_share(self) -> None:
        for n in range(60):
            lead_with({}, [(TODAY - 3, CLICK, 1), (TODAY - 3, WEBINAR, int(n > 0))] if n < 30 else [])
        version = published(DOCUMENT, TODAY)
        recalculate(date_of(TODAY), at=NOW)  # type: ignore[arg-type]
        said = [one for one in findings(read(version)) if one.kind == "twin"]
        assert [one.key for one in said] == ["clicks"]
        assert said[0].text == "Fires together with webinars in 97 %: for 29 of 30 leads with either."

    def test_lift_is_that_of_what_was_known_on_the_day_of_promotion(self) -> None:
        clicks = of(read(plant()), "clicks")
        assert (clicks.n, clicks.accepted, clicks.other_n, clicks.other_accepted) == (40, 30, 40, 10)
        assert lift_in_words(clicks) == ("3 times", "1.7 to 5.3")

    def test_what_sales_sent_back_later_that_day_had_counted_when_it_was_promoted(self) -> None:
        version = plant()
        for lead in Lead.objects.all():
            move = sent_back(lead, noon(PROMOTED))
            Cut.objects.create(lead=lead, move=move, at=move.at, day=date_of(PROMOTED), share=0)
        clicks = of(read(version), "clicks")
        assert (clicks.n, clicks.accepted, clicks.other_n, clicks.other_accepted) == (40, 30, 40, 10)
        assert (clicks.leads, clicks.events) == (40, 40)  # today only those of later are left

    def test_lift_is_not_told_where_n_is_small(self) -> None:
        visits = of(read(plant()), "visits")
        assert (visits.n, visits.other_n) == (0, 80)
        assert lift_in_words(visits) == ("cannot be told:", "n is small")

    def test_figures_of_a_rule_are_exact(self) -> None:
        visits = of(read(plant()), "visits")
        assert (visits.leads, visits.events, visits.earned, visits.capped) == (12, 240, 12 * 20 * 500, 12 * 400)
        assert visits.last_on == date_of(TODAY - 2)

    def test_a_draft_that_vectors_do_not_know_is_read_as_well(self) -> None:
        plant()
        other = rule("pricing", "page_visit")
        other["activity"]["when"] = [{"field": "path", "op": "starts_with", "value": "/pricing"}]
        wanted = draft(DOCUMENT | {"rules": [*DOCUMENT["rules"], other]}, by=None, at=NOW)  # type: ignore[misc]
        found = read(wanted)
        assert (of(found, "pricing").leads, of(found, "pricing").partner) == (12, "visits")


@pytest.mark.django_db
class TestReading:
    def test_portions_of_any_size_sum_to_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        version = plant()
        whole = read(version)
        monkeypatch.setattr(health_reading, "_next_leads", _by_seven)
        assert read(version) == whole

    def test_one_that_was_cut_off_goes_on_and_counts_no_lead_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        version = plant()
        monkeypatch.setattr(health_reading, "_next_leads", _by_seven)
        health_reading.ask(version, at=NOW)
        assert health_reading.go_on(NOW, portions=3) == 3
        health_reading.ask(version, at=NOW)  # somebody presses again meanwhile
        health_reading.go_on(NOW, portions=50)
        assert RuleHealth.objects.get(pk=version.pk).figures["leads"] == 80

    def test_a_draft_changed_meanwhile_is_read_from_the_start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        plant()
        wanted = draft(DOCUMENT, by=None, at=NOW)
        monkeypatch.setattr(health_reading, "_next_leads", _by_seven)
        health_reading.ask(wanted, at=NOW)
        health_reading.go_on(NOW, portions=2)
        ScoringModel.objects.filter(pk=wanted.pk).update(document=DOCUMENT | {"rules": DOCUMENT["rules"][:2]})
        health_reading.go_on(NOW, portions=50)
        found = RuleHealth.objects.get(pk=wanted.pk).figures
        assert (found["leads"], len(found["rules"])) == (80, 2)

    def test_one_that_cannot_be_done_is_given_up_and_keeps_nobody_waiting(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        version = plant()
        read(version)
        EventVector.objects.update(ev=b"abc")  # no multiple of four bytes
        caplog.set_level(logging.CRITICAL)
        health_reading.ask(version, at=NOW)
        health_reading.go_on(NOW, portions=9)
        given_up = RuleHealth.objects.get(pk=version.pk)
        assert (given_up.finished_at, given_up.figures["leads"]) == (NOW, 80)
        assert "could not be read" in signed_in("Mick").get(f"/scoring/{version.version}/health/").content.decode()

    def test_the_version_that_counts_is_read_once_a_day(self) -> None:
        version = published(DOCUMENT, TODAY)
        care.look_after(NOW, portions=9)
        first = RuleHealth.objects.get(pk=version.pk).finished_at
        care.look_after(NOW + timedelta(hours=1), portions=9)
        assert RuleHealth.objects.get(pk=version.pk).finished_at == first == NOW
        care.look_after(NOW + timedelta(days=1), portions=9)
        assert RuleHealth.objects.get(pk=version.pk).finished_at == NOW + timedelta(days=1)


def _by_seven(after: int, _rules: int) -> list[int]:
    return list(Lead.objects.filter(pk__gt=after, score__isnull=False).order_by("pk").values_list("pk", flat=True)[:7])


@pytest.mark.django_db
class TestScreens:
    def test_the_page_names_the_planted_rules(self) -> None:
        version = plant()
        read(version)
        page = signed_in("Sue").get(reverse("rule_health", args=[version.version])).content.decode()
        assert "Never fired in 90 days" in page
        assert "1.7 to 5.3" in page

    def test_a_version_nobody_read_says_so(self) -> None:
        page = signed_in("Mick").get("/scoring/1/health/").content.decode()
        assert "Not read yet" in page
        assert "Read the rules now" in page
        assert "Read the rules now" not in signed_in("Sue").get("/scoring/1/health/").content.decode()

    def test_asking_shows_progress_until_it_is_done(self) -> None:
        client, url = signed_in("Mick"), reverse("rule_health_progress", args=[1])
        assert client.post(reverse("rule_health_ask", args=[1])).status_code == 302
        assert "Reading the rules" in client.get(url).content.decode()
        health_reading.go_on(NOW, portions=9)
        assert client.get(url)["HX-Refresh"] == "true"

    def test_a_version_without_rules_has_a_page(self) -> None:
        wanted = draft({"name": "Empty"}, by=person("Mick"), at=NOW)
        read(wanted)
        assert "no rules" in signed_in("Mick").get(reverse("rule_health", args=[wanted.version])).content.decode()


class TestArrays:
    @examples(60)
    @given(models.documents(), models.databases, st.randoms(use_true_random=False))
    def test_what_reaches_the_score_is_the_score_less_that_without_the_rule(
        self, document: dict[str, Any], database: list[Any], random: Any
    ) -> None:
        model = parse(document)
        deeds, cuts = [models.entries_of(one) for one, _cuts in database], models.cuts_of(*(one for _, one in database))
        plan, vectors = models.plan_for(model), Vectors.of(deeds, cuts)
        fits = np.array([[random.random() < 0.5 for _lead in database] for _rule in model.fit_rules], bool)
        fits = fits.reshape(len(model.fit_rules), len(database))
        nobody = Judged(np.zeros(0, int), np.zeros(0, int), fits[:, :0], np.zeros(0, bool))
        found = tally(plan, fits, vectors, TODAY, nobody)
        rules = rules_of(plan)
        for row, one in enumerate(rules):
            without = parse(document | {"rules": [each for each in document["rules"] if each["key"] != one.key]})
            left = [n for n, each in enumerate(model.fit_rules) if each.key != one.key]
            lower = _total(without, fits[left], vectors)
            assert found.reaching[row] == _total(model, fits, vectors) - lower
        assert figures(date_of(TODAY), rules, found).leads == len(database)  # type: ignore[arg-type]

    def test_intervals_are_those_of_the_books(self) -> None:
        share = wilson(8, 10)
        assert share is not None
        assert (round(share.low, 4), round(share.high, 4)) == (0.4902, 0.9433)
        times = ratio(30, 40, 10, 40)
        assert times is not None
        assert (round(times.low, 3), round(times.high, 3)) == (1.704, 5.283)
        assert wilson(0, 0) is None
        assert ratio(4, 40, 10, 40) is None


def _total(model: Any, fits: Any, vectors: Vectors) -> int:
    fit = fit_totals(model, fits.reshape(len(model.fit_rules), len(vectors)))
    return int(fit.sum() + engagement(models.plan_for(model), vectors, TODAY).total.sum())
