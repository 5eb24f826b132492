"""A scoring model of 40 rules with every kind of count and fade, as the document that it is."""

from typing import Any

PAGES = ("/pricing", "/product", "/blog", "/careers", "/docs", "/customers", "/compare", "/webinars", "/demo", "/about")
HALF, LINEAR, WINDOW = (
    {"kind": "half_life", "days": 30},
    {"kind": "linear", "days": 180},
    {"kind": "window", "days": 90},
)
ONCE, TWICE = {"kind": "once"}, {"kind": "at_most", "n": 2}
SENIORITY = ("C-level", "VP", "Director", "Manager", "Specialist", "Intern")
INDUSTRIES = ("Software", "Logistics", "Retail", "Manufacturing", "Finance", "Education")


def document() -> dict[str, Any]:
    """12 fit rules and 28 engagement rules."""
    return {
        "name": "Benchmark",
        "axes": {
            "fit": {"floor": -50, "cap": 50, "labels": {"A": 40, "B": 25, "C": 10}},
            "engagement": {"floor": -50, "cap": 100, "labels": {"1": 60, "2": 25}},
        },
        "groups": [
            {"key": "persona", "axis": "fit", "floor": -20, "cap": 30},
            {"key": "firm", "axis": "fit", "cap": 30},
            {"key": "web", "axis": "engagement", "floor": -20, "cap": 40},
            {"key": "deeds", "axis": "engagement", "cap": 70},
        ],
        "rules": [*_fit_rules(), *_web_rules(), *_deed_rules()],
        "definitions": {
            "mql": {"total": 70, "fit": 10, "active_within_days": 90, "leave_total": 60, "min_stay_days": 3},
            "sql": {"total": 120, "fit": 20},
        },
    }


def _fit_rules() -> list[dict[str, Any]]:
    people = [
        ("persona", "seniority", value, points)
        for value, points in zip(SENIORITY, (20, 15, 10, 5, 3, -15), strict=True)
    ]
    firms = [
        ("firm", "industry", value, points) for value, points in zip(INDUSTRIES[:5], (10, 8, 6, 4, 2), strict=True)
    ]
    named = [
        {
            "key": f"{field}-{value}",
            "group": group,
            "points": points,
            "when": [{"field": field, "op": "is", "value": value}],
        }
        for group, field, value, points in (*people, *firms)
    ]
    size = {"field": "employees", "op": "between", "value": [50, 1000]}
    return [*named, {"key": "size", "group": "firm", "points": 12, "when": [size]}]


def _web_rules() -> list[dict[str, Any]]:
    """Ten about pages; four more ask for repeated visits."""
    points = (4, 2, 0.5, -10, 0.3, 1, 1.5, 1, 3, 0.2)
    fades = (
        HALF,
        LINEAR,
        WINDOW,
        {"kind": "window", "days": 180},
        HALF,
        LINEAR,
        HALF,
        WINDOW,
        LINEAR,
        {"kind": "never"},
    )
    counts = ({"kind": "every"}, {"kind": "every"}, {"kind": "at_most", "n": 20}, TWICE, *[{"kind": "every"}] * 6)
    visits = [
        _deed("page", page, "web", worth, fade, count, path=page)
        for page, worth, fade, count in zip(PAGES, points, fades, counts, strict=True)
    ]
    return visits + [
        _deed("again", page, "web", 5, {"kind": "never"}, {"kind": "at_least", "n": 3, "days": 14}, path=page)
        for page in PAGES[:4]
    ]


def _deed_rules() -> list[dict[str, Any]]:
    kinds = {
        "email_opened": (0.5, HALF, {"kind": "every"}), "email_clicked": (2, HALF, {"kind": "every"}),
        "email_replied": (8, LINEAR, TWICE), "form_submitted": (6, LINEAR, {"kind": "every"}),
        "content_downloaded": (5, HALF, {"kind": "every"}), "newsletter_subscribed": (4, {"kind": "never"}, ONCE),
        "webinar_registered": (6, WINDOW, TWICE), "webinar_attended": (10, HALF, TWICE),
        "social_liked": (0.5, WINDOW, {"kind": "at_most", "n": 10}), "ad_clicked": (1, LINEAR, {"kind": "every"}),
        "demo_requested": (35, LINEAR, ONCE), "contact_requested": (40, LINEAR, ONCE), "demo_cancelled": (-20, WINDOW, ONCE),
        "price_list_downloaded": (12, HALF, ONCE),
    }  # fmt: skip
    return [_deed("deed", kind, "deeds", points, fade, count) for kind, (points, fade, count) in kinds.items()]


def _deed(what: str, name: str, group: str, points: float, fade: Any, count: Any, *, path: str = "") -> dict[str, Any]:
    if path:
        when = [{"field": "path", "op": "starts_with", "value": path}]
        activity: dict[str, Any] = {"types": ["page_visit"], "when": when}
    else:
        activity = {"types": [name]}
    fading = {} if count["kind"] == "at_least" else {"fade": fade, "cap": 30}
    return {"key": f"{what}-{name}", "group": group, "points": points, "activity": activity, "count": count} | fading


#: Types of activities and how often each happens.
HAPPENS = {
    "page_visit": 60, "email_opened": 20, "email_clicked": 6, "email_replied": 0.5, "form_submitted": 1, "ad_clicked": 3,
    "content_downloaded": 2, "newsletter_subscribed": 1, "webinar_registered": 1, "webinar_attended": 0.6,
    "social_liked": 3, "demo_requested": 0.2, "contact_requested": 0.1, "demo_cancelled": 0.05, "price_list_downloaded": 0.5,
}  # fmt: skip
