"""What readers and triage fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gehoor.reading.models import Category, Step

LONGEST = 6000  # a client writes 2000 characters at most; a reader may need more for words like [name of a school]


class WordsForm(forms.Form):
    """The text as it will be kept. `why` goes along at triage, so that opening again is logged with its reason."""

    words = forms.CharField(
        label=_("This is what we keep"),
        help_text=_("Change what still points at a person. Keep the client's own words for the rest."),
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Nothing is left of this text. Set it aside instead.")},
        max_length=LONGEST,
    )
    why = forms.CharField(widget=forms.HiddenInput, required=False, max_length=150)

    def __init__(self, *args: Any, language: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["words"].widget.attrs["lang"] = language

    def clean_words(self) -> str:
        """Browsers send line ends as two characters."""
        return str(self.cleaned_data["words"]).replace("\r\n", "\n").replace("\r", "\n")


class ReasonForm(forms.Form):
    """Why triage opens a text."""

    why = forms.CharField(
        label=_("Why do you open this text?"),
        help_text=_("For example: first look, or: talked with Veilig Thuis. No names. It is kept in the journal."),
        max_length=150,
    )


class ConcernForm(forms.Form):
    """What triage did about danger."""

    category = forms.ChoiceField(label=_("What is it about?"), choices=Category.choices, widget=forms.RadioSelect)
    step = forms.ChoiceField(
        label=_("How far are you in the reporting code?"), choices=Step.choices, widget=forms.RadioSelect
    )
    decision = forms.CharField(
        label=_("What did you decide?"),
        help_text=_(
            "One sentence without names, and without words of the text. For example: advice asked, no report for now."
        ),
        max_length=300,
    )
