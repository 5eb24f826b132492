"""What StockWise promises: who asks to be contacted is called within five minutes, the others within a day."""

from datetime import datetime

from accounts.models import User
from handoff.models import SlaPolicy, WorkCalendar
from handoff.sla_editing import CalendarEdit, PolicyEdit, latest_change, make

FAST_TRACK = "Fast track"
ASKED = [
    {"field": "sql_cause", "op": "is", "value": "intent"},
    {"field": "activity", "op": "is", "value": "contact_requested"},
]
OFFICE = [[[8 * 60, 12 * 60], [13 * 60, 17 * 60]]] * 5 + [[], []]


def prepare(by: User, at: datetime) -> None:
    """Put both on record as a sales manager does; a second time changes nothing."""
    if SlaPolicy.objects.editable().filter(name=FAST_TRACK).exists():
        return
    office = WorkCalendar(name="Office in Warsaw", zone="Europe/Warsaw", country="PL", week=OFFICE)
    make(CalendarEdit(office), seen=latest_change(), by=by, at=at)
    reminders = {"unclaimed_after": 2, "late_every": 30, "late_times": 4}
    fast = SlaPolicy(name=FAST_TRACK, conditions=ASKED, minutes=5, **reminders)
    make(PolicyEdit(fast), seen=latest_change(), by=by, at=at)
