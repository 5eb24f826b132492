"""The form of a webhook: it checks the address and never goes there."""

from django import forms
from django.utils.translation import gettext_lazy as _

from . import webclient
from .models_hooks import Hook


class HookForm(forms.ModelForm):
    """Who listens, and where."""

    class Meta:
        model = Hook
        fields = ("label", "url", "is_active")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["url"].help_text = _("Begins with https://. Addresses inside your own network are refused.")
        self.fields["url"].widget.attrs["inputmode"] = "url"

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            webclient.check_url(url)
        except webclient.Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return url
