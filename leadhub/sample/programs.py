"""The programs of the sample company: one that has run for a month, and the draft of another."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from nurture import entering, planning, programs
from nurture.models import Email, Letter, Program
from nurture.settling import settle

DAY = timedelta(days=1)
NAME = "From first guide to a demo"
_WEEK = {"zone": "lead", "days": [0, 1, 2, 3, 4], "opens": 8 * 60, "closes": 18 * 60, "country": "", "own_days": []}


def write_programs(mona: User, two: tuple[User, User], at: datetime) -> None:
    """Write both; two people let the first count, since it concerns many."""
    guide, peak, question = Email.objects.finished().order_by("pk")[:3]
    steps = [
        {"key": "s1", "kind": "email", "email": guide.pk},
        {"key": "s2", "kind": "wait", "how": "for", "minutes": 4 * 24 * 60},
        {"key": "s3", "kind": "branch", "by": "letter", "letter": "s1", "did": "click",
         "yes": [{"key": "s4", "kind": "notify", "person": mona.pk, "text": "read on after the guide"}],
         "no": [{"key": "s5", "kind": "email", "email": peak.pk}]},
        {"key": "s6", "kind": "wait", "how": "weekday", "weekday": 1, "time": 9 * 60 + 30},
        {"key": "s7", "kind": "email", "email": question.pk},
    ]  # fmt: skip
    entry = {"by": "stage", "stage": "mql", "present": True, "again": True}
    _write(NAME, mona, at, {"steps": steps, "made": 7, "entry": entry, "hours": _WEEK, "hold_out": 10})
    program = Program.objects.get(name=NAME)
    for person in two:  # many are concerned: two look
        if program.activate(by=person, at=at, reason="For everybody who has read a guide"):
            break
    back = {"by": "recycled", "reason": "", "present": False, "again": True}
    again = [{"key": "s1", "kind": "wait", "how": "for", "minutes": 30 * 24 * 60}, {"key": "s2", "kind": "email", "email": question.pk}]  # fmt: skip
    _write(
        "Sent back by sales: ask again", mona, at + 12 * DAY, {"steps": again, "made": 2, "entry": back, "hours": _WEEK}
    )


def _write(name: str, by: User, at: datetime, said: dict[str, Any]) -> None:
    draft = programs.begin(name=name, priority=50, by=by, at=at).draft()
    if draft:
        draft.write(draft.document | said)


def go_round(at: datetime) -> Callable[[], Any]:
    """What the sweeper does at that moment where no mail server is: nothing leaves, letters are shown."""

    def act() -> None:
        entering.enter_all(at)
        planning.advance(at)
        settle(list(Letter.objects.unsettled().values_list("pk", flat=True)), Letter.State.SHOWN, at=at)

    return act
