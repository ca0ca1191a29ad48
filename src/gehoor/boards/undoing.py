"""Undo: the command that puts back what another one did. Pure.

It is a command like any other: asked for by the person's own browser, checked against the rights of its moment, and one more
line in the log. There is no rewinding: what others did meanwhile stays (peers-qualitative.md §4, lesson 7).
"""

from collections.abc import Callable
from typing import Any

from gehoor.boards import commands
from gehoor.boards.commands import Command
from gehoor.boards.state import State

Back = dict[str, Any] | None


def back(command: Command, state: State) -> Back:
    """The command, without its key, that undoes this one; `state` is the board before it. None for what has no way back."""
    way = _WAYS.get(type(command))
    return way(command, state) if way else None


def _write(command: commands.Write, state: State) -> Back:
    return {"do": "withdraw", "note": command.note, "on": True}


def _edit(command: commands.Edit, state: State) -> Back:
    return {"do": "revert", "note": command.note, "version": command.version + 1}


def _move(command: commands.Move, state: State) -> Back:
    note = state.notes[command.note]
    later = [
        other
        for other in state.notes.values()
        if (other.frame, other.cluster) == (note.frame, note.cluster) and other.place > note.place
    ]
    before = min(later, key=lambda other: other.place).pk if later else ""
    return {"do": "move", "note": note.pk, "frame": note.frame, "cluster": note.cluster, "before": before}


def _switch(command: commands.Withdraw | commands.Hide, state: State) -> Back:
    return {"do": command.do, "note": command.note, "on": not command.on}


def _lock(command: commands.Lock, state: State) -> Back:
    return {"do": "lock", "on": not command.on}


def _mute(command: commands.Mute, state: State) -> Back:
    return {"do": "mute", "person": command.person, "on": not command.on}


def _step(command: commands.Step, state: State) -> Back:
    return {"do": "step", "step": state.step}


def _make_cluster(command: commands.MakeCluster, state: State) -> Back:
    return {"do": "scatter", "cluster": command.cluster}


def _rename(command: commands.Rename, state: State) -> Back:
    return {"do": "rename", "cluster": command.cluster, "title": state.clusters[command.cluster].title}


def _scatter(command: commands.Scatter, state: State) -> Back:
    """The same heading over the notes that lay under it: its old key is free again."""
    cluster = state.clusters[command.cluster]
    notes = [note.pk for note in state.notes.values() if note.cluster == cluster.pk]
    return {"do": "cluster", "cluster": cluster.pk, "frame": cluster.frame, "title": cluster.title, "notes": notes}


def _dot(command: commands.Dot, state: State) -> Back:
    return {"do": "undot", "slot": command.slot}


def _timer(command: commands.Timer, state: State) -> Back:
    """No timer, when there was none: of one that runs nobody knows how much it will have left."""
    return None if state.ends else {"do": "timer", "minutes": 0}


def _summon(command: commands.Summon, state: State) -> Back:
    return {"do": "summon", "frame": state.summons}


def _set_frame(command: commands.SetFrame, state: State) -> Back:
    if command.frame == len(state.frames):
        return {"do": "unframe", "frame": command.frame}
    frame = state.frames[command.frame]
    return {"do": "frame", "frame": command.frame, "title": frame.title, "question": frame.question}


def _remove_frame(command: commands.RemoveFrame, state: State) -> Back:
    frame = state.frames[command.frame]
    return {
        "do": "frame", "frame": command.frame, "title": frame.title, "question": frame.question, "layout": frame.layout
    }  # fmt: skip


_WAYS: dict[type, Callable[..., Back]] = {
    commands.Write: _write,
    commands.Edit: _edit,
    commands.Move: _move,
    commands.Withdraw: _switch,
    commands.Hide: _switch,
    commands.Lock: _lock,
    commands.Mute: _mute,
    commands.Step: _step,
    commands.MakeCluster: _make_cluster,
    commands.Rename: _rename,
    commands.Scatter: _scatter,
    commands.Dot: _dot,
    commands.Timer: _timer,
    commands.Summon: _summon,
    commands.SetFrame: _set_frame,
    commands.RemoveFrame: _remove_frame,
}
