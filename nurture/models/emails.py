"""E-mails that marketing writes once and programs send many times: a name, a topic, and versions (product.md §6)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Email(models.Model):
    """An e-mail of the library. People can leave its `topic` without leaving the others."""

    name = models.CharField(_("name"), max_length=120)
    topic = models.CharField(_("topic"), max_length=60, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

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
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["email", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["email", "number"], name="emailversion_number_once"),
            models.UniqueConstraint(fields=["email"], condition=Q(finished_at=None), name="emailversion_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.number}"
