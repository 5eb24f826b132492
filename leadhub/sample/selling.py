"""What sales does with one handoff: who claims it, when they call, what they learn, how it ends; pure and seeded."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from .calendar import next_working_moment
from .people import Prospect
from .staff import REPS, Colleague

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Every reason for a no once, then by how common each is.
NOES = {
    "not_now": 24, "no_budget": 16, "no_authority": 10, "no_need": 14, "unreachable": 12, "outside_icp": 10, "competitor": 4,
    "job_seeker": 2, "bad_data": 4, "duplicate": 2, "other": 4,
}  # fmt: skip
DISQUALIFIES = {"outside_icp", "competitor", "job_seeker", "duplicate"}
WINS = {"won_fit": 40, "won_price": 22, "won_people": 20, "won_reference": 18}
LOSSES = {"lost_price": 30, "lost_competitor": 24, "lost_no_decision": 24, "lost_timing": 14, "lost_missing": 8}
_ACCEPTED = {"buyer": 0.6, "comparer": 0.42, "reader": 0.3}
_KINDS = {"call": 66, "email": 22, "meeting": 12}


@dataclass(frozen=True)
class Contact:
    """One try to reach the lead."""

    at: datetime
    kind: str
    result: str
    notes: str = ""


@dataclass(frozen=True)
class Sale:
    """The whole of it. `verb` is accept, send_back or disqualify; `ending` is won, lost or blank while it is open."""

    rep: Colleague
    claimed_at: datetime
    contacts: list[Contact]
    answers: dict[str, Any]
    verb: str
    decided_at: datetime
    reason: str = ""
    text: str = ""
    return_on: date | None = None
    ending: str = ""
    ended_at: datetime | None = None
    amount: Decimal | None = None
    end_reason: str = ""


def sale_of(prospect: Prospect, *, seed: int, cycle: int, turn: int, offered_at: datetime) -> Sale:
    """How the handoff goes. `turn` is its running number, so that each reason for a no comes up early."""
    rng = Random(f"{seed}:sale:{prospect.key}:{cycle}")  # noqa: S311
    rep = rng.choices(REPS, [rep.share for rep in REPS])[0]
    claimed_at = _working(rng, rep, offered_at + HOUR * _spread(rng, rep.quick))
    accepts = rng.random() < _ACCEPTED.get(prospect.kind, 0.0)
    reason = "" if accepts else _no(rng, prospect, turn)
    contacts = _contacts(rng, rep, claimed_at, reason, tries=3 if reason == "unreachable" else rng.choice((1, 1, 2)))
    decided_at = _working(rng, rep, contacts[-1].at + DAY * rng.uniform(0.1, 6))
    verb = "accept" if accepts else "disqualify" if reason in DISQUALIFIES else "send_back"
    return Sale(
        rep=rep,
        claimed_at=claimed_at,
        contacts=contacts,
        answers=_answers(rng, prospect, decided_at, reason),
        verb=verb,
        decided_at=decided_at,
        reason=reason,
        text="Merged with the group's account" if reason == "other" else "",
        return_on=(decided_at + DAY * rng.randint(30, 120)).date() if reason == "not_now" else None,
        **(_ending(rng, rep, decided_at) if accepts else {}),
    )


def _no(rng: Random, prospect: Prospect, turn: int) -> str:
    if prospect.kind == "student":
        return "job_seeker"
    return list(NOES)[turn] if turn < len(NOES) else rng.choices(list(NOES), list(NOES.values()))[0]


def _spread(rng: Random, usual: float) -> float:
    """Hours around the usual; now and then several times as many."""
    return usual * rng.lognormvariate(0, 0.8)


def _working(rng: Random, rep: Colleague, moment: datetime) -> datetime:
    """When the rep is at work; on a weekend they look in more often than not, because the clock does not stop."""
    if rng.random() < 0.6:
        hour = (moment + HOUR * rep.hour).hour
        return moment if 7 <= hour < 20 else moment + HOUR * ((8 - hour) % 24)
    return next_working_moment(moment, hour=rep.hour)


def _contacts(rng: Random, rep: Colleague, start: datetime, reason: str, *, tries: int) -> list[Contact]:
    """The tries to reach the lead; the last one does, unless nobody ever answers."""
    found, at = [], _working(rng, rep, start + HOUR * _spread(rng, 1.2))
    for number in range(1, tries + 1):
        reached = number == tries and reason != "unreachable"
        kind = rng.choices(list(_KINDS), list(_KINDS.values()))[0] if reached else rng.choice(("call", "call", "email"))
        result = (
            "reached" if reached else "left_message" if kind == "email" else rng.choice(("no_answer", "left_message"))
        )
        found.append(
            Contact(
                at,
                kind,
                result,
                _NOTES.get(reason, "Wants to see receiving and picking on handhelds.") if reached else "",
            )
        )
        at = _working(rng, rep, at + DAY * rng.uniform(0.3, 2))
    return found


_NOTES = {
    "not_now": "Budget is decided in the next quarter; call again then.",
    "no_budget": "Likes it, but there is no money for software this year.",
    "no_authority": "Collects offers for the board and cannot say who decides.",
    "no_need": "Two pallets a day; a spreadsheet will do.",
    "outside_icp": "Runs an agency, has no warehouse.",
    "competitor": "Works for a vendor of warehouse software.",
    "job_seeker": "Writes a thesis and looks for an internship.",
    "bad_data": "The number belongs to somebody else.",
    "duplicate": "We already talk with a colleague of hers.",
}


def _answers(rng: Random, prospect: Prospect, decided_at: datetime, reason: str) -> dict[str, Any]:
    """BANT as the rep would write it down after talking."""
    yes = lambda no: "no" if reason == no else rng.choice(("yes", "yes", "partly"))  # noqa: E731
    return {
        "budget": yes("no_budget"),
        "budget_amount": Decimal(rng.randrange(8, 120) * 1000),
        "budget_currency": {"Poland": "PLN", "Indonesia": "USD"}.get(prospect.firm.land.name, "EUR"),
        "budget_evidence": "Named the figure on the phone.",
        "budget_verified": "call",
        "authority": "no" if reason == "no_authority" else rng.choice(("yes", "partly")),
        "authority_role": prospect.job_title,
        "authority_verified": "call",
        "need": yes("no_need"),
        "need_evidence": rng.choice(
            (
                "Picking errors cost them a client.",
                "Stocktaking closes the warehouse for two days.",
                "Growing to a second site.",
            )
        ),
        "need_verified": "call",
        "timeline": yes("not_now"),
        "timeline_on": (decided_at + DAY * rng.randint(20, 150)).date(),
        "timeline_verified": "call",
    }


def _ending(rng: Random, rep: Colleague, decided_at: datetime) -> dict[str, Any]:
    ended_at = _working(rng, rep, decided_at + DAY * rng.uniform(14, 75))
    if rng.random() < 0.42:
        amount = Decimal(round(rng.lognormvariate(10.1, 0.7), -2)).quantize(Decimal("1.00"))
        return {
            "ending": "won",
            "ended_at": ended_at,
            "amount": amount,
            "end_reason": rng.choices(list(WINS), list(WINS.values()))[0],
        }
    return {"ending": "lost", "ended_at": ended_at, "end_reason": rng.choices(list(LOSSES), list(LOSSES.values()))[0]}
