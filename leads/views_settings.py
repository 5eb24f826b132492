"""Settings of the leads room: kinds of activity, content, custom fields."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import gate

from .forms import ActivityTypeForm, AssetForm, CustomFieldForm
from .models import ActivityType, Asset, CustomField
from .paging import Order, Page
from .permissions import may_manage_fields
from .requests import SignedIn


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is set up: its model, form, words, and the addresses of its pages."""

    model: type[Model]
    form: type[forms.ModelForm]
    title: Any
    lead: Any
    new: Any
    list_view: str
    new_view: str
    none: Any
    order: Order


TYPES = Kind(
    ActivityType, ActivityTypeForm, gettext_lazy("Activity types"),
    gettext_lazy("Everything a lead can do, and what sales does. Rules give points by type."),
    gettext_lazy("New activity type"), "activity_types", "activity_type_new", gettext_lazy("No activity types yet"),
    Order({"category": str, "label": str, "pk": int}),
)  # fmt: skip
ASSETS = Kind(
    Asset, AssetForm, gettext_lazy("Content"),
    gettext_lazy("White papers, webinars, price lists: how near to a decision each brings people."),
    gettext_lazy("New content"), "assets", "asset_new", gettext_lazy("No content yet"),
    Order({"key": str, "pk": int}),
)  # fmt: skip
FIELDS = Kind(
    CustomField, CustomFieldForm, gettext_lazy("Custom fields"),
    gettext_lazy("Facts of your own. Imports fill them, rules and lists may ask for them."),
    gettext_lazy("New field"), "custom_fields", "custom_field_new", gettext_lazy("No fields of your own yet"),
    Order({"label": str, "pk": int}),
)  # fmt: skip


def _listed(request: SignedIn, kind: Kind, template: str) -> HttpResponse:
    page = Page.of(kind.model._default_manager.all(), kind.order, request.GET, size=100)
    return render(
        request,
        template,
        {"kind": kind, "page": page, "new_view": kind.new_view, "crumbs": [(_("Settings"), reverse("settings"))]},
    )


def _edited(request: SignedIn, kind: Kind, pk: int | None) -> HttpResponse:
    instance = get_object_or_404(kind.model, pk=pk) if pk else None
    form = kind.form(request.POST or None, instance=instance)
    if request.method == "POST" and form.is_valid():
        thing = form.save()
        messages.success(request, _("“%(name)s” is saved.") % {"name": thing})
        return redirect(kind.list_view)
    return render(request, "leads/setting_form.html", {"kind": kind, "form": form, "thing": instance})


@gate(may_manage_fields)
@require_safe
def activity_types(request: SignedIn) -> HttpResponse:
    return _listed(request, TYPES, "leads/activity_types.html")


@gate(may_manage_fields)
@require_http_methods(["GET", "POST"])
def activity_type_edit(request: SignedIn, pk: int | None = None) -> HttpResponse:
    return _edited(request, TYPES, pk)


@gate(may_manage_fields)
@require_safe
def assets(request: SignedIn) -> HttpResponse:
    return _listed(request, ASSETS, "leads/assets.html")


@gate(may_manage_fields)
@require_http_methods(["GET", "POST"])
def asset_edit(request: SignedIn, pk: int | None = None) -> HttpResponse:
    return _edited(request, ASSETS, pk)


@gate(may_manage_fields)
@require_safe
def custom_fields(request: SignedIn) -> HttpResponse:
    return _listed(request, FIELDS, "leads/custom_fields.html")


@gate(may_manage_fields)
@require_http_methods(["GET", "POST"])
def custom_field_edit(request: SignedIn, pk: int | None = None) -> HttpResponse:
    return _edited(request, FIELDS, pk)
