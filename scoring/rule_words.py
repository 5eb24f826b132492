"""What a rule's points, count, fade and cap come to, in sentences and as a tiny curve: said while somebody types them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .definition import EVERY, Count
from .fading import NEVER, Fade, worth, worth_table
from .forms import RuleForm
from .points import MOST_POINTS, signed_points

#: The curve's box; the page scales it.
WIDTH, HEIGHT = 240, 40
STEPS = 60


@dataclass(frozen=True)
class Curve:
    """What one deed is worth from today until `days` from now: `line` is a path in a box of WIDTH × HEIGHT."""

    line: str
    days: int
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class RuleWords:
    """The rule in sentences; the curve only where something fades."""

    sentences: list[str]
    curve: Curve | None = None


def words_of(form: RuleForm) -> RuleWords:
    """What is typed until now, as far as it can be read."""
    points, cap = (_hundredths(form, name) for name in ("points", "cap"))
    if points is None:
        return RuleWords([_("Type how many points it gives, or takes with a minus.")])
    if "count" not in form.fields:
        return RuleWords(
            [_("%(points)s points when all conditions hold.") % {"points": _size(points)}, *_short(points, cap)]
        )
    count, fade = _count(form), _fade(form)
    sentences = [_counting(points, count), *_fading(points, count, fade), *_capping(points, cap, count)]
    fades = fade.kind != "never" and count.kind != "at_least" and points != 0
    return RuleWords(sentences, curve_of(points, fade) if fades else None)


def curve_of(points: int, fade: Fade) -> Curve:
    """The worth of one deed by its age, from full at the left to what is left at the right."""
    days = {"half_life": 5 * fade.days, "window": fade.days + fade.days // 4 + 1}.get(
        fade.kind, fade.days + fade.days // 8 + 1
    )
    table = abs(worth_table(points, fade, days + 1))
    ages = sorted(
        {days * step // STEPS for step in range(STEPS + 1)} | {min(fade.days - 1, days), min(fade.days, days)}
    )
    places = [f"{WIDTH * age / days:.1f},{HEIGHT - (HEIGHT - 2) * int(table[age]) / abs(points):.1f}" for age in ages]
    return Curve("M" + " L".join(places), days)


def _counting(points: int, count: Count) -> str:
    said = {"points": _size(points), "n": count.n, "days": count.days}
    if count.kind == "once":
        return _("%(points)s points once, for the latest one.") % said
    if count.kind == "at_most":
        return (
            ngettext(
                "%(points)s points for the latest one only.", "%(points)s points for each of the latest %(n)d.", count.n
            )
            % said
        )
    if count.kind == "at_least":
        return _("%(points)s points once, while there are %(n)d of them within %(days)d days.") % said
    return _("%(points)s points every time.") % said


def _fading(points: int, count: Count, fade: Fade) -> Iterator[str]:
    if count.kind == "at_least" or points == 0:
        return
    half = _size(worth(points, fade, fade.days // 2))
    said = {"days": fade.days, "half": fade.days // 2, "left": half, "end": fade.horizon}
    if fade.kind == "window":
        yield _("All of it until day %(days)d, then nothing.") % said
    elif fade.kind == "linear":
        yield _("It fades evenly: %(left)s after %(half)d days, nothing after %(days)d.") % said
    elif fade.kind == "half_life":
        said |= {"left": _size(worth(points, fade, fade.days)), "quarter": _size(worth(points, fade, 2 * fade.days))}
        said |= {"twice": 2 * fade.days}
        yield _("It halves: %(left)s after %(days)d days, %(quarter)s after %(twice)d, nothing after %(end)d.") % said
    else:
        yield _("It never fades.")


def _capping(points: int, cap: int | None, count: Count) -> Iterator[str]:
    if cap is None:
        if count.kind == "every" and points:
            yield _("There is no limit: many of them add up without end, but for the group’s cap.")
        return
    yield from _short(points, cap)
    if points and abs(points) <= cap and count.kind in ("every", "at_most"):
        enough = -(-cap // abs(points))
        words = _("All of them together give at most %(cap)s, reached with %(n)d fresh ones.")
        taking = _("All of them together take at most %(cap)s, reached with %(n)d fresh ones.")
        yield (words if points > 0 else taking) % {"cap": _size(cap).removeprefix("+"), "n": enough}


def _short(points: int, cap: int | None) -> Iterator[str]:
    """A cap below the points cuts the very first one."""
    if cap is not None and cap < abs(points):
        said = {"points": _size(points), "cap": _size(cap if points > 0 else -cap)}
        yield _("But “at most” lies below the points: of %(points)s only %(cap)s count.") % said


def _size(hundredths: int) -> str:
    return signed_points(hundredths)


def _value(form: RuleForm, name: str) -> Any:
    """The value of a field as far as it can be read, whether typed or where the form starts from."""
    try:
        return form.fields[name].clean(form[name].value())
    except forms.ValidationError:
        return None


def _hundredths(form: RuleForm, name: str) -> int | None:
    value = _value(form, name)
    return None if value is None or abs(value) > MOST_POINTS else int(value * 100)


def _count(form: RuleForm) -> Count:
    kind, n, days = (_value(form, name) for name in ("count", "times", "within"))
    if kind == "once":
        return Count("once")
    if kind == "at_most" and n:
        return Count("at_most", n)
    return Count("at_least", n, days) if kind == "at_least" and n and days else EVERY


def _fade(form: RuleForm) -> Fade:
    kind, days = _value(form, "fade"), _value(form, "fade_days")
    return Fade(kind, days) if kind in ("window", "linear", "half_life") and days else NEVER
