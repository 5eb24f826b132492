"""What keeps a letter from being finished. What is only worth a thought is in `letter_hints`. Pure."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from .letter_markdown import letter_of
from .merge_language import MergeFault, check
from .writing import NOWHERE, Version, as_finished, subject_of, write


def faults_of(version: Version, fields: Collection[str]) -> list[str]:
    """All that is wrong with a version, as sentences; none when it can be finished. `fields` are the merge fields there are."""
    faults = [] if version.subject.strip() else [_("It has no subject yet.")]
    faults += [] if version.body.strip() else [_("It says nothing yet.")]
    named = (
        (_("Subject"), version.subject),
        (_("Second subject"), version.subject_b),
        (_("Preview text"), version.preview_text),
        (_("Text"), version.body),
    )
    merging = [f"{name}: {fault}" for name, source in named if (fault := _merge_fault(source, fields))]
    faults += merging + letter_of(version.body).faults
    if not faults:
        faults = _hollow(version, fields) or _unwritable(version, fields)
    return list(dict.fromkeys(faults))


def _merge_fault(source: str, fields: Collection[str]) -> str:
    try:
        check(source, fields)
    except MergeFault as fault:
        return str(fault)
    return ""


def _unwritable(version: Version, fields: Collection[str]) -> list[str]:
    """What would only be found out when it is written: for nobody known and for somebody with long names."""
    try:
        ready = as_finished(version)
        for value in ("", "x" * 200):
            write(ready, dict.fromkeys(fields, value), addresses=NOWHERE)
    except MergeFault as fault:
        return [str(fault)]
    return []


def _hollow(version: Version, fields: Collection[str]) -> list[str]:
    """A subject that is blank for leads of whom nothing is known."""
    nothing = dict.fromkeys(fields, "")
    blank = [
        name
        for name, variant, source in (
            (_("The subject"), "a", version.subject),
            (_("The second subject"), "b", version.subject_b),
        )
        if source.strip() and not subject_of(version, nothing, variant)
    ]
    return [
        _("%(subject)s is blank where nothing is known of the lead; give its merge fields fallbacks.")
        % {"subject": one}
        for one in blank
    ]
