"""The next best action on a lead page: one primary button, from the person's role and where the lead stands."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from leads.stages import Stage


@dataclass(frozen=True)
class NextStep:
    """What to press, and why. `view` is the name of an address that takes the lead's id, and `move` its stage verb if any."""

    label: str
    view: str
    why: str
    icon: str
    move: str = ""


@dataclass(frozen=True)
class Standing:
    """What decides the next step: the lead's stage, its open handoff if any, and what the person may do."""

    stage: str
    may_claim: bool = False
    may_hand_over: bool = False
    may_promote: bool = False
    may_revive: bool = False
    may_edit: bool = False
    is_waiting: bool = False
    is_mine: bool = False
    is_followed_up: bool = False


def next_step(now: Standing) -> NextStep | None:
    """The one thing to do next, or None when it is somebody else's turn."""
    return _for_sales(now) or _for_marketing(now) or _for_anyone(now)


def _for_sales(now: Standing) -> NextStep | None:
    if now.is_waiting and now.may_claim:
        return NextStep(_("Claim"), "handoff_claim", _("Nobody has taken this lead yet."), "claim")
    if now.is_mine and not now.is_followed_up:
        return NextStep(
            _("Log the first contact"), "lead_handoff", _("A logged call, meeting or e-mail stops the clock."), "call"
        )
    if now.is_mine and now.stage == Stage.SALES_QUALIFIED:
        return NextStep(_("Qualify"), "lead_handoff", _("Budget, authority, need and timeline decide."), "check-list")
    return None


def _for_marketing(now: Standing) -> NextStep | None:
    if now.stage == Stage.MARKETING_QUALIFIED and now.may_hand_over:
        return NextStep(
            _("Hand over to sales"),
            "lead_stage",
            _("This lead is MQL: say why now, and sales takes it on."),
            "hand-over",
            "hand-over",
        )
    if now.stage == Stage.LEAD and now.may_promote:
        return NextStep(
            _("Make MQL"),
            "lead_stage",
            _("The score has not made it an MQL; you may, with a reason."),
            "arrow-up",
            "promote",
        )
    if now.may_revive:
        return NextStep(_("Bring back"), "lead_stage", _("A new cycle begins; the history stays."), "refresh", "revive")
    return None


def _for_anyone(now: Standing) -> NextStep | None:
    if now.may_edit:
        return NextStep(_("Log activity"), "lead_log", _("Keep what you know of this lead complete."), "plus")
    return None
