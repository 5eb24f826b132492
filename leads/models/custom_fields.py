"""Facts that were added without code."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomField(models.Model):
    """A fact added without code; its values live in `Lead.custom` under `key` and rules may use `custom.KEY`."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    label = models.CharField(_("label"), max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label
