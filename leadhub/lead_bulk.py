"""What can be done with many leads at once: chosen rows, or all that match."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.access import Test, holders
from accounts.actor import act_as
from accounts.models import Role, User
from handoff.permissions import may_hand_over
from leads.forms import NoteForm, ReasonForm, plain_helper
from leads.models import Lead, StageMove
from leads.numbers import MANY
from leads.permissions import may_move_to_mql
from leads.stages import Cause, Stage
from nurture.models import LeadList
from nurture.permissions import may_edit_lists

#: Stages of so many leads change in one go; above `MANY` only with a fresh password, and not for everybody (quality.md §4).
MOST_MOVED = 1_000
may_move_more = holders(Role.MARKETING_MANAGER, Role.ADMINISTRATOR)


class BulkRefused(Exception):
    """A bulk action that cannot be done; the text is a sentence for people."""


@dataclass(frozen=True)
class Done:
    """What became of it, in a sentence, and where it can be undone."""

    text: str
    undo_url: str = ""


@dataclass(frozen=True)
class BulkAction:
    """One thing to do with many leads. `most` of them at once, for most people only `MANY`; 0 means any number."""

    key: str
    label: Any
    verb: Any
    form: type[forms.Form]
    allowed: Test
    run: "Callable[[QuerySet[Lead], dict[str, Any], User, datetime], Done]"
    icon: str
    most: int = 0

    def asks_for_password(self, count: int) -> bool:
        """Whether so many at once ask for a fresh password."""
        return bool(self.most) and count > MANY


class AddToListForm(forms.Form):
    """Which list to put the leads into: one that exists, or a new one by its name."""

    list = forms.ModelChoiceField(label=gettext_lazy("List"), queryset=LeadList.objects.none(), required=False)
    new = forms.CharField(label=gettext_lazy("Or a new list called"), required=False, max_length=120)
    helper = plain_helper("list", "new")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].queryset = LeadList.objects.filled_by_hand()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and bool(said.get("list")) == bool(said.get("new")):
            self.add_error("list", gettext_lazy("Choose a list, or name a new one."))
        if said.get("new") and LeadList.objects.in_use_as(said["new"]).exists():
            self.add_error("new", gettext_lazy("There is a list with this name already."))
        return said


class TakeOutForm(forms.Form):
    """Which list to take the leads out of; a dynamic one keeps them out from then on."""

    list = forms.ModelChoiceField(label=gettext_lazy("List"), queryset=LeadList.objects.none())
    helper = plain_helper("list")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["list"].queryset = LeadList.objects.active()  # type: ignore[attr-defined]


def _add_to_list(leads: "QuerySet[Lead]", said: dict[str, Any], by: User, at: datetime) -> Done:
    chosen = said["list"]
    if chosen is None:
        chosen = LeadList(name=said["new"], kind=LeadList.Kind.STATIC, created_by=by, created_at=at)
        chosen.keep()
    change = chosen.put_in(leads, by=by, at=at)
    count = len(change.lead_ids)
    if not count:
        return Done(_("All of them were in “%(list)s” already.") % {"list": chosen.name})
    told = ngettext("%(n)d lead is now in “%(list)s”.", "%(n)d leads are now in “%(list)s”.", count)
    return Done(told % {"n": count, "list": chosen.name}, reverse("list_undo", args=[change.pk]))


def _take_out(leads: "QuerySet[Lead]", said: dict[str, Any], by: User, at: datetime) -> Done:
    change = said["list"].take_out(leads, by=by, at=at)
    count = len(change.lead_ids)
    if not count:
        return Done(_("None of them was in “%(list)s”.") % {"list": said["list"].name})
    told = ngettext("%(n)d lead was taken out of “%(list)s”.", "%(n)d leads were taken out of “%(list)s”.", count)
    if said["list"].is_dynamic:
        told = ngettext(
            "%(n)d lead is kept out of “%(list)s” now.", "%(n)d leads are kept out of “%(list)s” now.", count
        )
    return Done(told % {"n": count, "list": said["list"].name}, reverse("list_undo", args=[change.pk]))


def _hand_over(leads: "QuerySet[Lead]", said: dict[str, Any], by: User, at: datetime) -> Done:
    start = (Stage.LEAD, Stage.MARKETING_QUALIFIED)
    moved = _move(leads, start, to=Stage.SALES_QUALIFIED, by=by, at=at, reason=said["reason"], note=said["reason"])
    told = ngettext("%(n)d lead is with sales now.", "%(n)d leads are with sales now.", len(moved)) % {"n": len(moved)}
    return Done(_with_rest(told, leads.count() - len(moved)))


def _promote(leads: "QuerySet[Lead]", said: dict[str, Any], by: User, at: datetime) -> Done:
    moved = _move(leads, (Stage.LEAD,), to=Stage.MARKETING_QUALIFIED, by=by, at=at, reason=said["reason"])
    told = ngettext("%(n)d lead is MQL now.", "%(n)d leads are MQL now.", len(moved)) % {"n": len(moved)}
    return Done(_with_rest(told, leads.count() - len(moved)))


def _move(
    leads: Any, start: tuple[Stage, ...], *, to: Stage, by: User, at: datetime, reason: str, note: str = ""
) -> list[StageMove]:
    """Move those of the leads that stand at one of the starts, as one set."""
    with transaction.atomic():
        act_as(f"user:{by.pk}", at)
        ids = list(leads.at(*start).values_list("pk", flat=True))
        return Lead.objects.move(ids, to=to, at=at, cause=Cause.PERSON, by=by, reason=reason, note=note)


def _with_rest(told: str, rest: int) -> str:
    if rest < 1:
        return told
    left = ngettext(
        "%(n)d was left alone: its stage does not allow it.",
        "%(n)d were left alone: their stage does not allow it.",
        rest,
    )
    return f"{told} {left % {'n': rest}}"


ACTIONS = {
    action.key: action
    for action in (
        BulkAction("add_to_list", gettext_lazy("Add to list…"), gettext_lazy("Add to list"), AddToListForm, may_edit_lists, _add_to_list, "list"),
        BulkAction("take_out", gettext_lazy("Take out of list…"), gettext_lazy("Take out"), TakeOutForm, may_edit_lists, _take_out, "close"),
        BulkAction("promote", gettext_lazy("Make MQL…"), gettext_lazy("Make MQL"), ReasonForm, may_move_to_mql, _promote, "arrow-up", MOST_MOVED),
        BulkAction("hand_over", gettext_lazy("Hand over…"), gettext_lazy("Hand over to sales"), NoteForm, may_hand_over, _hand_over, "hand-over", MOST_MOVED),
    )
}  # fmt: skip


def offered_actions(user: User) -> list[BulkAction]:
    """What this person may do with many leads."""
    return [action for action in ACTIONS.values() if action.allowed(user)]


def check_count(action: BulkAction, count: int, user: User) -> None:
    """Raise `BulkRefused` for none, or for more than this person may do it with."""
    if not count:
        raise BulkRefused(_("Choose at least one lead first."))
    most = action.most if may_move_more(user) else min(action.most, MANY)
    if most and count > most:
        raise BulkRefused(_("This can be done with at most %(most)d leads at once; choose fewer.") % {"most": most})
