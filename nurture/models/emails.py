"""E-mails that marketing writes once and programs send many times: a name, a topic, and versions (product.md §6)."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from leads.models import Asset

from ..letter_checks import faults_of
from ..merge_language import in_words
from ..merge_values import merge_fields
from ..writing import Composed, compose

if TYPE_CHECKING:
    from accounts.models import User

#: What people type of a version.
TYPED = ("subject", "subject_b", "preview_text", "body")


class EmailRefused(Exception):
    """A change that this e-mail does not allow; the text is a sentence for people, `faults` are all of them."""

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


class EmailQuerySet(models.QuerySet["Email"]):
    """E-mails, named by what the rows are."""

    def active(self) -> Self:
        return self.filter(archived_at=None)

    def archived(self) -> Self:
        return self.exclude(archived_at=None)

    def finished(self) -> Self:
        """Those that can be sent: in use, with a finished version."""
        done = EmailVersion.objects.finished().filter(email=OuterRef("pk"))
        return self.active().filter(Exists(done))

    def in_use_as(self, name: str) -> Self:
        """E-mails in use that have this name already; names are told apart without case."""
        return self.active().filter(name__iexact=name)

    def with_newest(self) -> Self:
        """With number, subject and moment of the newest finished version, and whether a draft waits."""
        newest = EmailVersion.objects.finished().filter(email=OuterRef("pk")).order_by("-number")
        draft = EmailVersion.objects.drafts().filter(email=OuterRef("pk"))
        return self.annotate(
            newest_number=Subquery(newest.values("number")[:1]),
            newest_subject=Subquery(newest.values("subject")[:1]),
            newest_finished_at=Subquery(newest.values("finished_at")[:1]),
            has_draft=Exists(draft),
        )

    def topics(self) -> list[str]:
        """The topics that e-mails in use have."""
        return list(self.active().exclude(topic="").order_by("topic").values_list("topic", flat=True).distinct())

    def begin(self, *, name: str, topic: str, by: "User", at: datetime) -> "Email":
        """A new e-mail with its first draft; raises `EmailRefused` where the name is taken."""
        with transaction.atomic():
            email = self.model(name=name, topic=topic, created_by=by, created_at=at)
            email.keep()
            EmailVersion.objects.create(
                email=email, number=1, created_by=by, created_at=at, updated_by=by, updated_at=at
            )
        return email


class Email(models.Model):
    """An e-mail of the library. People can leave its `topic` without leaving the others."""

    name = models.CharField(_("name"), max_length=120)
    topic = models.CharField(_("topic"), max_length=60, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    objects = EmailQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name"), "id"]
        constraints = [
            models.CheckConstraint(name="email_name_known", condition=~Q(name="")),
            models.UniqueConstraint(
                Lower("name"),
                condition=Q(archived_at=None),
                name="email_name_once",
                violation_error_message=_("There is an e-mail with this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def newest(self) -> "EmailVersion | None":
        """The newest finished version, which is the one that is sent; None before the first is finished."""
        return self._versions().finished().first()

    @property
    def draft(self) -> "EmailVersion | None":
        """The version that is being written, if one is."""
        return self._versions().drafts().first()

    def _versions(self) -> "EmailVersionQuerySet":
        """Newest first; each knows this e-mail without asking."""
        return self.versions.select_related("updated_by").order_by("-number")

    @property
    def subject(self) -> str:
        """The subject of the newest version in words, where the query was asked `with_newest`."""
        return in_words(getattr(self, "newest_subject", None) or "")

    def keep(self) -> None:
        """Save a new or renamed e-mail; raises `EmailRefused` when another took its name in the same moment."""
        try:
            with transaction.atomic():
                self.save()
        except IntegrityError as fault:
            raise EmailRefused(_t("There is an e-mail with this name already.")) from fault

    def start_draft(self, *, by: "User", at: datetime) -> "EmailVersion":
        """The draft; begun as a copy of the newest version where there is none. Starting twice is starting once."""
        with transaction.atomic():
            locked = Email.objects.select_for_update().get(pk=self.pk)
            if locked.archived_at:
                raise EmailRefused(_t("“%(email)s” is archived; bring it back first.") % {"email": self.name})
            if draft := locked.draft:
                return draft
            newest = locked.newest
            copied = {name: getattr(newest, name) for name in (*TYPED, "links")} if newest else {}
            return EmailVersion.objects.create(
                email=locked, number=newest.number + 1 if newest else 1, created_by=by, created_at=at,
                updated_by=by, updated_at=at, **copied,
            )  # fmt: skip

    def drop_draft(self) -> None:
        """Throw the draft away; refused while nothing else is there to send."""
        if self.newest is None:
            raise EmailRefused(_t("This is all there is of “%(email)s”; archive it instead.") % {"email": self.name})
        with transaction.atomic():
            if draft := self.draft:
                draft.letters.filter(is_test=True).delete()
                draft.delete()

    def archive(self, *, at: datetime) -> None:
        """Put the e-mail away; what was sent of it stays. Archiving twice changes nothing."""
        Email.objects.active().filter(pk=self.pk).update(archived_at=at)

    def restore(self) -> None:
        """Bring the e-mail back; refused while another has its name."""
        with transaction.atomic():
            if Email.objects.in_use_as(self.name).exclude(pk=self.pk).exists():
                raise EmailRefused(
                    _t("There is another e-mail called “%(email)s” now; rename it first.") % {"email": self.name}
                )
            Email.objects.filter(pk=self.pk).update(archived_at=None)


class EmailVersionQuerySet(models.QuerySet["EmailVersion"]):
    """Versions, named by what the rows are."""

    def finished(self) -> Self:
        return self.exclude(finished_at=None)

    def drafts(self) -> Self:
        return self.filter(finished_at=None)

    def without_words(self) -> Self:
        """For lists of versions: who and when, without the long texts."""
        return self.select_related("created_by", "updated_by").defer("body", "html", "text", "links")


class EmailVersion(models.Model):
    """What an e-mail says. The one without `finished_at` is the draft, the only one that can be changed; one per e-mail.

    `body` is Markdown with merge fields as it was typed; `html` and `text` are made of it when it is finished and still
    hold the merge fields; `links` lists `{"key": "l1", "url": …, "asset": id or null}`, the places that clicks may lead to.
    """

    email = models.ForeignKey(Email, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveSmallIntegerField()
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="")
    subject_b = models.CharField(_("second subject to try"), max_length=200, blank=True, default="")
    preview_text = models.CharField(_("preview text"), max_length=200, blank=True, default="")
    body = models.TextField(_("text"), blank=True, default="")
    html = models.TextField(editable=False, default="")
    text = models.TextField(editable=False, default="")
    links = models.JSONField(editable=False, default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    updated_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = EmailVersionQuerySet.as_manager()

    class Meta:
        ordering = ["email", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["email", "number"], name="emailversion_number_once"),
            models.UniqueConstraint(fields=["email"], condition=Q(finished_at=None), name="emailversion_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.number}"

    def composed(self) -> Composed:
        """HTML, plain text and links as the body stands now; links keep the keys they had."""
        return compose(self.body, keys={link["url"]: link["key"] for link in self.links})

    def faults(self) -> list[str]:
        """What keeps it from being finished, as sentences."""
        return faults_of(self, merge_fields())

    def save_draft(
        self, answers: Mapping[str, Any], *, by: "User", at: datetime, seen: Mapping[str, Any] | None = None
    ) -> tuple[str, ...]:
        """Keep what was typed; returns the fields not written, since another changed them after they were `seen`."""
        with transaction.atomic():
            self._lock()
            left = tuple(name for name, value in answers.items() if self._is_contested(name, value, seen or {}))
            kept = {name: value for name, value in answers.items() if name not in left}
            if kept:
                self._keep(kept, by=by, at=at)
        return left

    def _keep(self, answers: Mapping[str, Any], *, by: "User", at: datetime) -> None:
        for name, value in answers.items():
            setattr(self, name, value)
        self.links = self._links()
        self.updated_by, self.updated_at = by, at
        self.save(update_fields=[*TYPED, "links", "updated_by", "updated_at"])

    def _is_contested(self, name: str, value: Any, seen: Mapping[str, Any]) -> bool:
        stands = _plain(getattr(self, name))
        return name in seen and stands not in (_plain(seen[name]), _plain(value))

    def count_as(self, key: str, asset: Asset | None) -> None:
        """Say which asset of the library a link leads to; clicks then count with its funnel stage (R4)."""
        with transaction.atomic():
            self._lock()
            self.links = [link | ({"asset": asset and asset.pk} if link["key"] == key else {}) for link in self.links]
            self.save(update_fields=["links"])

    def finish(self, *, by: "User", at: datetime) -> None:
        """Freeze it: from now on this is what is sent. Raises `EmailRefused` with all that is wrong with it."""
        with transaction.atomic():
            self._lock()
            if faults := self.faults():
                raise EmailRefused(*faults)
            made = self.composed()
            self.html, self.text, self.links = made.html, made.text, self._links()
            self.updated_by = by
            self.updated_at = self.finished_at = at
            self.save(update_fields=["html", "text", "links", "updated_by", "updated_at", "finished_at"])

    def _lock(self) -> None:
        """Hold the draft and see it as it stands; raises `EmailRefused` once it is finished or thrown away."""
        if not EmailVersion.objects.drafts().filter(pk=self.pk).select_for_update().exists():
            raise EmailRefused(_t("This version is finished or thrown away; it cannot be changed. Begin a new one."))
        self.refresh_from_db()

    def _links(self) -> list[dict[str, Any]]:
        """The links that the body has now; what was said about one stays, others are looked up in the library."""
        assets = {link["url"]: link["asset"] for link in self.links}
        found = {link.url: link.key for link in self.composed().letter.links if link.key}
        fresh = [url for url in found if url not in assets]
        known = dict(Asset.objects.filter(url__in=fresh).order_by("-pk").values_list("url", "pk")) if fresh else {}
        return [{"key": key, "url": url, "asset": assets.get(url, known.get(url))} for url, key in found.items()]


def _plain(text: Any) -> str:
    """As a browser sends it back or not: line ends tell nothing."""
    return str(text or "").replace("\r\n", "\n").strip()
