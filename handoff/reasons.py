"""The reasons that ship (product.md §5, R22, R31): why sales says no, and why customers came or went."""

from django.utils.translation import gettext_noop as _

#: key, label, and what it is for: b sends back, d disqualifies, w won, l lost; D asks for a date, T for text; a number of attempts.
BUILTIN: tuple[tuple[str, str, str, int], ...] = (
    ("not_now", _("Not now"), "bD", 0),
    ("no_budget", _("No budget"), "bd", 0),
    ("no_authority", _("No authority to decide"), "b", 0),
    ("no_need", _("No need"), "bd", 0),
    ("unreachable", _("Could not be reached"), "bd", 2),
    ("outside_icp", _("Outside our customer profile"), "d", 0),
    ("competitor", _("A competitor"), "d", 0),
    ("job_seeker", _("Job seeker or student"), "d", 0),
    ("bad_data", _("Bad data"), "bd", 0),
    ("duplicate", _("Duplicate"), "d", 0),
    ("other", _("Other"), "bdT", 0),
    ("won_fit", _("Best fit for the need"), "w", 0),
    ("won_price", _("Price"), "w", 0),
    ("won_people", _("Our people and service"), "w", 0),
    ("won_reference", _("Recommended by others"), "w", 0),
    ("won_other", _("Another reason to choose us"), "wT", 0),
    ("lost_price", _("Too expensive"), "l", 0),
    ("lost_competitor", _("Chose a competitor"), "l", 0),
    ("lost_no_decision", _("No decision was made"), "l", 0),
    ("lost_timing", _("Bad timing"), "l", 0),
    ("lost_missing", _("Something was missing in the offer"), "l", 0),
    ("lost_other", _("Another reason to go"), "lT", 0),
)
