"""Text in, clean Python out."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gehoor.base import clock
from gehoor.base.errors import BadInput
from gehoor.base.languages import LANGUAGES
from gehoor.interviews import calls, rules, transcripts
from gehoor.interviews.models import WHO, AgreedBy, Ended, How
from gehoor.meetings.models import Age, Voice

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

TONGUES = [(language.code, language.name) for language in LANGUAGES.values()]
LARGEST_LIST = 1024 * 1024
MAY_AGREE = {
    Age.UNDER_12.value: {AgreedBy.BOTH, AgreedBy.PARENT},
    Age.FROM_12.value: {AgreedBy.BOTH},
    Age.FROM_16.value: {AgreedBy.SELF, AgreedBy.BOTH},
}
FIRST_HOUR, LAST_HOUR = 8, 21
DAY = forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")


def _one_of(choices: Any, label: Any, *, or_else: Any) -> forms.ChoiceField:
    """All choices on the page, one of which has to be taken; `or_else` is what is said to who took none."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages={"required": or_else}
    )


class WhoForm(forms.Form):
    """Who talks, before anything: it decides who has to agree, and in which words."""

    how = _one_of(How.choices, gettext_lazy("Where is the talk?"), or_else=gettext_lazy("Choose where the talk is."))
    voice = _one_of(list(WHO.items()), gettext_lazy("Who talks?"), or_else=gettext_lazy("Choose who talks."))
    age = _one_of(
        Age.choices, gettext_lazy("How old is this person?"), or_else=gettext_lazy("Choose how old this person is.")
    )
    language = forms.ChoiceField(
        label=gettext_lazy("In which language do you talk?"),
        help_text=gettext_lazy("The words that ask for consent are in this language."),
        choices=TONGUES,
        error_messages={"required": gettext_lazy("Choose the language of the talk.")},
    )

    def clean(self) -> dict[str, Any]:
        """Only youths are younger than 16."""
        given = self.cleaned_data
        if given.get("voice", Voice.YOUTH) != Voice.YOUTH and given.get("age") in {Age.UNDER_12, Age.FROM_12}:
            self.add_error("age", _("A parent, a colleague or a partner is 16 or older."))
        return given


class ConsentForm(forms.Form):
    """What somebody agreed to. `key` makes that pressing twice is one talk."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    agreed_by = _one_of(AgreedBy.choices, gettext_lazy("Who agreed?"), or_else=gettext_lazy("Choose who agreed."))
    with_parent = forms.BooleanField(
        label=gettext_lazy("A parent or carer sits beside the child during the talk"), required=False
    )
    takes_part = forms.BooleanField(label=gettext_lazy("Wants to take part"), required=False)
    may_quote = forms.BooleanField(label=gettext_lazy("Words may be used without a name"), required=False)
    may_record = forms.BooleanField(label=gettext_lazy("Sound may be recorded"), required=False)

    def __init__(self, data: Any = None, *, who: dict[str, str]) -> None:
        super().__init__(data, initial={"key": uuid.uuid4()})
        self.who = who
        if who["age"] != Age.UNDER_12:
            del self.fields["with_parent"]
        self.fields["agreed_by"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in AgreedBy.choices if value in MAY_AGREE[who["age"]]
        ]

    def clean(self) -> dict[str, Any]:
        """The rule says it in a sentence, at its own field."""
        given = self.cleaned_data
        why = rules.why_not_agree(
            age=self.who["age"],
            voice=self.who["voice"],
            agreed_by=given.get("agreed_by", AgreedBy.BOTH),  # one that is missing has a sentence of its own
            with_parent=given.get("with_parent", False),
            takes_part=given.get("takes_part", False),
        )
        if why:
            self.add_error(
                "takes_part"
                if not given.get("takes_part")
                else "with_parent"
                if "with_parent" in given
                else "agreed_by",
                why,
            )
        return given


class CallListForm(forms.Form):
    """A call list, pasted or as a file. `cleaned_data["people"]` holds what was read of it."""

    text = forms.CharField(
        label=gettext_lazy("Paste the list"),
        help_text=gettext_lazy(
            "One line for each person: name, number, language, who, when to call. For example: Amira,06 12345678,nl,youth,after school"
        ),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("Or choose a CSV file"),
        help_text=gettext_lazy("With the columns name, number, language, voice and note, and no other ones."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Read the one that was given."""
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        if file and text:
            raise forms.ValidationError(_("Paste a list or choose a file, not both."))
        name = "file" if file else "text"
        try:
            if file:
                text = _text_of(file)
            self.cleaned_data["people"] = calls.read(text)
        except BadInput as error:
            for problem in error.problems:
                self.add_error(name, problem)
        return self.cleaned_data


