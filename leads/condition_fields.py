"""The fields that conditions may name: facts of a lead and its company (R1), and properties of an activity (R2)."""

from django.utils.translation import gettext_lazy as _

from .conditions import Field, FieldSet


def _firm(name: str, label: object, kind: str = "text") -> Field:
    """A fact that the lead or, where the lead has none, its company holds."""
    return Field(name, label, kind, paths=(name, f"company__{name}"))  # type: ignore[arg-type]


LEAD_FIELDS = FieldSet(
    Field("job_title", _("Job title"), paths=("job_title",)),
    Field("seniority", _("Seniority"), paths=("seniority",)),
    Field("department", _("Department"), paths=("department",)),
    Field("phone", _("Phone"), paths=("phone",)),
    Field("email", _("E-mail"), paths=("email_key",)),
    Field("email_domain", _("E-mail domain"), paths=("email_key",)),
    Field("first_name", _("First name"), paths=("first_name",)),
    Field("last_name", _("Last name"), paths=("last_name",)),
    Field("company", _("Company"), paths=("company__name",)),
    Field("domain", _("Company domain"), paths=("company__domain",)),
    _firm("industry", _("Industry")),
    _firm("business_type", _("Type of business")),
    _firm("employees", _("Employees"), "number"),
    _firm("revenue", _("Revenue")),
    _firm("country", _("Country")),
    _firm("city", _("City")),
    Field("source", _("Source"), paths=("source",)),
    Field("campaign", _("Campaign"), paths=("campaign",)),
    Field("latest_source", _("Latest source"), paths=("latest_source",)),
    Field("latest_campaign", _("Latest campaign"), paths=("latest_campaign",)),
    Field("consent", _("Consent"), paths=("consent",)),
    Field("external_id", _("External id"), paths=("external_id",)),
    open_ended={"custom": "custom"},
)

STAGES_OF_FUNNEL = (
    ("top", _("Top: awareness")),
    ("middle", _("Middle: consideration")),
    ("bottom", _("Bottom: decision")),
)

ACTIVITY_FIELDS = FieldSet(
    Field("type", _("Type"), paths=("type__key",)),
    Field("path", _("Path"), paths=("path",)),
    Field("url", _("Address"), paths=("url",)),
    Field("subject", _("Subject"), paths=("subject",)),
    Field("asset", _("Asset"), paths=("asset__key",)),
    Field("funnel_stage", _("Funnel stage"), "choice", STAGES_OF_FUNNEL, paths=("funnel_stage",)),
    Field("campaign", _("Campaign"), paths=("campaign",)),
    Field("source_system", _("Source system"), paths=("source_system",)),
    open_ended={"properties": "properties"},
)
