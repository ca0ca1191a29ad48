from typing import Any


def add(commands: Any) -> None:
    """The commands of this room."""
