"""What a rule comes to, said while somebody types: points, counts, caps and fades in sentences, and the curve."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from leadhub.testing import person, signed_in
from scoring import versions
from scoring.fading import Fade
from scoring.rule_words import HEIGHT, WIDTH, curve_of

from .test_editor_steps import document

EMPTY = {"points": "4", "cap": "", "count": "every", "times": "", "within": "", "fade": "never", "fade_days": ""}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "+4 points every time."),
        ({}, "There is no limit"),
        ({"points": ""}, "Type how many points"),
        ({"points": "1e999"}, "Type how many points"),
        ({"count": "once"}, "+4 points once, for the latest one."),
        ({"count": "at_most", "times": "3"}, "+4 points for each of the latest 3."),
        ({"count": "at_least", "times": "3", "within": "14"}, "while there are 3 of them within 14 days"),
        ({"fade": "half_life", "fade_days": "30"}, "+2 after 30 days, +1 after 60, nothing after 300."),
        ({"fade": "linear", "fade_days": "120"}, "+2 after 60 days, nothing after 120."),
        ({"fade": "window", "fade_days": "90"}, "All of it until day 90, then nothing."),
        ({"cap": "20"}, "give at most 20, reached with 5 fresh ones."),
        ({"points": "-4", "cap": "10"}, "take at most 10, reached with 3 fresh ones."),
        ({"points": "30", "cap": "20"}, "of +30 only +20 count."),
        ({"fade": "half_life", "fade_days": "36500", "points": "100000"}, "<svg"),
        ({"times": "x", "count": "at_most", "fade": "linear", "fade_days": "\u0664"}, "+4 points every time."),
    ],
)
def test_what_is_typed_is_said_in_words(typed: dict[str, str], sentence: str) -> None:
    draft = versions.draft(document(), by=person("Mona"), at=timezone.now())
    url = reverse("rule_words", args=[draft.version, "engagement"])
    assert sentence in signed_in("Mona").post(url, EMPTY | typed).text


@pytest.mark.parametrize("fade", [Fade("window", 1), Fade("linear", 1), Fade("half_life", 1), Fade("linear", 36_500)])
@pytest.mark.parametrize("points", [1, -1, 10_000_000])
def test_the_curve_begins_full_and_ends_in_its_box(fade: Fade, points: int) -> None:
    places: list[Any] = [place.split(",") for place in curve_of(points, fade).line.removeprefix("M").split(" L")]
    assert [float(number) for number in places[0]] == [0.0, 2.0]
    assert float(places[-1][0]) == WIDTH
    assert all(0 <= float(y) <= HEIGHT for _x, y in places)
