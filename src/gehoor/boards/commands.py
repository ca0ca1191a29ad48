"""What somebody can ask of a board, as it comes in from a browser: checked for form here, for right in `rules`.

Pure. Sizes are counted in characters.
"""

import json
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from gehoor.base.errors import BadInput
from gehoor.base.signs import clean
from gehoor.boards.state import LONGEST_TITLE

MOST_AT_ONCE = 500


def _words_of(text: object) -> object:
    """Without what nobody sees; a text of such signs alone is empty."""
    if not isinstance(text, str):
        return text
    words = clean(text)
    return words if any(unicodedata.category(sign)[0] not in "CZ" for sign in words) else ""


def _title_of(text: object) -> object:
    """A heading on one line, no longer than fits."""
    return " ".join(clean(text).split())[:LONGEST_TITLE] if isinstance(text, str) else text


# What is too long for a note gets a sentence of `rules`; what is longer still was not typed.
Words = Annotated[str, BeforeValidator(_words_of), Field(max_length=50_000)]
Title = Annotated[str, BeforeValidator(_title_of)]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")]
NotePk = Key
Kind = Literal["idea", "experience", "worry", "wish", "question", "quote"]
Role = Literal["youth", "parent", "staff", "partner"]


class Asked(BaseModel):
    """One command. `key` is made anew for each by the browser: the same key twice happens once."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Key


class Write(Asked):
    """A new note. `role` is for the facilitator who types in somebody's paper card; else it is the writer's own."""

    do: Literal["write"]
    note: NotePk
    frame: int
    kind: Kind = "idea"
    text: Words
    role: Role | None = None
    mood: int = Field(ge=0, le=5, default=0)


class Edit(Asked):
    """Other words. `version` is the one that was on the screen: when it is no longer the last, both are shown."""

    do: Literal["edit"]
    note: NotePk
    kind: Kind
    text: Words
    version: int


class Revert(Asked):
    """The words from before the last change of an own note."""

    do: Literal["revert"]
    note: NotePk
    version: int


class Move(Asked):
    """To a frame, under a heading or none, before another note or at the end."""

    do: Literal["move"]
    note: NotePk
    frame: int
    cluster: Key | Literal[""] = ""
    before: NotePk | Literal[""] = ""


class Withdraw(Asked):
    """Take an own note back, or put it back."""

    do: Literal["withdraw"]
    note: NotePk
    on: bool = True


class MakeCluster(Asked):
    """A heading over notes of one frame."""

    do: Literal["cluster"]
    cluster: Key
    frame: int
    title: Title
    notes: list[NotePk] = Field(max_length=MOST_AT_ONCE, default=[])


class Rename(Asked):
    """Another text for a heading."""

    do: Literal["rename"]
    cluster: Key
    title: Title


class Scatter(Asked):
    """Take a heading away; its notes stay."""

    do: Literal["scatter"]
    cluster: Key


class Dot(Asked):
    """A vote. `slot` counts a person's own dots from 1."""

    do: Literal["dot"]
    note: NotePk
    slot: int


class Undot(Asked):
    """Take a vote back."""

    do: Literal["undot"]
    slot: int


class Ready(Asked):
    """I am ready."""

    do: Literal["ready"]


class Step(Asked):
    """To another phase."""

    do: Literal["step"]
    step: int


class Reveal(Asked):
    """Show the notes of a frame to everybody."""

    do: Literal["reveal"]
    frame: int


class Hide(Asked):
    """Hide a note that hurts somebody, or show it again."""

    do: Literal["hide"]
    note: NotePk
    on: bool = True


class Timer(Asked):
    """Minutes from now; 0 stops it."""

    do: Literal["timer"]
    minutes: int = Field(ge=0, le=180)


class Summon(Asked):
    """Bring everybody to a frame; -1 lets them go."""

    do: Literal["summon"]
    frame: int


class Lock(Asked):
    """Nobody but the facilitator changes anything."""

    do: Literal["lock"]
    on: bool = True


class AskReady(Asked):
    """Ask who is ready."""

    do: Literal["ask_ready"]


class Mute(Asked):
    """Somebody may read and no longer write, or may again."""

    do: Literal["mute"]
    person: int
    on: bool = True


class SetFrame(Asked):
    """A new frame (its number is the count of frames), or another title and question."""

    do: Literal["frame"]
    frame: int
    title: Title
    question: Words = ""
    layout: Literal["notes", "step"] = "notes"


class RemoveFrame(Asked):
    """Take the last frame away, when nothing lies in it: the numbers of the others stay."""

    do: Literal["unframe"]
    frame: int


Command = Annotated[
    Write
    | Edit
    | Revert
    | Move
    | Withdraw
    | MakeCluster
    | Rename
    | Scatter
    | Dot
    | Undot
    | Ready
    | Step
    | Reveal
    | Hide
    | Timer
    | Summon
    | Lock
    | AskReady
    | Mute
    | SetFrame
    | RemoveFrame,
    Field(discriminator="do"),
]
FACILITATORS = (Step, Reveal, Hide, Timer, Summon, Lock, AskReady, Mute, SetFrame, RemoveFrame)
_reader: TypeAdapter[Command] = TypeAdapter(Command)


def read(asked: object) -> Command:
    """A command from parsed JSON or a form. Raises BadInput when it is none."""
    try:
        return _reader.validate_python(asked)
    except ValidationError:
        raise BadInput(["This is no command of a board."]) from None


def read_list(body: bytes) -> list[Command]:
    """Commands from a JSON list. Raises BadInput when it is none, or when one in it is no command."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_AT_ONCE:
        raise BadInput(["Commands are a list."])
    return [read(one) for one in given]


def read_form(given: Mapping[str, str]) -> Command:
    """A command from the fields of a form, where every value is a text and an empty one was left out."""
    asked: dict[str, object] = {name: value for name, value in given.items() if value or name in {"text", "title"}}
    for name in ("frame", "version", "slot", "step", "minutes", "person", "mood"):
        if name in asked and str(asked[name]).lstrip("-").isdecimal():
            asked[name] = int(str(asked[name]))
    if "on" in asked:
        asked["on"] = asked["on"] == "1"
    if "notes" in asked:
        asked["notes"] = str(asked["notes"]).split()
    return read(asked)
