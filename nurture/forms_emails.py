"""Forms of e-mails. They validate and never write."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _

from leads.forms import plain_helper

from .merge_language import MOST_CHARACTERS
from .models import Email, EmailVersion
from .models.emails import TYPED


class EmailForm(forms.ModelForm):
    """The name of an e-mail, and the topic that people can leave."""

    class Meta:
        model = Email
        fields = ("name", "topic")
        help_texts = {
            "name": _("For you and your colleagues; readers do not see it."),
            "topic": _("What readers call this kind of e-mail. They can leave one topic and keep the others."),
        }

    def __init__(self, *args: Any, topics: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = topics
        self.fields["topic"].widget.attrs["list"] = "email-topics"
        self.helper = plain_helper("name", "topic")

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not self.instance.archived_at and Email.objects.in_use_as(name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is an e-mail with this name already."), code="taken")
        return name


class DraftForm(forms.ModelForm):
    """What a draft says. Every field may be blank: a draft can always be kept; finishing it asks for more."""

    class Meta:
        model = EmailVersion
        fields = TYPED
        labels = {"subject_b": _("Second subject"), "body": _("Text")}
        help_texts = {
            "subject_b": _("Optional. Half of the readers get it; the e-mail's page tells which one works."),
            "preview_text": _("Shown behind the subject in the inbox."),
            "body": _(
                "# heading, **bold**, - item, > quotation, [words](https://…), ![what it shows](https://…). A link in a paragraph of its own is a button. {% if city %} … {% endif %} shows a part only where the city is known."
            ),
        }
        widgets = {"body": forms.Textarea(attrs={"rows": 18, "spellcheck": "true", "class": "mail-words"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.show_hidden_initial = True
            field.widget.attrs.setdefault("class", "form-control")
            field.widget.attrs["autocomplete"] = "off"
            field.validators.append(ProhibitNullCharactersValidator())
            if name == "body":
                field.validators.append(MaxLengthValidator(MOST_CHARACTERS))
                field.widget.attrs["class"] += " form-control"
                field.strip = False  # type: ignore[attr-defined]

    def clean_body(self) -> str:
        """The text with the line ends that it is stored with; browsers send others."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")

    def good_answers(self) -> dict[str, Any]:
        """What was changed and can be kept, even where another field is wrong."""
        return {name: self.cleaned_data[name] for name in self.changed_data if name in self.cleaned_data}

    def seen(self) -> dict[str, Any]:
        """What the page showed of the changed fields before they were changed, where it says so."""
        names = ((name, self.add_initial_prefix(name)) for name in self.changed_data)
        return {name: self.data[hidden] for name, hidden in names if hidden in self.data}
