"""Forms of the leads room. They validate and never write."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Field, Fieldset, Layout, Row
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.addresses import check_email

from .models import ActivityType, Asset, Company, CustomField, Lead
from .models.activity import Category
from .naming import clean_domain

PERSON_FACTS = ("email", "phone", "first_name", "last_name", "job_title", "seniority", "department")
FIRM_FACTS = ("industry", "business_type", "employees", "revenue", "country", "city")
ORIGIN_FACTS = ("source", "campaign", "consent", "external_id")
BIGGEST_NUMBER = 2_147_483_647
#: What asks for the duplicate hint while it is typed.
TELLING = ("email", "first_name", "last_name", "company")


def model_field(model: type[models.Model], name: str, **options: Any) -> Any:
    """The form's field for a column, with its label and limits."""
    if name == "employees":
        options["max_value"] = BIGGEST_NUMBER
    return model._meta.get_field(name).formfield(**{"required": False} | options)  # type: ignore[union-attr]


def plain_helper(*rows: Any) -> FormHelper:
    """A layout whose `<form>` tag and buttons are written by `form_page`."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if rows:
        helper.layout = Layout(*rows)
    return helper


def pair(left: str, right: str) -> Row:
    return Row(Column(left), Column(right))


class LeadForm(forms.Form):
    """Every fact of a lead and its company, custom ones as `custom_KEY`. `facts()` is what `lead.edit` takes."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=80)
    company = forms.CharField(label=_("Company"), required=False, max_length=200)

    def __init__(self, *args: Any, lead: Lead | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lead = lead
        self.custom = list(CustomField.objects.all())
        for name in (*PERSON_FACTS, *FIRM_FACTS, *ORIGIN_FACTS):
            self.fields[name] = model_field(Lead, name)
        for custom in self.custom:
            self.fields[f"custom_{custom.key}"] = forms.CharField(label=custom.label, required=False, max_length=500)
        self.fields["email"].widget.input_type = "email"
        self.fields["phone"].widget.input_type = "tel"
        for name in TELLING:
            self.fields[name].widget.attrs |= _asks_for_twins(lead)
        self.fields["company"].widget.attrs["list"] = "known-companies"
        self.helper = self._layout()

    def _layout(self) -> FormHelper:
        parts = [
            Fieldset(_("Person"), "seen", pair("email", "phone"),
                     pair("first_name", "last_name"), pair("job_title", "department"), "seniority"),
            Fieldset(_("Company"), "company", pair("industry", "business_type"), pair("employees", "revenue"), pair("country", "city")),
            Fieldset(_("Where from"), pair("source", "campaign"), pair("consent", "external_id")),
        ]  # fmt: skip
        if self.custom:
            parts.append(Fieldset(_("Custom fields"), *(Field(f"custom_{custom.key}") for custom in self.custom)))
        return plain_helper(*parts)

    def clean_email(self) -> str:
        typed = self.cleaned_data["email"]
        return check_email(typed) if typed else ""

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not (said.get("email") or said.get("external_id")) and not self.errors:
            self.add_error(
                "email",
                ValidationError(
                    _("Give an e-mail address or an external id: a lead must be known by one."), code="identity"
                ),
            )
        return said

    def facts(self) -> dict[str, Any]:
        """The facts as typed, blanks included."""
        said = self.cleaned_data
        names = (*PERSON_FACTS, *FIRM_FACTS, *ORIGIN_FACTS, "company")
        return {name: said[name] for name in names} | {
            "custom": {one.key: said[f"custom_{one.key}"] for one in self.custom}
        }


def _asks_for_twins(lead: Lead | None) -> dict[str, str]:
    url = reverse("lead_twins") + (f"?but={lead.pk}" if lead else "")
    return {
        "hx-get": url,
        "hx-trigger": "input changed delay:400ms",
        "hx-include": "closest form",
        "hx-target": "#twins",
        "autocomplete": "off",
    }


def facts_of(lead: Lead) -> dict[str, Any]:
    """What the form shows of a lead: its own facts, else its company's."""
    firm = lead.company
    shown = {name: getattr(lead, name) for name in (*PERSON_FACTS, *ORIGIN_FACTS)}
    shown |= {name: _effective(lead, firm, name) for name in FIRM_FACTS}
    return (
        shown | {"company": firm.name if firm else ""} | {f"custom_{key}": value for key, value in lead.custom.items()}
    )


def _effective(lead: Lead, firm: Company | None, name: str) -> Any:
    own = getattr(lead, name)
    return own if own not in ("", None) or firm is None else getattr(firm, name)


class CompanyForm(forms.Form):
    """The facts of a company."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=80)

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        for name in ("name", "domain", *FIRM_FACTS):
            self.fields[name] = model_field(Company, name, required=name == "name")
        self.helper = plain_helper(
            "seen",
            pair("name", "domain"),
            pair("industry", "business_type"),
            pair("employees", "revenue"),
            pair("country", "city"),
        )

    def clean_domain(self) -> str | None:
        typed = self.cleaned_data["domain"]
        if not typed:
            return None
        domain = clean_domain(typed)
        if domain is None:
            raise ValidationError(
                _("“%(typed)s” is no domain such as example.com."), params={"typed": typed[:80]}, code="domain"
            )
        other = Company.objects.filter(domain=domain).exclude(pk=self.company.pk).first()
        if other:
            raise ValidationError(
                _("%(company)s has this domain already."), params={"company": other.name}, code="taken"
            )
        return domain

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("name", "domain", *FIRM_FACTS)}


class ReasonForm(forms.Form):
    """Why a stage is changed by hand; a reason is required and kept in the history."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    helper = plain_helper("reason")


class NoteForm(forms.Form):
    """What sales should know with a hand-over."""

    reason = forms.CharField(
        label=_("Note for sales"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Why now, and what was agreed. Sales reads it first."),
    )  # fmt: skip
    helper = plain_helper("reason")


class ActivityForm(forms.Form):
    """One deed logged by hand."""

    type = forms.ModelChoiceField(label=_("What happened"), queryset=ActivityType.objects.none(), empty_label=None)
    at = forms.DateTimeField(
        label=_("When"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    subject = forms.CharField(label=_("About"), required=False, max_length=300)
    asset = forms.ModelChoiceField(
        label=_("Content"), queryset=Asset.objects.all(), required=False, empty_label=_("None")
    )
    helper = plain_helper("type", "at", "subject", "asset")

    def __init__(self, *args: Any, by_sales: bool, now: Any, **kwargs: Any) -> None:
        """`by_sales`: whether calls, meetings and e-mails of sales may be logged here; an open handoff logs its own."""
        super().__init__(*args, **kwargs)
        self.now = now
        types = ActivityType.objects.all()
        self.fields["type"].queryset = types if by_sales else types.exclude(category=Category.SALES)  # type: ignore[attr-defined]

    def clean_at(self) -> Any:
        at = self.cleaned_data["at"]
        if at > self.now:
            raise ValidationError(_("This lies in the future."), code="future")
        if at.year < 2000:
            raise ValidationError(_("This lies before the year 2000."), code="early")
        return at


class ActivityTypeForm(forms.ModelForm):
    """A kind of deed. The key is what files and the API say; it never changes once it exists."""

    class Meta:
        model = ActivityType
        fields = ("label", "key", "category", "funnel_stage", "shows_intent")
        help_texts: Mapping[str, Any] = {
            "key": _("What files and the API say, such as webinar_attended. It cannot be changed later."),
            "shows_intent": _("Such a deed can make a lead SQL by itself, when the definition says so."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        if self.instance.pk:
            self.fields["key"].disabled = True
        if self.instance.is_builtin:
            self.fields["label"].disabled = True


class AssetForm(forms.ModelForm):
    """A piece of content."""

    class Meta:
        model = Asset
        fields = ("key", "kind", "url", "funnel_stage")
        help_texts: Mapping[str, Any] = {
            "key": _("The name that files and the API say."),
            "funnel_stage": _("Outranks the funnel stage of the activity's type. Empty: the type's."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        if self.instance.pk:
            self.fields["key"].disabled = True


class CustomFieldForm(forms.ModelForm):
    """A fact added without code."""

    class Meta:
        model = CustomField
        fields = ("label", "key")
        help_texts: Mapping[str, Any] = {
            "key": _("Letters, digits, - and _. Rules and files say custom.KEY; it cannot be changed later."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
        if self.instance.pk:
            self.fields["key"].disabled = True
