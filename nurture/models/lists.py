"""Lists of leads: static, or dynamic by conditions (product.md §6)."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from leads.conditions import Condition, parse_conditions
from leads.models import Lead
from scoring.lead_fields import LIST_FIELDS, leads_matching, sentence_of_list

if TYPE_CHECKING:
    from accounts.models import User


class ListRefused(Exception):
    """A change that this list does not allow; the text is a sentence for people."""


class LeadListQuerySet(models.QuerySet["LeadList"]):
    """Lists, named by what the rows are."""

    def active(self) -> Self:
        return self.filter(archived_at=None)

    def archived(self) -> Self:
        return self.exclude(archived_at=None)

    def filled_by_hand(self) -> Self:
        """Lists that leads can be put into."""
        return self.active().filter(kind=LeadList.Kind.STATIC)

    def holding(self, lead: Lead) -> Self:
        """The static lists this lead was put into."""
        return self.active().filter(memberships__lead=lead)

    def in_use_as(self, name: str) -> Self:
        """Lists in use that have this name already; names are told apart without case."""
        return self.active().filter(name__iexact=name)

    def named_like(self, text: str) -> Self:
        return self.active().filter(name__icontains=text)


class LeadList(models.Model):
    """A list. Dynamic ones hold conditions of the shared language (`leads.conditions`); static ones hold members."""

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

    def only(self, leads: "models.QuerySet[Lead]") -> "models.QuerySet[Lead]":
        """Those of the leads that are in this list."""
        if self.is_dynamic:
            return leads_matching(leads, self.wanted())
        return leads.filter(pk__in=Membership.objects.filter(list=self).values("lead"))

    def keep(self) -> None:
        """Save a new or edited list; raises `ListRefused` when another took its name in the same moment."""
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError as fault:
            raise ListRefused(_t("There is a list with this name already.")) from fault

    def put_in(self, leads: "models.QuerySet[Lead]", *, by: "User", at: datetime) -> "ListChange":
        """Put the leads into the list, each once, in one statement; says which were new there."""
        sql, params = leads.order_by().values("pk").query.sql_with_params()
        chosen = f"SELECT %s, chosen.id, %s, %s FROM ({sql}) AS chosen (id) ORDER BY chosen.id"  # noqa: S608 - compiled
        statement = f"INSERT INTO {_MEMBERSHIP} ({_COLUMNS}) {chosen} ON CONFLICT DO NOTHING RETURNING lead_id"
        return self._change(statement, [self.pk, by.pk, at, *params], added=True, by=by, at=at)

    def take_out(self, leads: "models.QuerySet[Lead]", *, by: "User", at: datetime) -> "ListChange":
        """Take the leads out of the list; says which were in it."""
        sql, params = leads.order_by().values("pk").query.sql_with_params()
        statement = f"DELETE FROM {_MEMBERSHIP} WHERE list_id = %s AND lead_id IN ({sql}) RETURNING lead_id"  # noqa: S608
        return self._change(statement, [self.pk, *params], added=False, by=by, at=at)

    def _change(self, statement: str, params: list[Any], *, added: bool, by: "User", at: datetime) -> "ListChange":
        with transaction.atomic():
            locked = LeadList.objects.select_for_update().get(pk=self.pk)
            locked._refuse_unless_filled_by_hand()
            with connection.cursor() as cursor:
                cursor.execute(statement, params)
                ids = [pk for (pk,) in cursor.fetchall()]
            return ListChange.objects.create(list=self, added=added, by=by, at=at, lead_ids=sorted(ids))

    def _refuse_unless_filled_by_hand(self) -> None:
        if self.is_dynamic:
            raise ListRefused(
                _t("“%(list)s” fills itself by its conditions; change those instead.") % {"list": self.name}
            )
        if self.archived_at:
            raise ListRefused(_t("“%(list)s” is archived; restore it first.") % {"list": self.name})

    def archive(self, *, at: datetime) -> None:
        """Put the list away; its members stay. Archiving twice changes nothing."""
        LeadList.objects.active().filter(pk=self.pk).update(archived_at=at)

    def restore(self) -> None:
        """Bring the list back; refused while another list has its name."""
        with transaction.atomic():
            if LeadList.objects.in_use_as(self.name).exclude(pk=self.pk).exists():
                raise ListRefused(
                    _t("There is another list called “%(list)s” now; rename it first.") % {"list": self.name}
                )
            LeadList.objects.archived().filter(pk=self.pk).update(archived_at=None)


class Membership(models.Model):
    """A lead's place in a static list: put there once, by whom and when."""

    list = models.ForeignKey(LeadList, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="memberships")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "lead"], name="membership_once")]


_MEMBERSHIP = Membership._meta.db_table
_COLUMNS = "list_id, lead_id, added_by_id, added_at"


class ListChange(models.Model):
    """One bulk change of a static list: who put in or took out which leads, and whether it was undone."""

    list = models.ForeignKey(LeadList, on_delete=models.CASCADE, related_name="changes")
    added = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()
    lead_ids = ArrayField(models.BigIntegerField())
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def undo(self, *, by: "User", at: datetime) -> "ListChange":
        """Do the opposite for exactly these leads, once. Raises `ListRefused` when it was undone before."""
        with transaction.atomic():
            if not ListChange.objects.filter(pk=self.pk, undone_at=None).update(undone_at=at):
                raise ListRefused(_t("This was undone already."))
            leads = _these(self.lead_ids)
            return (self.list.take_out if self.added else self.list.put_in)(leads, by=by, at=at)


def _these(ids: Iterable[int]) -> "models.QuerySet[Lead]":
    return Lead.objects.filter(pk__in=list(ids))
