"""Forms of the accounts room: they validate and never write."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .addresses import MAX_LENGTH, check_email, email_key
from .models import ApiKey, Role, Scope, Team, User

MAX_PASSWORD = 128


def time_zones() -> list[tuple[str, str]]:
    """Zones that name a place, and UTC."""
    places = sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/"))
    )
    return [(zone, zone.replace("_", " ")) for zone in ["UTC", *places]]


class SignInForm(forms.Form):
    email = forms.CharField(
        label=_("E-mail"),
        max_length=MAX_LENGTH,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class FreshPasswordForm(forms.Form):
    """One's own password once more, before an act that reaches far (`accounts.fresh_password`)."""

    your_password = forms.CharField(
        label=_("Your password"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice, by the rules of `AUTH_PASSWORD_VALIDATORS`."""

    password = forms.CharField(
        label=_("New password"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; a few words in a row are easy to remember. Common passwords are refused."),
    )
    again = forms.CharField(
        label=_("New password again"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "password" in given and "again" in given and given["password"] != given["again"]:
            self.add_error("again", _("This is not the same as above."))
        return given


class ChangePasswordForm(NewPasswordForm):
    """The old password first, then the new one; the view asks whether the old one is right."""

    old = forms.CharField(
        label=_("Password now"),
        max_length=MAX_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("old", "password", "again")


class ProfileForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("Times are shown in this zone; deadlines do not change.")
    )

    class Meta:
        model = User
        fields = ["name", "time_zone", "language"]


class AssignmentForm(forms.ModelForm):
    """Name, roles and team of a person."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One person may hold several; rights add up."),
    )
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.order_by("name"), required=False, empty_label=_("No team")
    )

    class Meta:
        model = User
        fields = ["name", "roles", "team"]


class NewPersonForm(AssignmentForm):
    email = forms.CharField(label=_("E-mail"), widget=forms.EmailInput, help_text=_("The person signs in with it."))
    field_order = ("name", "email", "roles", "team", "time_zone")
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, initial=settings.WORKSPACE_TIME_ZONE)

    class Meta(AssignmentForm.Meta):
        fields = ["name", "roles", "team", "time_zone"]

    def clean_email(self) -> str:
        email = check_email(self.cleaned_data["email"])
        if User.objects.filter(email_key=email_key(email)).exists():
            raise ValidationError(_("Somebody with this e-mail address is here already."))
        return email


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ["name"]


class ApiKeyForm(forms.ModelForm):
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Give a key only what its program needs."),
    )
    until = forms.DateField(
        label=_("Works until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The last day, in the workspace's time zone. Left empty, the key works until it is revoked."),
    )

    class Meta:
        model = ApiKey
        fields = ["name", "scopes"]

    def clean_until(self) -> datetime | None:
        """The moment the key stops working: the end of the chosen day."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if not timezone.now().date() <= day <= timezone.now().date() + timedelta(days=3_653):
            raise ValidationError(_("Choose a day from today to ten years on."))
        return datetime.combine(day + timedelta(days=1), time(), settings.WORKSPACE_ZONE).astimezone(UTC)
