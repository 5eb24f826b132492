"""Reading what the replay is asked: whose moments, which version, and the acceptance and volume that are wanted."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from scoring.models import ModelState, ScoringModel

from .forms import PeriodForm
from .replay_moments import HANDOFFS, KINDS
from .replay_page import ReplayQuestion

#: Versions offered to compare with: the newest.
OFFERED = 50
USUAL_ACCEPTANCE = 60


class ReplayForm(PeriodForm):
    """ "Handoffs to sales in … by version …; acceptance of … %, … a week for each rep"."""

    default_days = 364
    of = forms.ChoiceField(label=_("Which moments"), required=False, choices=list(KINDS.items()))
    version = forms.ChoiceField(label=_("Version"), required=False)
    acceptance = forms.IntegerField(
        label=_("Wanted acceptance in percent"), required=False, min_value=1, max_value=100, widget=forms.NumberInput
    )
    volume = forms.IntegerField(
        label=_("Wanted number a week for each rep"), required=False, min_value=1, max_value=1_000
    )
    flips = forms.IntegerField(required=False, min_value=1, max_value=1_000, widget=forms.HiddenInput)

    def __init__(self, asked: Any, *, viewer: User, today: date) -> None:
        super().__init__(asked, viewer=viewer, today=today)
        self.asked.setdefault("acceptance", str(USUAL_ACCEPTANCE))
        rows = list(ScoringModel.objects.only("version", "name", "state")[:OFFERED])
        drafts = [row for row in rows if row.state in (ModelState.DRAFT, ModelState.PROPOSED)]
        now = [row for row in rows if row.state == ModelState.PUBLISHED]
        self.usual = str(next(iter([*drafts, *now, *rows])).version) if rows else ""
        self.asked.setdefault("version", self.usual)
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            (str(row.version), f"{row}, {row.get_state_display().lower()}") for row in rows
        ]

    def question(self) -> ReplayQuestion:
        told = self.cleaned_data
        period, preset = self.asked_period()
        return ReplayQuestion(
            self.viewer, period, preset, told["of"] or HANDOFFS, told["version"] or self.usual,
            told["acceptance"] or USUAL_ACCEPTANCE, told["volume"], told["flips"] or 1,
        )  # fmt: skip
