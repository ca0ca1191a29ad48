"""What the privacy officer fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gehoor.disclosure import policy
from gehoor.offices.journal import Verb


class VerbForm(forms.Form):
    """Which kind of line of the journal."""

    verb = forms.ChoiceField(label=_("Which lines?"), choices=[("", _("All lines")), *Verb.choices], required=False)


class SmallestGroupForm(forms.Form):
    """The smallest group and the decision behind it."""

    smallest = forms.IntegerField(label=_("Smallest group"), max_value=1000)
    decision = forms.CharField(
        label=_("Decision"),
        help_text=_("Why, and who agreed. One or two sentences. They are kept in the journal."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=200,
        required=False,
    )

    def clean_smallest(self) -> int:
        """Not below the floor of the policy."""
        number, floor = int(self.cleaned_data["smallest"]), policy.load().internal_floor
        if number < floor:
            raise forms.ValidationError(_("The smallest group cannot be below %(floor)s.") % {"floor": floor})
        return number
