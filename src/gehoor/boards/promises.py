"""What a note's writer is promised, made from the settings that enforce it: the sentence can't say what is not so.

`sight` decides who sees what, `changes` what is kept; tests hold each sentence beside both, for every phase.
"""

from django.utils.translation import pgettext

from gehoor.boards import sight
from gehoor.boards.state import Phase


def promise(phase: Phase, *, lies_down: bool = False) -> list[str]:
    """The sentences at the field for a note, in the language of the page. `lies_down`: it is there, and was never turned."""
    lines = []
    if phase.kind in sight.WRITING:
        lines.append(pgettext("client", "Now only you see this. The others see it later, when the notes are turned."))
    elif lies_down:
        lines.append(
            pgettext(
                "client", "Now only you and the facilitator see this. The others see it when the notes are turned."
            )
        )
    else:
        lines.append(pgettext("client", "Everybody at this meeting sees this at once."))
    if phase.anonymous:
        lines.append(
            pgettext(
                "client",
                "Your name is not kept with it, by nobody. It says only who you are: youth, parent, staff or partner.",
            )
        )
    else:
        lines.append(pgettext("client", "The name that you chose is kept with it until the meeting ends."))
    return lines
