"""Changing a draft: each change is made on its document, read again as a whole, and stored only if nothing is wrong with it."""

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.face import wording
from accounts.models import User

from . import steps
from .definition_reading import ModelFault, parse
from .differences import differences, sentences_of
from .models import ModelState, ScoringModel
from .sentences import type_labels
from .versions import ModelRefused

Document = dict[str, Any]
#: Changes a document, and may say in words what it did, where the words for the difference would not do.
Change = Callable[[Document], str | None]


class DraftMoved(ModelRefused):
    """The draft was changed since it was opened; the text says by whom and when.

    `mark` is how it is now, `would` says in words what saving again would change in it, `overtaken` says only who and when.
    """

    def __init__(self, draft: ScoringModel, now: datetime, would: list[str]) -> None:
        who = draft.changed_by.name if draft.changed_by else _("Somebody")
        said = {"who": who, "when": wording.moment(draft.updated_at, now)}
        self.mark, self.would = mark_of(draft), would
        self.overtaken = _("%(who)s changed this draft (%(when)s) after you opened it.") % said
        kept = _("What you typed is still here: look at what saving it would change now, then save again.")
        super().__init__(f"{self.overtaken} {kept}")


def change(
    version: ScoringModel,
    make: Change,
    *,
    seen: str,
    at: datetime,
    by: User | None = None,
) -> tuple[ScoringModel, Document]:
    """Make one change to a draft that still is as it was `seen`; the draft, and its document before.

    It is a step that can be undone.
    Raises `ModelFault` with all that would be wrong with it, `DraftMoved`, or `ModelRefused` for what is no draft.
    """
    with transaction.atomic():
        locked = ScoringModel.objects.select_for_update().get(pk=version.pk)
        if locked.state != ModelState.DRAFT:
            raise ModelRefused(_("Only a draft can be changed. Make a new draft from this version."))
        if seen and seen != mark_of(locked):
            raise DraftMoved(locked, at, _would(locked, make))
        before, document = ScoringModel(document=locked.document), deepcopy(locked.document)
        what = make(document) or ""
        model = parse(document)
        locked.document, locked.name, locked.updated_at, locked.changed_by = document, model.name, at, by
        locked.save(update_fields=["document", "name", "updated_at", "changed_by"])
        locked.__dict__.pop("model", None)
        if before.document != document:
            steps.record(locked, before, what, by=by, at=at)
        return locked, before.document


def _would(draft: ScoringModel, make: Change) -> list[str]:
    """What the change would do to the draft as it is now, in words; nothing where it cannot be made any more."""
    document = deepcopy(draft.document)
    try:
        make(document)
        found = differences(draft.model, parse(document), type_labels())
    except (ModelFault, ModelRefused):
        return []
    return [sentence for one in found for sentence in sentences_of(one)]


def mark_of(version: ScoringModel) -> str:
    """What tells one moment of a draft from another."""
    return version.updated_at.isoformat()


def place_of(document: Document, key: str) -> int | None:
    """Where the rule stands among the rules, or None."""
    return next((n for n, rule in enumerate(document.get("rules", [])) if rule.get("key") == key), None)


def put_rule(document: Document, rule: Document, key: str | None) -> None:
    """Put a rule in place of the one with this key, or at the end. What the form does not ask for stays as it was."""
    rules = document.setdefault("rules", [])
    place = place_of(document, key) if key else None
    if place is not None:
        rule |= {name: rules[place][name] for name in ("off", "description") if name in rules[place]}
    if place is None:
        rules.append(rule)
    else:
        rules[place] = rule


def free_key(document: Document, title: str) -> str:
    """A key for a new rule, made from its name, that no other rule has."""
    base = slugify(title)[:60] or "rule"
    taken = {rule.get("key") for rule in document.get("rules", [])}
    numbers = (f"{base}-{n}" for n in range(2, len(taken) + 3))
    return base if base not in taken else next(key for key in numbers if key not in taken)


def last_key(document: Document) -> str:
    """The key of the rule that stands last, where new ones are put."""
    return str(document["rules"][-1]["key"])


def put_bounds(document: Document, axis: str, bounds: Document, group: str | None) -> None:
    """Set floor, cap and the like of an axis, or of one of its groups; what is left out is no more."""
    if group is None:
        document.setdefault("axes", {})[axis] = bounds
        return
    groups = document.setdefault("groups", [])
    for n, one in enumerate(groups):
        if one.get("key") == group:
            kept = {"description": one["description"]} if "description" in one else {}
            groups[n] = {**kept, **bounds, "key": group, "axis": one["axis"]}
            return
    groups.append({**bounds, "key": group, "axis": axis})


def put_definitions(document: Document, mql: Document, sql: Document) -> None:
    """Set what makes an MQL and an SQL; what is left out does not constrain."""
    document["definitions"] = {"mql": mql, "sql": sql}


def remove_group(document: Document, key: str) -> None:
    """Take a group away that has no rules left."""
    if any(rule.get("group") == key for rule in document.get("rules", [])):
        raise ModelRefused(_("This group still has rules. Move or delete them first."))
    document["groups"] = [group for group in document.get("groups", []) if group.get("key") != key]
