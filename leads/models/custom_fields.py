"""Facts that were added without code."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    """Custom fields, named by what the rows are."""

    def keys_among(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys that exist."""
        told = [key for key in keys if "\x00" not in key and key.isprintable() and len(key) <= 60]
        return set(self.filter(key__in=told).values_list("key", flat=True)) if told else set()


class CustomField(models.Model):
    """A fact added without code; its values live in `Lead.custom` under `key` and rules may use `custom.KEY`."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    label = models.CharField(_("label"), max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label
