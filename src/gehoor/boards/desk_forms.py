"""Forms of staff for the files and the paper of a board: text in, clean Python out."""

import secrets
from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gehoor.base.errors import BadInput
from gehoor.base.languages import LANGUAGES
from gehoor.boards import importing, outline, paper
from gehoor.boards.importing import Choice, Read
from gehoor.boards.state import LONGEST_NOTE, Frame

FORMATS = [
    ("pdf", gettext_lazy("PDF: to read, print and keep")),
    ("odt", gettext_lazy("ODT: to go on writing in a word processor")),
    ("csv", gettext_lazy("CSV: for a spreadsheet or a programme for analysis")),
    ("json", gettext_lazy("JSON: for another programme")),
]
SHAPES = [
    ("lines", gettext_lazy("Lines: each line is a note")),
    ("table", gettext_lazy("A table (CSV), as Miro and spreadsheets make it")),
]


def _kinds() -> list[tuple[str, str]]:
    return [(kind, str(text)) for kind, text in outline.KINDS.items()]


def _voices(unknown: str) -> list[tuple[str, str]]:
    return [("", unknown), *((role, str(text)) for role, text in outline.ROLES.items())]


class ExportForm(forms.Form):
    """Which file, and whether hidden notes go along."""

    format = forms.ChoiceField(
        label=gettext_lazy("Kind of file"), choices=FORMATS, initial="pdf", widget=forms.RadioSelect
    )
    hidden = forms.BooleanField(label=gettext_lazy("Also the notes that were hidden; each is marked"), required=False)


class SourceForm(forms.Form):
    """What to import: pasted, or a file. `found` is what was read of it."""

    shape = forms.ChoiceField(
        label=gettext_lazy("What is it?"), choices=SHAPES, initial="lines", widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("Paste the notes"),
        help_text=gettext_lazy(
            "“Name of the part: text” puts a note in that part of the board. Of other lines you choose the part yourself."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "autocomplete": "off", "dir": "auto"}),
        strip=False,
        required=False,
    )
    file = forms.FileField(
        label=gettext_lazy("Or choose a file"),
        help_text=gettext_lazy("A CSV from Miro, or a file with text. At most 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
        required=False,
    )

    def __init__(self, frames: Sequence[Frame], data: Any = None, files: Any = None, **more: Any) -> None:
        super().__init__(data, files, **more)
        self.frames = frames
        self.found: Read | None = None

    def clean(self) -> dict[str, Any]:
        """Read the one that was given. What a file held comes back in the field, so that it can be mended there."""
        file: UploadedFile[bytes] | None = self.cleaned_data.get("file")
        if file and (self.cleaned_data.get("text") or "").strip():
            raise forms.ValidationError(_("Paste the notes or choose a file, not both."))
        try:
            if file:
                self._keep(file)
            shape, text = self.cleaned_data.get("shape"), self.cleaned_data.get("text") or ""
            if shape:
                self.found = importing.read(text, self.frames, is_table=shape == "table")
        except BadInput as error:
            for problem in error.problems:
                self.add_error("text", problem)
        return self.cleaned_data

    def _keep(self, file: "UploadedFile[bytes]") -> None:
        if (file.size or 0) > importing.MOST_BYTES:
            raise BadInput([_("This file is too large: at most 2 MB.")])
        text = importing.text_of(bytes(file.read()))
        shape = "table" if str(file.name).casefold().endswith((".csv", ".tsv")) else self.cleaned_data.get("shape")
        self.cleaned_data |= {"text": text, "shape": shape}
        data = cast("QueryDict", self.data).copy()
        data["text"], data["shape"] = text, shape or ""
        self.data = data


class PlacesForm(forms.Form):
    """Where each group goes, and whose notes they are."""

    voice = forms.ChoiceField(
        label=gettext_lazy("Whose notes are they?"),
        help_text=gettext_lazy(
            "For notes of which the file does not say it. Leave it open when they come from several."
        ),
        required=False,
    )
    kind = forms.ChoiceField(label=gettext_lazy("What kind of notes are they?"), initial="idea")

    def __init__(self, found: Read, frames: Sequence[Frame], data: Any = None) -> None:
        super().__init__(data)
        self.found = found
        self.fields["voice"].choices = _voices(_("not known"))  # type: ignore[attr-defined]
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]
        for place, group in enumerate(found.groups):
            self.fields[f"frame_{place}"] = _where(group, frames, number=place + 1)
            if group.may_be_name:
                self.fields[f"name_{place}"] = forms.BooleanField(
                    label=_("The first line is the name of this part, and no note"),
                    initial=group.first_is_name,
                    required=False,
                )

    def choices(self) -> list[Choice]:
        """Where each group goes, in their order."""
        return [
            Choice(int(self.cleaned_data[f"frame_{place}"]), bool(self.cleaned_data.get(f"name_{place}")))
            for place in range(len(self.found.groups))
        ]

    def shown(self) -> list[tuple[importing.Group, Any, Any]]:
        """Each group with its fields."""
        return [
            (group, self[f"frame_{place}"], self[f"name_{place}"] if group.may_be_name else None)
            for place, group in enumerate(self.found.groups)
        ]


