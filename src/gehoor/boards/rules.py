"""What a command may do at this moment, on this board, for this person. Each rule returns None, or a sentence why not.

Asked again for each command, within the transaction that stores it: rights change while people type.
"""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from gehoor.boards import commands, sight
from gehoor.boards.commands import Command
from gehoor.boards.sight import Viewer
from gehoor.boards.state import LONGEST_NOTE, Note, State

Why = Promise | None  # a sentence in the language of whoever reads it, or nothing that stands in the way
CLOSED = pgettext_lazy("client", "This meeting is closed. Nothing can be changed any more.")
MOST_NOTES = 5_000
MOST_FRAMES = 24
MOST_CLUSTERS = 400
# In which phases everybody may do something; the facilitator's own rights are apart.
MAY_WRITE = {"write", "talk"}
MAY_GROUP = {"group"}
BEFORE_TURNING = {"write", "check"}


def why_not(command: Command, state: State, viewer: Viewer) -> Why:
    """May this viewer do this, now?"""
    goes_back = viewer.is_facilitator and isinstance(command, commands.Step)
    if state.phase.kind == "closed" and not goes_back:
        return CLOSED
    if isinstance(command, commands.FACILITATORS) and not viewer.is_facilitator:
        return pgettext_lazy("client", "Only the facilitator can do this.")
    if not viewer.is_facilitator:
        if state.locked:
            return pgettext_lazy("client", "The facilitator has locked the board for a moment.")
        if viewer.person in state.muted:
            return pgettext_lazy("client", "You can read along. The facilitator has put your writing on hold.")
    rule = _RULES.get(type(command))
    return rule(command, state, viewer) if rule else None


def _why_not_write(command: commands.Write, state: State, viewer: Viewer) -> Why:
    if not viewer.is_facilitator and state.phase.kind not in MAY_WRITE:
        return pgettext_lazy("client", "Writing is closed in this part of the meeting.")
    if command.role and not viewer.is_facilitator:
        return pgettext_lazy("client", "Only the facilitator can do this.")
    if command.note in state.notes:
        return pgettext_lazy("client", "This note exists already.")
    if len(state.notes) >= MOST_NOTES:
        return pgettext_lazy("client", "This board is full.")
    if why := _why_not_frame(command.frame, state):
        return why
    if command.mood and state.frames[command.frame].layout != "step":
        return pgettext_lazy("client", "This part of the board does not exist.")
    if command.mood and len(command.text) <= LONGEST_NOTE:
        return None  # a face may stand without words
    return _why_not_text(command.text)


def _why_not_text(text: str) -> Why:
    if not text:
        return pgettext_lazy("client", "The note is empty.")
    if len(text) > LONGEST_NOTE:
        return pgettext_lazy("client", "The note is too long. Make it shorter, or make two of it.")
    return None


def _why_not_frame(frame: int, state: State) -> Why:
    return None if 0 <= frame < len(state.frames) else pgettext_lazy("client", "This part of the board does not exist.")


def _note_of(pk: str, state: State, viewer: Viewer) -> Note | None:
    """The note, when this viewer may see it: of others one does not learn that they exist."""
    note = state.notes.get(pk)
    return note if note and sight.may_see(note, state, viewer) else None


def _why_not_edit(command: commands.Edit, state: State, viewer: Viewer) -> Why:
    note = _note_of(command.note, state, viewer)
    if note is None or note.withdrawn:
        return pgettext_lazy("client", "This note is no longer there.")
    if not sight.is_own(note, viewer):
        return pgettext_lazy("client", "Only who wrote a note can change it.")
    if not viewer.is_facilitator and state.phase.kind not in MAY_WRITE | MAY_GROUP:
        return pgettext_lazy("client", "Writing is closed in this part of the meeting.")
    if command.version != note.version:
        return pgettext_lazy("client", "This note was changed in the meantime. Look at both, and choose.")
    return _why_not_text(command.text)


def _why_not_revert(command: commands.Revert, state: State, viewer: Viewer) -> Why:
    note = state.notes.get(command.note)
    if note is None or not sight.is_own(note, viewer) or not any(note.earlier):
        return pgettext_lazy("client", "This can no longer be undone.")
    edit = commands.Edit(
        key=command.key, do="edit", note=note.pk, kind="idea", text=note.earlier[1] or " ", version=command.version
    )
    return _why_not_edit(edit, state, viewer)


def _why_not_move(command: commands.Move, state: State, viewer: Viewer) -> Why:
    note = _note_of(command.note, state, viewer)
    if note is None or note.withdrawn:
        return pgettext_lazy("client", "This note is no longer there.")
    is_own_draft = not note.shown and sight.is_own(note, viewer) and state.phase.kind in MAY_WRITE
    if not (viewer.is_facilitator or is_own_draft or state.phase.kind in MAY_GROUP):
        return pgettext_lazy("client", "Notes cannot be moved in this part of the meeting.")
    cluster = state.clusters.get(command.cluster)
    if command.cluster and (cluster is None or cluster.frame != command.frame):
        return pgettext_lazy("client", "This heading is no longer there.")
    return _why_not_frame(command.frame, state)


def _why_not_withdraw(command: commands.Withdraw, state: State, viewer: Viewer) -> Why:
    note = state.notes.get(command.note)
    if note is None or not sight.is_own(note, viewer):
        return pgettext_lazy("client", "Only who wrote a note can take it back.")
    return None


