"""Words for times and numbers, and the components: what they show for usual, missing and hostile values."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone

from accounts.face import wording
from accounts.face.marks import known_icons
from accounts.templatetags import face

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shown(source: str, **context: Any) -> str:
    """The template with whitespace folded, as a person would read its text."""
    return " ".join(Template("{% load face %}" + source).render(Context(context)).split())


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "under a minute"),
        (1, "1 min"),
        (60, "1 h"),
        (130, "2 h 10 min"),
        (26 * 60 + 5, "26 h"),
        (48 * 60, "2 days"),
        (76 * 60, "3 days 4 h"),
        (12 * 1440 + 300, "12 days"),
    ],
)
def test_duration_keeps_the_units_that_matter(minutes: int, words: str) -> None:
    assert wording.duration(minutes) == words


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(seconds=-30), "just now"),
        (3 * HOUR, "in 3 h"),
        (-40 * HOUR / 60, "40 min ago"),
        (timedelta(days=-2), "2 days ago"),
        (timedelta(days=-100), "3 months ago"),
    ],
)
def test_relative_time_uses_one_unit(ahead: timedelta, words: str) -> None:
    assert wording.relative(NOW + ahead, NOW) == words


def test_moment_is_in_the_viewers_zone() -> None:
    with timezone.override("Asia/Jakarta"):
        assert wording.moment(NOW + timedelta(hours=6), NOW) == "tomorrow 01:00"
        assert wording.full_moment(NOW) == "Wed 18 November 2026, 19:00 WIB"


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2026, 11, 17), "yesterday"),
        (date(2026, 11, 18), "today"),
        (date(2026, 11, 9), "Mon 9 Nov"),
        (date(2025, 3, 2), "2 Mar 2025"),
    ],
)
def test_day_names_what_is_near(on: date, words: str) -> None:
    assert wording.day(on, date(2026, 11, 18)) == words


def test_times_carry_the_moment_and_the_distance() -> None:
    html = shown("{{ at|relative_time }}", at=timezone.now() + timedelta(hours=3, minutes=1))
    assert "data-relative" in html
    assert text_of(html) == "in 3 h"
    assert shown("{{ at|relative_time }}{{ at|moment }}{% when at %}", at=None) == "–––"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ 0.382|percent }}", "38%"),
        ("{{ 0.3825|percent:1 }}", "38.3%"),
        ("{{ none|percent }}", "–"),
        ("{{ 12480|number }}", "12,480"),
        ('{{ "1,000+"|number }}', "1,000+"),
        ("{{ 1001|at_most:1000 }}", "1,000+"),
        ("{{ 1000|at_most:1000 }}", "1,000"),
        ("{{ 25|signed }} {{ minus|signed }} {{ 0|signed }}", "+25 −2 0"),
        ("{{ 9250|points }} {{ 9249|points }} {{ small|points }}", "93 92 −2"),
        ("{{ 9250|exact_points }}", "+92.50"),
        ('{{ ""|default_dash }}{{ 0|default_dash }}', "–0"),
        ('{{ "words"|percent }}', "–"),
    ],
)
def test_numbers_read_like_numbers(source: str, words: str) -> None:
    assert shown(source, none=None, minus=-2, small=-150) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Dewi Lestari", "DL"), ("Jean-Luc Picard", "JP"), ("Ayu", "A"), ("", "?"), ("  ", "?"), ("(test) Żaneta", "Ż")],
)
def test_initials(name: str, letters: str) -> None:
    assert wording.initials(name) == letters


@pytest.mark.parametrize(
    ("due", "met", "state", "words"),
    [
        (20 * HOUR, None, "good", "20 h left"),
        (5 * HOUR, None, "soon", "5 h left"),
        (-HOUR, None, "late", "late by 1 h"),
        (-HOUR, -2 * HOUR, "met", "done in time"),
        (-3 * HOUR, -HOUR, "late", "done, 2 h late"),
    ],
)
def test_clock_turns_amber_under_a_quarter_and_stops_when_met(due: Any, met: Any, state: str, words: str) -> None:
    html = shown(
        "{% clock_chip opened_at=opened due_at=due met_at=met now=now %}",
        opened=NOW + due - 24 * HOUR,
        due=NOW + due,
        met=NOW + met if met else None,
        now=NOW,
    )
    assert f'data-state="{state}"' in html
    assert text_of(html).startswith(words)
    assert ("data-clock-fixed" in html) is bool(met)


def test_clock_without_a_deadline_shows_nothing() -> None:
    assert shown("{% clock_chip due_at=none %}", none=None) == ""


def test_person_reads_mappings_and_objects_and_names_the_nameless_by_address() -> None:
    firm = type("Firm", (), {"name": "Kopi Senja"})()
    assert (
        text_of(shown("{% person_cell lead %}", lead={"name": "Ayu Pratama", "company": firm}))
        == "Ayu Pratama Kopi Senja"
    )
    assert text_of(shown("{% person_cell lead %}", lead={"email": "a@example.org"})) == "a@example.org"
    assert text_of(shown("{% person_cell lead %}", lead={})) == "No name yet"


def test_hostile_text_stays_text() -> None:
    bad = '<script>alert(1)</script>"onmouseover=x'
    html = shown(
        '{% person_cell name=bad title=bad %}{% badge bad %}{% reason_line why %}{% why bad label=bad %}{% icon "phone" label=bad %}',
        bad=bad,
        why=[bad],
    )
    assert "<script" not in html
    assert '"onmouseover' not in html


def test_reason_line_shows_two_at_most() -> None:
    assert text_of(shown("{% reason_line why %}", why=["One", {"text": "two"}, "three"])) == "One; two"


def test_stage_path_of_a_lost_lead_ends_where_it_left() -> None:
    html = shown('{% stage_path stage="lost" reached="opportunity" %}')
    assert text_of(html).replace("&nbsp;", "").split() == ["Lead", "MQL", "SQL", "Opportunity", "Lost"]
    assert html.count('data-state="past"') == 4


def test_ledger_bars_share_one_zero_line() -> None:
    lines = [{"kind": "rule", "text": "Demo", "points": 30}, {"kind": "cap", "text": "Cap", "points": -10}]
    html = shown("{% ledger lines=lines total=20 %}", lines=lines)
    assert 'class="plus" x="50.00" y="1" width="150.00"' in html
    assert 'class="minus" x="0.00" y="1" width="50.00"' in html


def test_lists_keep_the_parameters_of_the_page_but_not_its_cursor() -> None:
    request = RequestFactory().get("/leads/", {"stage": ["mql", "sql"], "after": "x", "sort": "-score"})
    html = shown('{% sort_link "Score" key="score" first="-" %}{% keyset_pager next="n/1" shown=50 %}', request=request)
    assert 'href="?stage=mql&amp;stage=sql&amp;sort=score"' in html
    assert 'href="?stage=mql&amp;stage=sql&amp;sort=-score&amp;after=n%2F1"' in html


class NoteForm(forms.Form):
    note = forms.CharField()


def test_form_page_names_each_error_beside_its_field_and_on_top() -> None:
    html = shown('{% form_page form submit="Save" %}', form=NoteForm({}))
    assert '<a href="#id_note">Note</a>: This field is required.' in html
    assert 'aria-invalid="true"' in html
    assert html.count("<form") == 1


def test_a_misspelt_argument_stops_the_template() -> None:
    with pytest.raises(TemplateSyntaxError):
        shown('{% figure_card label="x" valeu=3 %}')


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    used = {
        name
        for page in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
        for name in re.findall(r'{%\s*icon "([\w-]+)"|icon="([\w-]+)"', page.read_text())
    }
    assert {one or other for one, other in used} - known_icons() == set()


def test_every_icon_comes_from_the_package() -> None:
    icons = json.loads((Path(settings.BASE_DIR) / "static" / "icons.json").read_text())
    package = Path(settings.BASE_DIR) / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
    if not package.is_dir():
        pytest.skip("The npm packages are not installed here.")
    assert [file for file in icons.values() if not (package / f"{file}.svg").exists()] == []


def test_every_component_is_written_down() -> None:
    page = (Path(settings.BASE_DIR) / "docs" / "components.md").read_text()
    inner = {"page_title", "clock_time", "initials", "undo_url", "toast_tone", "first_items"}
    words = set(face.register.tags) | set(face.register.filters)
    assert {word for word in words - inner if word not in page} == set()
