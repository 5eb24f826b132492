"""Lists of leads: static, or dynamic by conditions (product.md §6)."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self, cast

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from leads.conditions import Condition, parse_conditions
from leads.models import Lead
from scoring.lead_fields import LIST_FIELDS, leads_matching, sentence_of_list

from ..list_order import circle_through, named_in
from .entering import Question, Turn, ids_of, list_lock, turn
from .stays import KeptOut, ListChange, ListRefused, Stay

if TYPE_CHECKING:
    from accounts.models import User


#: No list has this number: who holds its lock keeps all others from being saved.
ALL_LISTS = 0


class ListCircle(ListRefused):
    """Conditions by which a list would name itself."""


class LeadListQuerySet(models.QuerySet["LeadList"]):
    """Lists, named by what the rows are."""

    def active(self) -> Self:
        return self.filter(archived_at=None)

    def archived(self) -> Self:
        return self.exclude(archived_at=None)

    def dynamic(self) -> Self:
        """Lists in use that fill themselves."""
        return self.active().filter(kind=LeadList.Kind.DYNAMIC)

    def filled_by_hand(self) -> Self:
        """Lists that leads can be put into."""
        return self.active().filter(kind=LeadList.Kind.STATIC)

    def holding(self, lead: Lead) -> Self:
        """The lists this lead is in."""
        return self.active().filter(stays__in=Stay.objects.open().filter(lead=lead))

    def in_use_as(self, name: str) -> Self:
        """Lists in use that have this name already; names are told apart without case."""
        return self.active().filter(name__iexact=name)

    def named_like(self, text: str) -> Self:
        return self.active().filter(name__icontains=text)


class LeadList(models.Model):
    """A list. Who is in it are its open stays; those of a dynamic one follow its conditions (`nurture.filling`).

    `asked_at`: since when it waits to be filled anew; `refreshed_at`: when it last was, whole.
    """

    class Kind(models.TextChoices):
        STATIC = "static", _("Static")
        DYNAMIC = "dynamic", _("Dynamic")

    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    description = models.CharField(_("what it is for"), max_length=300, blank=True, default="")
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    refreshed_at = models.DateTimeField(null=True)

    objects = LeadListQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name"), "id"]
        constraints = [
            models.CheckConstraint(name="leadlist_name_known", condition=~Q(name="")),
            models.CheckConstraint(name="leadlist_kind_known", condition=Q(kind__in=["static", "dynamic"])),
            models.CheckConstraint(name="leadlist_static_has_no_conditions", condition=Q(kind="dynamic") | Q(conditions=[])),
            models.UniqueConstraint(
                Lower("name"), condition=Q(archived_at=None), name="leadlist_name_once",
                violation_error_message=_("There is a list with this name already."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_dynamic(self) -> bool:
        return self.kind == self.Kind.DYNAMIC

    def wanted(self) -> tuple[Condition, ...]:
        """The conditions of a dynamic list."""
        return parse_conditions(self.conditions, LIST_FIELDS)

    def sentence(self) -> str:
        """The conditions in plain words; blank for a static list."""
        return sentence_of_list(self.wanted()) if self.is_dynamic else ""

    def members(self) -> "models.QuerySet[Lead]":
        """The leads that are in the list; of a dynamic one those it was last filled with."""
        return self.only(Lead.objects.all())

    def only(self, leads: "models.QuerySet[Lead]") -> "models.QuerySet[Lead]":
        """Those of the leads that are in this list."""
        return leads.filter(pk__in=Stay.objects.open().filter(list=self).values("lead"))

    def matching(self, leads: "models.QuerySet[Lead]") -> "models.QuerySet[Lead]":
        """Those of the leads that fulfil the conditions of this dynamic list this moment, kept out or not."""
        return leads_matching(leads, self.wanted())

    def keep(self) -> None:
        """Save a new or edited list. Raises `ListCircle` where it would name itself, be it by others, and `ListRefused`
        when another took its name in the same moment."""
        try:
            with list_lock(ALL_LISTS):  # two edits at once could close a circle that neither sees
                if self.is_dynamic:
                    self.refuse_circle(self.wanted())
                self.save()
        except IntegrityError as fault:
            raise ListRefused(_t("There is a list with this name already.")) from fault

    def refuse_circle(self, conditions: Iterable[Condition]) -> None:
        """Raise `ListCircle` where these conditions would let the list name itself, directly or by other lists."""
        named = named_in(conditions)
        if self.pk is None or not named:
            return
        others = {one.pk: one for one in LeadList.objects.filter(kind=self.Kind.DYNAMIC)}
        names = {pk: named_in(one.wanted()) for pk, one in others.items()} | {self.pk: named}
        if way := circle_through(self.pk, names):
            told = [others[pk].name if pk != self.pk else self.name for pk in (*way, self.pk)]
            steps = _t(" names ").join(f"“{name}”" for name in told)
            raise ListCircle(_t("This would go round in a circle: %(steps)s.") % {"steps": steps})

    def named_by(self) -> "list[LeadList]":
        """The dynamic lists in use whose conditions name this one."""
        return [one for one in LeadList.objects.dynamic() if self.pk in named_in(one.wanted())]

    def names_archived(self) -> "list[LeadList]":
        """The archived lists that its conditions name: who is in those does not change any more."""
        named = named_in(self.wanted()) if self.is_dynamic else set()
        return list(LeadList.objects.archived().filter(pk__in=named)) if named else []

    def put_in(self, leads: "models.QuerySet[Lead]", *, by: "User | None", at: datetime, why: str = "") -> ListChange:
        """Put the leads into the list, each once, in one statement; says which were new there.

        `why` says in words which program did it, where nobody's hand did. Of a dynamic list it lets in again those
        who were kept out: who fulfils the conditions is in with the next refresh.
        """
        with list_lock(self.pk):
            self._refuse_when_archived()
            if not self.is_dynamic:
                return self._turn(Turn(_cause(why), at, wanted=ids_of(leads), by=by, why=why))
            let_in = KeptOut.objects.filter(list=self, lead__in=leads)
            if not let_in.exists():
                raise ListRefused(
                    _t("“%(list)s” fills itself by its conditions; change those instead.") % {"list": self.name}
                )
            ids = sorted(let_in.values_list("lead", flat=True))
            let_in.delete()
            LeadList.objects.filter(pk=self.pk).update(asked_at=at)
            return ListChange.objects.create(list=self, by=by, at=at, why=why, lead_ids=ids)

    def take_out(self, leads: "models.QuerySet[Lead]", *, by: "User | None", at: datetime, why: str = "") -> ListChange:
        """Take the leads out of the list; says which were in it. A dynamic list keeps them out from then on."""
        with list_lock(self.pk):
            self._refuse_when_archived()
            sql, params = ids_of(leads)
            leaves: Question = (f"s.lead_id IN ({sql})", params)
            change = self._turn(Turn(_cause(why), at, leaves=leaves, by=by, why=why, added=False))
            if self.is_dynamic:
                kept = [KeptOut(list=self, lead_id=pk, by=by, at=at) for pk in change.lead_ids]
                KeptOut.objects.bulk_create(kept, ignore_conflicts=True, batch_size=5_000)
            return change

    def _turn(self, it: Turn) -> ListChange:
        return cast(ListChange, turn(self.pk, it))  # a hand's change is always told

    def _refuse_when_archived(self) -> None:
        if LeadList.objects.archived().filter(pk=self.pk).exists():
            raise ListRefused(_t("“%(list)s” is archived; restore it first.") % {"list": self.name})

    def archive(self, *, at: datetime) -> None:
        """Put the list away; its members stay. Archiving twice changes nothing; refused while anything in use names it."""
        from ..list_users import users_of  # noqa: PLC0415 - it imports the models

        with list_lock(ALL_LISTS):
            if users := users_of(self):
                raise ListRefused(
                    _t("“%(list)s” is used by %(users)s; change those first.")
                    % {"list": self.name, "users": ", ".join(users)}
                )
            LeadList.objects.active().filter(pk=self.pk).update(archived_at=at)

    def restore(self, *, at: datetime | None = None) -> None:
        """Bring the list back; refused while another list has its name."""
        with transaction.atomic():
            if LeadList.objects.in_use_as(self.name).exclude(pk=self.pk).exists():
                raise ListRefused(
                    _t("There is another list called “%(list)s” now; rename it first.") % {"list": self.name}
                )
            LeadList.objects.archived().filter(pk=self.pk).update(archived_at=None, asked_at=at)


def _cause(why: str) -> str:
    return ListChange.Cause.PROGRAM if why else ListChange.Cause.HAND


def entered_since(chosen: LeadList, at: datetime) -> "models.QuerySet[Stay]":
    """The stays that began at that moment or later and last, the earliest first."""
    return Stay.objects.open().filter(list=chosen, entered_at__gte=at).order_by("entered_at", "id")