def _why_not_cluster(command: commands.MakeCluster, state: State, viewer: Viewer) -> Why:
    if why := _why_not_group(state, viewer):
        return why
    if command.cluster in state.clusters or len(state.clusters) >= MOST_CLUSTERS:
        return pgettext_lazy("client", "This heading exists already.")
    if not command.title:
        return pgettext_lazy("client", "Give the heading a name.")
    if any(_note_of(pk, state, viewer) is None for pk in command.notes):
        return pgettext_lazy("client", "This note is no longer there.")
    return _why_not_frame(command.frame, state)


def _why_not_group(state: State, viewer: Viewer) -> Why:
    if viewer.is_facilitator or state.phase.kind in MAY_GROUP:
        return None
    return pgettext_lazy("client", "Grouping is closed in this part of the meeting.")


def _why_not_rename(command: commands.Rename, state: State, viewer: Viewer) -> Why:
    if command.cluster not in state.clusters:
        return pgettext_lazy("client", "This heading is no longer there.")
    if not command.title:
        return pgettext_lazy("client", "Give the heading a name.")
    return _why_not_group(state, viewer)


def _why_not_scatter(command: commands.Scatter, state: State, viewer: Viewer) -> Why:
    if command.cluster not in state.clusters:
        return pgettext_lazy("client", "This heading is no longer there.")
    return _why_not_group(state, viewer)


def _why_not_dot(command: commands.Dot, state: State, viewer: Viewer) -> Why:
    if state.phase.kind != "vote":
        return pgettext_lazy("client", "Voting is closed in this part of the meeting.")
    note = state.notes.get(command.note)
    if note is None or not note.shown or note.hidden or note.withdrawn:
        return pgettext_lazy("client", "This note is no longer there.")
    if viewer.is_facilitator and not viewer.role:
        return pgettext_lazy("client", "The facilitator does not vote.")
    if not 1 <= command.slot <= state.phase.dots:
        return pgettext_lazy("client", "You have no dots left.")
    if sight.ballot_of(viewer.seed, state.step, command.slot) in state.dots:
        return pgettext_lazy("client", "You have used this dot. Take it back first.")
    return None


def _why_not_undot(command: commands.Undot, state: State, viewer: Viewer) -> Why:
    if state.phase.kind != "vote":
        return pgettext_lazy("client", "Voting is closed in this part of the meeting.")
    if sight.ballot_of(viewer.seed, state.step, command.slot) not in state.dots:
        return pgettext_lazy("client", "This dot was taken back already.")
    return None


def _why_not_step(command: commands.Step, state: State, viewer: Viewer) -> Why:
    return (
        None
        if 0 <= command.step < len(state.phases)
        else pgettext_lazy("client", "This part of the meeting does not exist.")
    )


def _why_not_reveal(command: commands.Reveal, state: State, viewer: Viewer) -> Why:
    if state.phase.kind in BEFORE_TURNING:
        return pgettext_lazy("client", "First end the writing and the checking.")
    return _why_not_frame(command.frame, state)


def _why_not_hide(command: commands.Hide, state: State, viewer: Viewer) -> Why:
    return None if _note_of(command.note, state, viewer) else pgettext_lazy("client", "This note is no longer there.")


def _why_not_summon(command: commands.Summon, state: State, viewer: Viewer) -> Why:
    return None if command.frame == -1 else _why_not_frame(command.frame, state)


def _why_not_set_frame(command: commands.SetFrame, state: State, viewer: Viewer) -> Why:
    if not command.title:
        return pgettext_lazy("client", "Give this part of the board a name.")
    if not 0 <= command.frame <= len(state.frames) or command.frame >= MOST_FRAMES:
        return pgettext_lazy("client", "This part of the board does not exist.")
    return None


def why_not_remove_frame(frame: int, state: State) -> Why:
    """Only the last one, when nothing lies in it: a part with notes stays, also when they were taken back."""
    if why := _why_not_frame(frame, state):
        return why
    if frame != len(state.frames) - 1 or frame == 0:
        return gettext_lazy("Only the last part of the board can be taken away.")
    used = {note.frame for note in state.notes.values()} | {cluster.frame for cluster in state.clusters.values()}
    if frame in used:
        return gettext_lazy("There are or were notes in this part of the board. So it stays.")
    return None


def _why_not_unframe(command: commands.RemoveFrame, state: State, viewer: Viewer) -> Why:
    return why_not_remove_frame(command.frame, state)


_RULES: dict[type, Callable[..., Why]] = {
    commands.Write: _why_not_write,
    commands.Edit: _why_not_edit,
    commands.Revert: _why_not_revert,
    commands.Move: _why_not_move,
    commands.Withdraw: _why_not_withdraw,
    commands.MakeCluster: _why_not_cluster,
    commands.Rename: _why_not_rename,
    commands.Scatter: _why_not_scatter,
    commands.Dot: _why_not_dot,
    commands.Undot: _why_not_undot,
    commands.Step: _why_not_step,
    commands.Reveal: _why_not_reveal,
    commands.Hide: _why_not_hide,
    commands.Summon: _why_not_summon,
    commands.SetFrame: _why_not_set_frame,
    commands.RemoveFrame: _why_not_unframe,
}
