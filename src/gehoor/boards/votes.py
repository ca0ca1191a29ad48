"""Who chose what, by voice: through the gate, once, when the meeting ends. Pure.

In the meeting itself everybody sees how many dots a note has, as on a wall. Which voice gave them is a figure about clients, and
leaves only as a `PublicTable` (promise 3). One person has several dots, so the smallest group counts that many times over: a
figure of k persons holds at least k times the dots of one.
"""

from collections import Counter

from gehoor.boards.state import ROLES, State
from gehoor.disclosure import policy, suppress
from gehoor.disclosure.tables import ALL, PublicTable, Table

QUESTION = "dots"
BY_VOICE = "voice"


def by_voice(state: State) -> list[PublicTable]:
    """The dots of each note, in total and by voice; empty when nobody voted."""
    notes = tuple(sorted({note for note, _role in state.dots.values() if _counts(state, note)}))
    dots = [(role, note) for note, role in state.dots.values() if note in notes and role in ROLES]
    if not dots:
        return []
    each = max(phase.dots for phase in state.phases)
    numbers = policy.load()
    total = Table(
        QUESTION, notes, None, ALL, {(ALL[0], note): n for note, n in Counter(note for _, note in dots).items()}
    )
    split = Table(QUESTION, notes, BY_VOICE, ROLES, Counter(dots))
    return suppress.suppress([total, split], numbers.with_smallest(numbers.smallest_group * max(1, each)))


def _counts(state: State, pk: str) -> bool:
    note = state.notes[pk]
    return note.shown and not note.hidden and not note.withdrawn
