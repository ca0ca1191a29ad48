"""Text in, clean Python out."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gehoor.base import clock
from gehoor.base.languages import LANGUAGES
from gehoor.meetings import consents, guide, plans, rules
from gehoor.meetings.models import Age, Kind, Meeting, Voice
from gehoor.ui import typeset

FACTS = ("name", "purpose", "held_on", "begins_at", "place", "moderator", "clients", "listeners", "asks_consent")
MOST_COPIES = 100
VOICES = {
    Voice.YOUTH.value: _("Youths"),
    Voice.PARENT.value: _("Parents"),
    Voice.STAFF.value: _("Staff"),
    Voice.PARTNER.value: _("Partners"),
}


class PlanForm(forms.Form):
    """A meeting as it is planned. The clean data are the arguments of `changes.plan` and `changes.change_plan`."""

    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As the people who come read it, such as: Talk with youths about the letters."),
        error_messages={"required": _("Give the meeting a name.")},
    )
    purpose = forms.CharField(
        label=_("What is it for?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence. Who comes reads it before joining."),
        error_messages={"required": _("Say what the meeting is for.")},
    )
    held_on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    begins_at = forms.TimeField(
        label=_("Beginning"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=120,
        help_text=_("An address, or: online. Choose no place where hearings are held."),
    )
    audience = forms.MultipleChoiceField(
        label=_("Who comes?"), required=False, choices=list(VOICES.items()), widget=forms.CheckboxSelectMultiple
    )
    moderator = forms.CharField(
        label=_("Who leads it?"), required=False, max_length=80, help_text=_("A name or a function.")
    )
    clients = forms.IntegerField(label=_("How many clients do you expect?"), required=False, min_value=0, max_value=300)
    listeners = forms.IntegerField(label=_("How many listeners?"), required=False, min_value=0, max_value=300)
    asks_consent = forms.BooleanField(
        label=_("Consent is the ground on which we keep what is said"),
        required=False,
        help_text=_(
            "Then a youth under 16 joins only when a parent agrees too. Leave it off for a meeting on a board where no names are kept; ask your privacy officer."
        ),
    )
    own_words_under_12 = forms.CharField(label=Age.UNDER_12.label, required=False, max_length=600)
    own_words_12_15 = forms.CharField(label=Age.FROM_12.label, required=False, max_length=600)
    own_words_from_16 = forms.CharField(label=Age.FROM_16.label, required=False, max_length=600)
    own_words_others = forms.CharField(label=_("Everybody else"), required=False, max_length=600)

    def __init__(self, kind: str, data: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial={"kind": kind, **initial})
        self._ask_only_what_matters(plans.plan_for(kind))
        for name in OWN_WORDS:
            self.fields[name].widget = forms.Textarea(attrs={"rows": 3})

    def _ask_only_what_matters(self, plan: plans.Plan) -> None:
        """The numbers that have a norm for this kind of meeting; and who leads it, where that cannot wait."""
        self.fields["moderator"].required = any(check.hard and check.key == "moderator" for check in plan.checks)
        self.fields["moderator"].error_messages["required"] = rules.no_moderator()
        for name, norm in (("clients", plan.clients), ("listeners", plan.listeners)):
            if norm is None:
                del self.fields[name]
            elif norm.most:
                words = _("From %(least)s to %(most)s.") if norm.least else _("At most %(most)s.")
                self.fields[name].help_text = words % {"least": norm.least, "most": norm.most}

    @property
    def own_words(self) -> list[forms.BoundField]:
        """The fields for words of one's own, for each age."""
        return [self[name] for name in OWN_WORDS]

    @property
    def has_own_words(self) -> bool:
        """Is there anything in them?"""
        return any(bound.value() or bound.errors for bound in self.own_words)

    def clean(self) -> dict[str, Any]:
        """Refused before anything is planned."""
        found = self.cleaned_data
        why = rules.why_not_hold(
            kind=found.get("kind", ""),
            moderator=found.get("moderator", ""),
            clients=found.get("clients"),
            listeners=found.get("listeners"),
        ) if found.get("kind") else {}  # fmt: skip
        for name, sentence in why.items():
            if name not in self.errors:
                self.add_error(name, sentence)
        found["consent"] = {age: found.pop(name) for name, age in OWN_WORDS.items() if found.get(name)}
        return {name: value for name, value in found.items() if name not in OWN_WORDS}


OWN_WORDS = {
    "own_words_under_12": Age.UNDER_12.value,
    "own_words_12_15": Age.FROM_12.value,
    "own_words_from_16": Age.FROM_16.value,
    "own_words_others": consents.UNKNOWN,
}


def first_words(kind: str, today: dt.date) -> dict[str, Any]:
    """What stands in the form of a new meeting."""
    plan = plans.plan_for(kind)
    return {
        "name": str(Kind(kind).label),
        "purpose": plan.purpose,
        "audience": list(plan.audience),
        "held_on": _working_day(today + dt.timedelta(plan.lead_days)),
        "begins_at": dt.time(15),
        "asks_consent": plan.asks_consent,
    }


def _working_day(day: dt.date) -> dt.date:
    return day if clock.is_working_day(day) else _working_day(day + dt.timedelta(1))


def words_of(meeting: Meeting) -> dict[str, Any]:
    """A plan as it stands."""
    own = {name: meeting.consent.get(age, "") for name, age in OWN_WORDS.items()}
    return {**{name: getattr(meeting, name) for name in FACTS}, "audience": meeting.audience, **own}


class StepForm(forms.Form):
    """A line of the guide."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=guide.LONGEST_STEP)
    title = forms.CharField(label=_("What happens"), max_length=120)
    words = forms.CharField(
        label=_("What you say and do"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


GuideForms = forms.formset_factory(
    StepForm, extra=0, max_num=guide.MOST_STEPS, absolute_max=guide.MOST_STEPS, validate_max=True
)


class OutcomeForm(forms.Form):
    """What became of a meeting."""

    outcome = forms.CharField(
        label=_("Your answer to the people who came"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Plain words, without names: what you heard, what you will do and when, what you will not do and why. Who comes back with the 16 digits reads it."
        ),
        error_messages={"required": _("Write what you do with what was said, or what not and why.")},
    )


WHOM = [
    (Age.UNDER_12.value, _("Youths younger than 12")),
    (Age.FROM_12.value, _("Youths of 12 to 15")),
    (Age.FROM_16.value, _("Youths of 16 or older")),
    (consents.UNKNOWN, _("Parents, staff and partners")),
]


class InvitationForm(forms.Form):
    """An invitation on paper: in which language, in which shape, how many, for whom."""

    shape = forms.ChoiceField(
        label=_("Letter or card?"),
        choices=[
            ("letter", _("A letter: one on a page, with all that somebody agrees to")),
            ("card", _("A card: eight on a page, with the day, the place and the code")),
        ],
        widget=forms.RadioSelect,
        initial="letter",
    )
    age = forms.ChoiceField(
        label=_("For whom?"),
        choices=WHOM,
        required=False,
        help_text=_("The letter says what somebody of that age agrees to."),
    )
    language = forms.ChoiceField(
        label=_("Language on the paper"),
        choices=[(language.code, language.name) for language in LANGUAGES.values()],
        help_text=_("Everybody can choose another language when joining."),
    )
    copies = forms.IntegerField(label=_("How many copies?"), min_value=1, max_value=MOST_COPIES, initial=8)

    def clean_language(self) -> str:
        """A language that this computer can print."""
        language: str = self.cleaned_data["language"]
        if why := typeset.why_not_print_in(language):
            raise forms.ValidationError(why)
        return language
