"""Hours of before become windows of the week: one on each chosen day, a night's on the two days it touches."""

from datetime import time
from typing import Any

from django.db import migrations

DAY = 24 * 60


def week_of(days: list[int], opens: time | None, closes: time | None) -> list[list[list[int]]]:
    """Nothing said is any hour; no day chosen was every day."""
    if not days and opens is None:
        return []
    first, last = (moment.hour * 60 + moment.minute if moment else 0 for moment in (opens, closes))
    week: list[list[list[int]]] = [[] for _day in range(7)]
    for day in sorted(set(days)) or range(7):
        if opens is None or first == last:
            week[day] = [[0, DAY]]
        elif first < last:
            week[day] += [[first, last]]
        else:
            week[day] += [[first, DAY]]
            week[(day + 1) % 7] += [[0, last]] if last else []
    return [sorted(windows) for windows in week]


def convert(apps: Any, _schema_editor: Any) -> None:
    for seat in apps.get_model("handoff", "Seat").objects.iterator():
        seat.week = week_of(seat.days, seat.opens, seat.closes)
        seat.save(update_fields=["week"])


class Migration(migrations.Migration):
    dependencies = [
        ("handoff", "0021_seats_have_a_week"),
    ]

    operations = [migrations.RunPython(convert, migrations.RunPython.noop)]
