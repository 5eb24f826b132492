"""Example data of the style guide: every component in every state, with long, missing and many values."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

TONES = ["lead", "mql", "sql", "opportunity", "customer", "good", "soon", "late", "neutral", "accent"]


class ExampleForm(forms.Form):
    """One field of each kind, with help, for the look of forms."""

    name = forms.CharField(max_length=80, help_text="As it should stand on the page.")
    email = forms.EmailField(label="E-mail")
    stage = forms.ChoiceField(choices=[("lead", "Lead"), ("mql", "MQL"), ("sql", "SQL")])
    budget = forms.DecimalField(required=False, help_text="Whole currency units; leave empty if not known.")
    come_back_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    verified = forms.BooleanField(required=False, label="Verified by talk", help_text="Call, meeting or e-mail.")
    channels = forms.MultipleChoiceField(
        choices=[("call", "Call"), ("meeting", "Meeting"), ("email", "E-mail")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class ExampleFileForm(forms.Form):
    file = forms.FileField(label="CSV file", help_text="Up to 100 MB. The first line names the columns.")


def leads() -> list[dict[str, Any]]:
    """Six leads: usual, late, long names, nothing known."""
    now = timezone.now()
    reasons = [
        {"points": 25, "text": "Demo requested, 1 day ago"},
        {"points": 18, "text": "Pricing page, 4 visits this week"},
        {"points": 15, "text": "Head of operations: a decision maker"},
    ]
    rows = [
        ("Dewi Lestari", "Head of operations", "Nusantara Logistics", 92, "A1", "sql", ["Asked for a demo yesterday", "4 pricing visits this week"], 130, 1440),
        ("Piotr Wiśniewski", "Dyrektor zakupów", "Zakłady Mechaniczne Tarnów", 81, "B1", "sql", ["Downloaded the price list"], -40, 1440),
        ("Ayu Pratama", "Owner", "Kopi Senja", 88, "A2", "mql", ["Booked the offer presentation"], 300, 1440),
        (
            "Wilhelmina Aleksandrowicz-Brzęczyszczykiewicz", "Senior vice president of procurement and supply chain",
            "Przedsiębiorstwo Wielobranżowe Handlowo-Usługowe Konstantynopol sp. z o.o.", 84, "B1", "opportunity",
            ["Came back after 3 months and read the implementation guide, the security paper and two case studies", "Replied to the second e-mail"], 1200, 1440,
        ),
        ("", "", "", 0, "D3", "lead", [], None, 0),
        ("Jan Kowalski", "", "Hurtownia Alfa", 41, "C2", "lost", ["Opened three e-mails"], None, 0),
    ]  # fmt: skip
    return [
        {
            "pk": place,
            "name": name,
            "email": "anonymous.visitor@example.org" if not name else "",
            "job_title": title,
            "company": company,
            "get_absolute_url": "/design/",
            "total": total,
            "label": label,
            "stage": stage,
            "reasons": why,
            "points": reasons,
            "due_at": now + timedelta(minutes=left) if left is not None else None,
            "opened_at": now + timedelta(minutes=left - span) if left is not None else None,
        }
        for place, (name, title, company, total, label, stage, why, left, span) in enumerate(rows, start=1)
    ]


def clocks() -> list[dict[str, Any]]:
    now = timezone.now()
    day = timedelta(hours=24)
    left = {
        "good": timedelta(hours=18, minutes=20),
        "soon": timedelta(hours=2, minutes=10),
        "late": timedelta(minutes=-40),
    }
    running = [{"opened_at": now + span - day, "due_at": now + span} for span in left.values()]
    met = {"opened_at": now - day, "due_at": now - timedelta(hours=3), "met_at": now - timedelta(hours=5)}
    after = {"opened_at": now - 2 * day, "due_at": now - day, "met_at": now - timedelta(hours=22)}
    return [*running, met, after, {"opened_at": now - day, "due_at": now + day, "state": "paused"}]


def ledger_lines() -> list[dict[str, Any]]:
    return [
        {"kind": "axis", "text": "Fit", "points": 40},
        {"kind": "group", "text": "Persona"},
        {"kind": "rule", "text": "Decision maker", "points": 15, "detail": "Seniority is C-level"},
        {"kind": "rule", "text": "Operations or logistics", "points": 10},
        {"kind": "group", "text": "Company"},
        {"kind": "rule", "text": "Logistics industry", "points": 15},
        {"kind": "axis", "text": "Engagement", "points": 52},
        {"kind": "group", "text": "Intent"},
        {
            "kind": "rule",
            "text": "Demo requested",
            "events": 1,
            "points": 25,
            "detail": "Yesterday; fades over 60 days",
        },
        {"kind": "group", "text": "Web"},
        {
            "kind": "rule",
            "text": "Pricing page",
            "events": 4,
            "points": 16,
            "detail": "4 points each, half-life 30 days",
        },
        {"kind": "rule", "text": "Pricing page again and again", "events": 3, "points": 10},
        {"kind": "rule", "text": "Careers page", "events": 2, "points": -15, "detail": "A job seeker?"},
        {"kind": "rule", "text": "Webinar attended", "events": 1, "points": 18},
        {"kind": "cap", "text": "Web group cap", "points": -2},
    ]


def timeline_days() -> list[dict[str, Any]]:
    now = timezone.now()

    def entry(icon: str, text: str, hours: int, **more: Any) -> dict[str, Any]:
        return {"icon": icon, "text": text, "at": now - timedelta(hours=hours), **more}

    scans = [entry("machine", "Link scanner opened the newsletter", 27) for _ in range(6)]
    return [
        {
            "day": timezone.localdate(),
            "entries": [
                entry(
                    "call",
                    "Rita called and reached her",
                    1,
                    detail="“Wants a quote by Friday”",
                    actor="Rita Rep",
                    tone="good",
                ),
                entry("stages", "Became an SQL", 3, detail="82 points, fit 40", tone="sql"),
                entry("rocket", "Asked for a demo", 4, points=25, detail="/demo", tone="accent"),
            ],
        },
        {
            "day": (now - timedelta(days=1)).date(),
            "entries": [
                entry("web", "Visited the pricing page 4 times", 25, points=16, href="/design/"),
                entry("job", "Visited the careers page", 26, points=-10),
                entry("mail-opened", "Opened “Five ways to shorten a route”", 28, points=1),
            ],
            "machine": scans,
        },
    ]


CHARTS: dict[str, dict[str, Any]] = {
    "bar": {
        "type": "bar", "categories": ["W42", "W43", "W44", "W45", "W46", "W47"], "unit": "%",
        "series": [{"name": "SLA met", "data": [71, 78, 74, 83, 80, 87], "tone": "accent"}],
        "targets": [{"value": 85, "name": "Target 85%"}], "links": ["/design/?week=42"] * 6,
    },
    "stacked-bar": {
        "type": "stacked-bar", "categories": ["Rita", "Sam", "Tomasz", "Unclaimed"], "unit": "",
        "series": [
            {"name": "In time", "data": [18, 22, 9, 0], "tone": "good"},
            {"name": "Late but done", "data": [3, 1, 4, 0], "tone": "soon"},
            {"name": "Late now", "data": [1, 0, 2, 3], "tone": "late"},
        ],
    },
    "line": {
        "type": "line", "categories": ["Jun", "Jul", "Aug", "Sep", "Oct", "Nov"], "unit": "h",
        "series": [
            {"name": "Median first follow-up", "data": [14, 12.5, 11, 12, 9.5, 8]},
            {"name": "Year before", "data": [20, 19, None, 18, 17, 18], "tone": "compare"},
        ],
    },
    "funnel": {
        "type": "funnel", "categories": ["Leads", "MQL", "SQL", "Opportunity", "Customer"], "unit": "",
        "series": [{"name": "Cohort of June", "data": [1240, 312, 118, 54, 19], "tones": ["lead", "mql", "sql", "opportunity", "customer"]}],
    },
    "diverging-bar": {
        "type": "diverging-bar", "unit": "", "categories": ["Demo requested", "Pricing page", "Webinar attended", "E-mail opened", "Careers page"],
        "series": [{"name": "Points", "data": [25, 20, 12, 2, -20], "tone": "accent"}],
    },
    "histogram": {
        "type": "histogram", "categories": [str(score) for score in range(0, 150, 10)], "unit": "",
        "series": [
            {"name": "Published", "data": [310, 420, 510, 480, 390, 300, 240, 170, 120, 80, 44, 20, 9, 3, 1], "tone": "neutral"},
            {"name": "Draft", "data": [290, 400, 500, 470, 400, 330, 260, 190, 130, 84, 50, 24, 10, 4, 1], "tone": "accent"},
        ],
    },
}  # fmt: skip
