"""The canonical columns, and under which names HubSpot, Salesforce, Meta and others write them."""

import re
import unicodedata

LEADS = (
    "email", "external_id", "first_name", "last_name", "job_title", "seniority", "department", "phone", "company", "domain",
    "industry", "business_type", "employees", "revenue", "country", "city", "source", "campaign", "created_at", "consent",
)  # fmt: skip
ACTIVITIES = (
    "email", "lead_external_id", "type", "occurred_at", "subject", "url", "asset", "campaign", "funnel_stage", "source_system",
    "external_id", "properties", "verdict",
)  # fmt: skip
#: Besides the canonical ones, a lead's column may be the whole name.
FULL_NAME = "full_name"
_LEADS: dict[str, str] = {
    "email": "e mail|email address|e mail address|mail|work email|business email|contact email|email 1 value|adres e mail|alamat email|emailadresse",
    "external_id": "external id|contact id|lead id|leadid|contactid|record id|prospect id|person id|customer id|hs object id|crm id",
    "first_name": "first name|firstname|given name|vorname|imie|nama depan|fname",
    "last_name": "last name|lastname|surname|family name|nachname|nazwisko|nama belakang|lname",
    FULL_NAME: "full name|name|contact name|lead name|your name|imie i nazwisko|nama|nama lengkap",
    "job_title": "job title|title|jobtitle|position|role|stanowisko|jabatan|berufsbezeichnung",
    "seniority": "seniority|seniority level|job level|employment seniority",
    "department": "department|dept|abteilung|dzial|departemen|job function",
    "phone": "phone|phone number|telephone|tel|mobile|mobile phone|mobile phone number|work phone|telefon|telepon|no hp",
    "company": "company|company name|account|account name|company account|organization|organisation|firma|employer|perusahaan|associated company",
    "domain": "domain|company domain|company domain name|website|website url|web site|company website",
    "industry": "industry|branche|branza|industri|sector",
    "business_type": "business type|type of business|company type|account type",
    "employees": "employees|number of employees|no of employees|employee count|company size|numemployees|employee band|employee range|headcount|mitarbeiter",
    "revenue": "revenue|annual revenue|umsatz|annualrevenue|revenue band|revenue range|estimated revenue band",
    "country": "country|country region|land|kraj|negara|country code",
    "city": "city|town|stadt|ort|miasto|kota|mailing city",
    "source": "source|lead source|original source|original source type|utm source|leadsource|hs analytics source|platform",
    "campaign": "campaign|campaign name|utm campaign|first touch converting campaign|primary campaign",
    "created_at": "created at|created|create date|created date|created time|creation date|date created|createdate|erstellt am|lead created at|data utworzenia",
    "consent": "consent|marketing consent|gdpr consent|legal basis|opt in|consent status",
}  # fmt: skip
_ACTIVITIES: dict[str, str] = {
    "email": _LEADS["email"] + "|lead email|user email|recipient",
    "lead_external_id": "lead external id|lead id|contact id|prospect id|leadid|contactid|user id|person id",
    "type": "type|event|event name|activity|activity type|event type|action",
    "occurred_at": "occurred at|timestamp|time|date|datetime|event time|event timestamp|activity date|created at|created time|start time|occurred",
    "subject": "subject|title|detail|description|name|page title|email subject|activity subject",
    "url": "url|page url|link|page|address|landing page|location",
    "asset": "asset|content|asset name|content name|file name|document",
    "campaign": "campaign|campaign name|utm campaign",
    "funnel_stage": "funnel stage",
    "source_system": "source system|system|dataset|origin|source",
    "external_id": "external id|event id|activity id|message id|uuid",
    "properties": "properties|payload|metadata|data",
    "verdict": "verdict",
}  # fmt: skip
#: What other systems call our types of activity.
TYPE_NAMES: dict[str, str] = {
    folded: ours
    for ours, names in {
        "form_submitted": "form submit|form submission|form filled|form fill|submitted form",
        "content_downloaded": "content download|download|asset downloaded|file downloaded|whitepaper downloaded|ebook downloaded",
        "newsletter_subscribed": "newsletter signup|subscribe|subscribed|newsletter subscription",
        "cart_added": "add to cart|added to cart",
        "webinar_registered": "webinar registration|webinar signup",
        "webinar_attended": "webinar attendance|attended webinar",
        "event_attended": "event attendance|attended event",
        "page_visit": "page view|pageview|page viewed|page visited|visit|page|viewed page|visited page",
        "email_opened": "email open|open|opened|opened email|mail open",
        "email_clicked": "email click|click|clicked|clicked email|email link clicked|link click",
        "email_replied": "email reply|reply|replied",
        "social_liked": "social like|like",
        "social_commented": "social comment|comment",
        "social_shared": "social share|share",
        "ad_clicked": "ad click",
        "software_downloaded": "software download|demo software downloaded",
        "demo_requested": "demo request|request demo|requested demo",
        "demo_cancelled": "demo cancel|demo canceled|demo cancellation",
        "trial_requested": "trial request|trial start|trial started|free trial",
        "contact_requested": "contact request|contact form|contact us",
        "price_list_downloaded": "price list download|pricing downloaded",
        "sales_call": "call|phone call|call logged",
        "sales_meeting": "meeting|meeting held",
        "sales_email": "one to one email|sales mail",
    }.items()
    for folded in names.split("|")
}
_WORDS = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "Ø": "O", "đ": "d", "æ": "ae"})


def folded(name: str) -> str:
    """A column's name as it is compared: no accents, no case, words parted by one space."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return _WORDS.sub(" ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain).lower()).strip()


def slug(name: str) -> str:
    """A key for a custom field or property, made from a column's name."""
    return folded(name).replace(" ", "_")[:60].strip("_")


def matched(header: list[str], kind: str) -> dict[str, str]:
    """Which column is which canonical one, by its name; the best name wins, and each canonical one is given once."""
    names = {"leads": _LEADS, "activities": _ACTIVITIES}[kind]
    by_folded: dict[str, str] = {}
    for column in header:
        by_folded.setdefault(folded(column).replace(" ", ""), column)
    found: dict[str, str] = {}
    for target, known in names.items():
        for name in (target.replace("_", " "), *known.split("|")):
            known_as = by_folded.get(name.replace(" ", ""))
            if known_as and known_as not in found:
                found[known_as] = target
                break
    if kind == "leads" and FULL_NAME in found.values() and {"first_name", "last_name"} & set(found.values()):
        found = {column: target for column, target in found.items() if target != FULL_NAME}
    return found
