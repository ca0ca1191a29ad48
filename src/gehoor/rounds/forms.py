"""Text in, clean Python out. Nothing is saved here."""

import datetime as dt
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gehoor.base.errors import BadInput
from gehoor.base.languages import LANGUAGES
from gehoor.offices import queries as offices
from gehoor.offices.models import Office, Team
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires.models import Version
from gehoor.rounds import addresses, queries, rules
from gehoor.rounds.addresses import Address
from gehoor.rounds.models import Anonymity, Mode, Moment, Product, Round, Stage
from gehoor.ui import typeset

DAYS = 60
LARGEST_FILE = 2 * 1024 * 1024
# On paper or in somebody's hand. A text message would need a list of telephone numbers beside the codes.
PRINTED = (Mode.CARD, Mode.LETTER, Mode.TABLET, Mode.SESSION, Mode.PHONE)

EXPLAINED = [
    (
        Anonymity.FORGET,
        gettext_lazy(
            "A code for each person. Each code works once, so nobody answers twice. After printing or sending, nobody can find out who got which code."
        ),
    ),
    (
        Anonymity.OPEN,
        gettext_lazy(
            "One shared code for a place and a period, for example on a poster. Somebody could answer more than once."
        ),
    ),
]


class Day(forms.DateInput):
    """A day as browsers understand it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RoundForm(forms.Form):
    """A new round. The clean data are the arguments of `changes.make_round`."""

    version = forms.ChoiceField(
        label=gettext_lazy("Questionnaire"),
        help_text=gettext_lazy("It decides whom you ask. The voices are never mixed."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the round"),
        max_length=120,
        help_text=gettext_lazy("Only your colleagues see this name."),
        error_messages={"required": gettext_lazy("Give the round a name. So your colleagues find it again.")},
    )
    purpose = forms.CharField(
        label=gettext_lazy("What do you want to learn?"),
        help_text=gettext_lazy("And which decision do you need it for?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what you want to learn, and for which decision.")},
    )
    readers = forms.CharField(
        label=gettext_lazy("Who reads the texts?"),
        help_text=gettext_lazy("A name or a function, never an attendance officer or a team lead."),
        max_length=200,
        error_messages={"required": gettext_lazy("Say who reads the texts: clients are told.")},
    )
    anonymity = forms.ChoiceField(
        label=gettext_lazy("How do people get in?"),
        help_text=gettext_lazy("This can never change once codes were made."),
        choices=EXPLAINED,
        widget=forms.RadioSelect,
    )
    moment = forms.ChoiceField(label=gettext_lazy("When in the contact do you ask?"), choices=Moment.choices)
    stage = forms.ChoiceField(
        label=gettext_lazy("How much pressure is there on the client?"),
        help_text=gettext_lazy("Never ask while a hearing, an official report or an objection is under way."),
        choices=Stage.choices,
    )
    product = forms.ModelChoiceField(
        label=gettext_lazy("What was the contact about?"), queryset=Product.objects.none(), empty_label=None
    )
    team = forms.ModelChoiceField(
        label=gettext_lazy("For one team only"),
        help_text=gettext_lazy("Results of one team are shown only when it has three officers or more."),
        queryset=Team.objects.none(),
        required=False,
        empty_label=gettext_lazy("The whole office"),
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=Day())
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=Day())

    def __init__(self, office: Office, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.office = office
        self.fields["version"].choices = [  # type: ignore[attr-defined]  # a choice field
            (str(shown.version.pk), f"{shown.numbered} ({shown.voice})") for shown in questionnaires.shown_for(office)
        ]
        self.fields["product"].queryset = queries.products()  # type: ignore[attr-defined]
        self.fields["team"].queryset = offices.teams_of(office)  # type: ignore[attr-defined]

    def clean_version(self) -> Version:
        """The version itself."""
        return questionnaires.version_for(self.office, int(self.cleaned_data["version"]))

    def clean_ends_on(self) -> dt.date:
        """Not before the first day."""
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data["ends_on"]
        if first and last < first:
            raise forms.ValidationError(_("The last day comes before the first day."))
        return last  # type: ignore[no-any-return]  # cleaned data are untyped


def first_words(today: dt.date) -> dict[str, Any]:
    """What stands in the form of a new round."""
    return {
        "anonymity": Anonymity.FORGET,
        "moment": Moment.CONTACT,
        "stage": Stage.VOLUNTARY,
        "readers": _("an independent reader of our office"),
        "starts_on": today,
        "ends_on": today + dt.timedelta(DAYS),
    }


def words_of(a_round: Round, today: dt.date) -> dict[str, Any]:
    """A new round like an earlier one, in a period of its own."""
    names = ("name", "purpose", "readers", "anonymity", "moment", "stage", "product", "team")
    return {**first_words(today), "version": a_round.version_id, **{name: getattr(a_round, name) for name in names}}


class CodesForm(forms.Form):
    """How many codes on paper, for which channel, in which language."""

    mode = forms.ChoiceField(
        label=gettext_lazy("How do people get the code?"),
        help_text=gettext_lazy("A letter has a page for each code. Everything else comes as cards, eight on a page."),
        choices=[(mode.value, mode.label) for mode in PRINTED],
    )
    size = forms.IntegerField(label=gettext_lazy("How many codes?"), min_value=1, initial=40)
    language = forms.ChoiceField(
        label=gettext_lazy("Language on the paper"),
        help_text=gettext_lazy("Everybody can choose another language when answering."),
    )
    product = forms.ModelChoiceField(
        label=gettext_lazy("What was the contact about?"),
        help_text=gettext_lazy("Choose something else only when this batch is about something else than the round."),
        queryset=Product.objects.none(),
        empty_label=None,
    )

    def __init__(self, a_round: Round, data: Any = None) -> None:
        super().__init__(data, initial={"product": a_round.product_id})
        self.round = a_round
        content = questionnaires.content_of(a_round.version_id)
        self.fields["language"].choices = [(code, LANGUAGES[code].name) for code in content.languages]  # type: ignore[attr-defined]
        self.fields["product"].queryset = queries.products()  # type: ignore[attr-defined]
        if a_round.anonymity == Anonymity.OPEN:
            self.fields["size"].initial = 1
            self.fields["size"].widget = forms.HiddenInput()

    def clean_language(self) -> str:
        """A language that this computer can print."""
        language: str = self.cleaned_data["language"]
        if why := typeset.why_not_print_in(language):
            raise forms.ValidationError(why)
        return language

    def clean(self) -> dict[str, Any]:
        """Refused before a code is made."""
        size, mode = self.cleaned_data.get("size"), self.cleaned_data.get("mode")
        if size and mode and (why := rules.why_not_print(self.round, size=size, mode=mode)):
            self.add_error("size", why)
        return self.cleaned_data


class AddressesForm(forms.Form):
    """A list of addresses, pasted or as a file. `cleaned_data["people"]` holds what was read of it."""

    text = forms.CharField(
        label=gettext_lazy("Paste the list"),
        help_text=gettext_lazy(
            "One line for each person: the address, a comma, the language. For example: someone@example.nl,ar"
        ),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("Or choose a CSV file"),
        help_text=gettext_lazy("With the columns address and language, and no other ones."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        required=False,
    )
    product = forms.ModelChoiceField(
        label=gettext_lazy("What was the contact about?"), queryset=Product.objects.none(), empty_label=None
    )

    def __init__(self, a_round: Round, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"product": a_round.product_id})
        self.languages = questionnaires.content_of(a_round.version_id).languages
        self.fields["product"].queryset = queries.products()  # type: ignore[attr-defined]

    def clean_file(self) -> str:
        """The text of the file, or "" without one."""
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if not file:
            return ""
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(_("This file is too large: at most 2 MB."))
        try:
            return bytes(file.read()).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(
                _("This is not a text file in UTF-8. Save it as “CSV UTF-8” and try again.")
            ) from None

    def clean(self) -> dict[str, Any]:
        """Read the one that was given."""
        if "file" not in self.cleaned_data:
            return self.cleaned_data
        name = "file" if self.cleaned_data["file"] else "text"
        if self.cleaned_data["file"] and self.cleaned_data.get("text"):
            raise forms.ValidationError(_("Paste a list or choose a file, not both."))
        try:
            self.cleaned_data["people"] = self._read(self.cleaned_data.get(name, ""))
        except BadInput as error:
            for problem in error.problems:
                self.add_error(name, problem)
        return self.cleaned_data

    def _read(self, text: str) -> list[Address]:
        return addresses.read(text, languages=self.languages)


class SendForm(forms.Form):
    """Above a certain number somebody types it over (standards.md requirement 110)."""

    number = forms.IntegerField(label=gettext_lazy("Type the number of people that you write to"))

    def __init__(self, data: Any = None, *, waiting: int, begun: bool) -> None:
        super().__init__(data)
        self.waiting = waiting
        if begun or waiting <= rules.MANY_MESSAGES:
            del self.fields["number"]

    def clean_number(self) -> int:
        """The same number."""
        if self.cleaned_data["number"] != self.waiting:
            raise forms.ValidationError(_("This is not the number on this page. Check the list first."))
        return self.waiting
