"""Reading what a report is asked from its address; junk falls back to the default and is said in a sentence."""

from datetime import date
from typing import Any, Self

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from handoff.models import Handoff
from leads.distinct import distinct_texts
from leads.models import Lead
from leads.stages import PATH

from .periods import DEFAULT_DAYS, EARLIEST, LATEST, LONGEST_DAYS, PRESETS, Period
from .permissions import sees_own_sla_only
from .questions import COUNTED_WORDS, NONE, FunnelQuestion, SlaQuestion

CUSTOM = "custom"
_WORDS = {7: _("the last 7 days"), 28: _("the last 4 weeks"), 84: _("the last 12 weeks"), 364: _("the last 52 weeks")}


class PeriodForm(forms.Form):
    """The period of a report: a preset, or two days. GET only; every field submits the form when it changes."""

    default_days = DEFAULT_DAYS
    #: What could not be read of the address, as sentences.
    faults: list[str] = []

    period = forms.ChoiceField(
        label=_("Period"), required=False, choices=[*((str(d), _WORDS[d]) for d in PRESETS), (CUSTOM, _("these days:"))]
    )
    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, asked: Any, *, viewer: User, today: date) -> None:
        self.viewer, self.today = viewer, today
        self.asked: MultiValueDict[str, Any] = MultiValueDict({key: asked.getlist(key)[-1:] for key in asked})
        self.asked.setdefault("period", str(self.default_days))
        super().__init__(self.asked)
        for name, field in self.fields.items():
            field.widget.attrs |= {"class": _class_of(field.widget), "aria-label": field.label}
            if name not in ("first", "last"):
                field.widget.attrs["data-submit-on-change"] = ""

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("period") != CUSTOM or self.errors:
            return told
        first, last = told.get("first"), told.get("last")
        if not first or not last:
            self._default_days(told)
        elif not EARLIEST <= first <= last < LATEST:
            self.add_error("last", _t("The period must begin before it ends, after 1999 and before 2200."))
        elif (last - first).days >= LONGEST_DAYS:
            self.add_error("last", _t("A period can be at most %(days)d days long.") % {"days": LONGEST_DAYS})
        return told

    def _default_days(self, told: dict[str, Any]) -> None:
        """ "These days" without days: those of the default, ready to be changed."""
        usual = Period.last_days(self.default_days, self.today)
        told["first"], told["last"] = told.get("first") or usual.first, told.get("last") or usual.last
        self.asked["first"], self.asked["last"] = told["first"].isoformat(), told["last"].isoformat()

    @property
    def is_custom(self) -> bool:
        return bool(self.asked.get("period") == CUSTOM)

    @classmethod
    def read(cls, asked: Any, *, viewer: User, today: date) -> Self:
        """The form of an address. What cannot be read is said in `faults` and forgotten: the defaults are answered."""
        form = cls(asked, viewer=viewer, today=today)
        if form.is_valid():
            return form
        usual = cls(MultiValueDict(), viewer=viewer, today=today)
        usual.is_valid()
        usual.faults = [f"{form.fields[name].label}: {said}" for name, errors in form.errors.items() for said in errors]
        return usual

    def asked_period(self) -> tuple[Period, str]:
        """The period and, when it is a preset, its name."""
        told = self.cleaned_data
        if told["period"] == CUSTOM:
            return Period(told["first"], told["last"]), ""
        return Period.last_days(int(told["period"] or self.default_days), self.today), told["period"]


class SlaForm(PeriodForm):
    """ "Handoffs offered in … to … from …"."""

    rep = forms.TypedChoiceField(label=_("Rep"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)

    def __init__(self, asked: Any, *, viewer: User, today: date) -> None:
        super().__init__(asked, viewer=viewer, today=today)
        self.reps = {} if sees_own_sla_only(viewer) else {str(rep.pk): rep for rep in sellers()}
        self.fields["rep"].choices = [  # type: ignore[attr-defined]
            ("", _("everybody")), (NONE, _("nobody yet")), *((pk, rep.name) for pk, rep in self.reps.items())
        ]  # fmt: skip
        if not self.reps:
            del self.fields["rep"]
        self.fields["source"].choices = [("", _("any source")), *_sources(Handoff)]  # type: ignore[attr-defined]

    def question(self) -> SlaQuestion:
        period, preset = self.asked_period()
        rep = self.cleaned_data.get("rep") or None
        return SlaQuestion(self.viewer, period, preset, self.reps.get(rep or "", rep), self.cleaned_data["source"])


class SlaRowsForm(SlaForm):
    """The handoffs behind a figure: the report's question, which of them, and the hour in which they were offered."""

    only = forms.ChoiceField(label=_("Which"), required=False, choices=[("", _("Handoffs")), *COUNTED_WORDS.items()])
    hour = forms.IntegerField(label=_("Hour"), required=False, min_value=0, max_value=23, widget=forms.HiddenInput)


class FunnelForm(PeriodForm):
    """ "Leads that came in … from …"."""

    default_days = 364
    source = forms.ChoiceField(label=_("Source"), required=False)

    def __init__(self, asked: Any, *, viewer: User, today: date) -> None:
        super().__init__(asked, viewer=viewer, today=today)
        self.fields["source"].choices = [("", _("any source")), *_sources(Lead)]  # type: ignore[attr-defined]

    def question(self) -> FunnelQuestion:
        period, preset = self.asked_period()
        return FunnelQuestion(self.viewer, period, preset, self.cleaned_data["source"])


class FunnelRowsForm(FunnelForm):
    """The leads behind a figure: the report's question, the step they reached, and whether they stopped there."""

    step = forms.ChoiceField(label=_("Reached"), required=False, choices=[(stage.value, stage.label) for stage in PATH])
    stopped = forms.BooleanField(label=_("and came no further"), required=False)


def _class_of(widget: forms.Widget) -> str:
    """How a field looks within the sentence of a filter."""
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    kind = "form-select" if isinstance(widget, forms.Select) else "form-control"
    return f"{kind} {kind}-sm w-auto d-inline-block"


def sellers() -> list[User]:
    """Everybody who sells or sold here; those who left included, because their handoffs still count."""
    return list(User.objects.holding(Role.SALES_REP, Role.SALES_MANAGER))


def _sources(model: type[Handoff] | type[Lead]) -> list[tuple[str, Any]]:
    return [(source, source) if source else (NONE, _("no known source")) for source in distinct_texts(model, "source")]