def _where(group: importing.Group, frames: Sequence[Frame], *, number: int) -> forms.ChoiceField:
    """The part of the board for a group. Nothing is chosen when the board has no part with its name."""
    known = importing.frame_for(group, frames)
    parts = [(str(place), frame.title) for place, frame in enumerate(frames)]
    is_named = bool(importing.name_of(group))
    if group.name:
        why = _("Choose where “%(name)s” goes.") % {"name": group.name}
    elif group.may_be_name:
        why = _("Choose where group %(number)s goes.") % {"number": number}
    else:
        why = _("Choose where the lines without a part go.")
    return forms.ChoiceField(
        label=_("These go to"),
        help_text=_("The board has no part with this name.") if is_named and known is None else "",
        choices=parts if known is not None else [("", _("choose a part")), *parts],
        initial="" if known is None else str(known),
        error_messages={"required": why},
    )


class CardsForm(forms.Form):
    """Which cards to print."""

    frames = forms.MultipleChoiceField(
        label=gettext_lazy("For which parts of the board?"), widget=forms.CheckboxSelectMultiple
    )
    pages = forms.IntegerField(
        label=gettext_lazy("Sheets for each part"),
        help_text=gettext_lazy("A sheet has 8 cards. Count on three cards for each person and part."),
        min_value=1,
        max_value=paper.MOST_PAGES,
        initial=3,
    )
    first = forms.IntegerField(
        label=gettext_lazy("Number of the first card"),
        help_text=gettext_lazy("Did you print cards for this meeting before? Go on after the last number."),
        min_value=1,
        max_value=paper.HIGHEST_NUMBER,
        initial=1,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the fixed words"),
        choices=[(language.code, language.name) for language in LANGUAGES.values()],
        initial="nl",
    )

    def __init__(self, frames: Sequence[Frame], data: Any = None) -> None:
        super().__init__(data, initial={"frames": [str(place) for place in range(len(frames))]})
        self.fields["frames"].choices = [(str(place), frame.title) for place, frame in enumerate(frames)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """No more paper than a person carries, and no number that is not there."""
        given = self.cleaned_data
        if not {"frames", "pages", "first"} <= given.keys():
            return given
        pages, last = given["pages"], given["first"] + given["pages"] * paper.CARDS_A_PAGE - 1
        if len(given["frames"]) * pages > paper.MOST_PAGES:
            self.add_error("pages", _("At most %(most)s sheets at a time.") % {"most": paper.MOST_PAGES})
        if last > paper.HIGHEST_NUMBER:
            self.add_error("first", _("Cards have numbers up to %(most)s.") % {"most": paper.HIGHEST_NUMBER})
        return given


class TypeForm(forms.Form):
    """One card. `card` is None for one without a number."""

    key = forms.RegexField(r"^[A-Za-z0-9_-]{22}$", widget=forms.HiddenInput)
    number = forms.CharField(
        label=gettext_lazy("Number on the card"),
        help_text=gettext_lazy("Such as 2-7. Leave it empty for a note without one."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 6}),
        required=False,
        max_length=12,
    )
    frame = forms.ChoiceField(label=gettext_lazy("Part of the board"), required=False)
    text = forms.CharField(
        label=gettext_lazy("What does it say?"),
        help_text=gettext_lazy("Word for word, mistakes included. A name becomes […]."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_NOTE, "autocomplete": "off", "dir": "auto"}),
    )
    voice = forms.ChoiceField(label=gettext_lazy("Whose card is it?"), required=False, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=gettext_lazy("What kind of note is it?"), initial="idea")

    def __init__(self, frames: Sequence[Frame], data: Any = None, *, number: str = "") -> None:
        super().__init__(data, initial={"number": number, "key": secrets.token_urlsafe(16), "voice": ""})
        self.frames = frames
        parts = [(str(place), frame.title) for place, frame in enumerate(frames)]
        self.fields["frame"].choices = [("", _("as the number says")), *parts]  # type: ignore[attr-defined]
        self.fields["voice"].choices = _voices(_("not ticked"))  # type: ignore[attr-defined]
        self.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]
        self.fields["text" if number else "number"].widget.attrs["autofocus"] = True

    def clean_number(self) -> paper.Card | None:
        """The card, when it has a number of this board."""
        typed: str = self.cleaned_data["number"]
        if not typed.strip():
            return None
        card = paper.Card.of(typed)
        if card is None or card.frame >= len(self.frames):
            raise forms.ValidationError(_("There is no card with this number. Look at the card again: such as 2-7."))
        return card

    def clean(self) -> dict[str, Any]:
        """A card without a number needs a part of the board."""
        given = self.cleaned_data
        if "number" in given and not given["number"] and not given.get("frame"):
            self.add_error("frame", _("Choose a part of the board, or type the number on the card."))
        return given

    @property
    def place(self) -> int:
        """The frame: the one that was chosen, or else that of the number."""
        chosen = self.cleaned_data.get("frame")
        return int(chosen) if chosen else int(self.cleaned_data["number"].frame)