def _text_of(file: "UploadedFile[bytes]") -> str:
    if (file.size or 0) > LARGEST_LIST:
        raise BadInput([_("This file is too large: at most %(most)s MB.") % {"most": 1}])
    try:
        return bytes(file.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput([_("This is not a text file in UTF-8. Save it as “CSV UTF-8” and try again.")]) from None


class CallForm(forms.Form):
    """What became of a call."""

    contact = forms.UUIDField(widget=forms.HiddenInput)
    ended = forms.ChoiceField(choices=[(ended.value, ended.label) for ended in rules.PRESSED])
    day = forms.DateField(label=gettext_lazy("Call back on"), widget=DAY, required=False)
    hour = forms.TypedChoiceField(
        label=gettext_lazy("At"),
        choices=[(hour, f"{hour}:00") for hour in range(FIRST_HOUR, LAST_HOUR)],
        coerce=int,
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )

    @property
    def again(self) -> dt.datetime | None:
        """The hour to call back, when one was chosen."""
        day, hour = self.cleaned_data.get("day"), self.cleaned_data.get("hour")
        if self.cleaned_data.get("ended") != Ended.CALL_BACK or day is None or not hour:
            return None
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


class WordsForm(forms.Form):
    """A transcript, typed or corrected."""

    text = forms.CharField(
        label=gettext_lazy("What was said"),
        help_text=gettext_lazy(
            "Begin a line with I: for who asks and with R: for who answers. A new line is a new turn."
        ),
        widget=forms.Textarea(attrs={"rows": 16, "autocomplete": "off", "dir": "auto"}),
        max_length=2 * transcripts.MOST_CHARACTERS,
        error_messages={"required": gettext_lazy("Type what was said first.")},
    )


class ReplaceForm(forms.Form):
    """Words that are there already may go."""

    replace = forms.BooleanField(
        label=gettext_lazy("This file may take the place of the words that are there, with all corrections"),
        required=False,
    )


class HideForm(forms.Form):
    """A name, and what stands there instead."""

    word = forms.CharField(
        label=gettext_lazy("Name or word"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type the name or the word that has to go.")},
    )
    by = forms.CharField(
        label=gettext_lazy("Put there"),
        max_length=rules.LONGEST_PLACEHOLDER,
        initial="[naam]",
        error_messages={"required": gettext_lazy("Type what stands there instead, such as [naam] or [school].")},
    )

    def clean(self) -> dict[str, Any]:
        """The rule says why not."""
        given = self.cleaned_data
        if not self.errors and (why := rules.why_not_hide(given["word"], given["by"])):
            self.add_error("word", why)
        return given


class NumberForm(forms.Form):
    """The number that somebody got with the talk."""

    number = forms.CharField(
        label=gettext_lazy("Number of the talk"),
        help_text=gettext_lazy("16 digits. The person got it at the beginning."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Type the number of the talk.")},
    )


def default_day() -> dt.date:
    """The next working day, for calling back."""
    day = clock.today() + dt.timedelta(1)
    while not clock.is_working_day(day):
        day += dt.timedelta(1)
    return day
