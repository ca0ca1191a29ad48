"""Text in, clean Python out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gehoor.base import clock
from gehoor.meetings.models import Kind


class MeetingForm(forms.Form):
    """A meeting as it is planned."""

    kind = forms.ChoiceField(label=_("Kind of meeting"), choices=Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("As the people who come read it, such as: Talk with youths about the letters."),
    )
    purpose = forms.CharField(
        label=_("What is it for?"), max_length=300, help_text=_("One sentence. Who comes reads it before joining.")
    )
    held_on = forms.DateField(
        label=_("Day"), initial=clock.today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
