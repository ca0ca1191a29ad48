"""Times of a recording, for people and for players."""

from django import template

register = template.Library()


@register.filter
def clock(milliseconds: int) -> str:
    """As on a player: "1:02" or "1:00:02"."""
    seconds = milliseconds // 1000
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


@register.filter
def seconds(milliseconds: int) -> str:
    """Seconds with a point, whatever the language: "62.5"."""
    return f"{milliseconds / 1000:g}"
