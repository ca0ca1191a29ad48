"""Template tags of a board."""

import secrets

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from gehoor.boards.state import KINDS
from gehoor.ui import icons

register = template.Library()
DRAWINGS = {"worry": "warning", "question": "help"}  # the others have a drawing of their own name


@register.simple_tag
def new_key() -> str:
    """A fresh key: for a command, so that pressing twice does it once, or for the note that it makes."""
    return secrets.token_urlsafe(16)


@register.simple_tag
def command(do: str, **fields: object) -> SafeString:
    """The hidden fields of a form that does one command: `{% command "hide" note=note.pk on=True %}`."""
    given = {"do": do, "key": new_key(), **fields}
    pairs = ((name, as_field(value)) for name, value in given.items())
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)


@register.simple_tag
def kind_symbols() -> SafeString:
    """The drawings of the kinds of notes, once in the page: each note only points at one."""
    symbols = "".join(
        f'<symbol id="s-{kind}" viewBox="0 0 24 24">{icons.ICONS[DRAWINGS.get(kind, kind)].shape}</symbol>'
        for kind in KINDS
    )
    return mark_safe(f'<svg class="symbols" width="0" height="0" aria-hidden="true">{symbols}</svg>')  # noqa: S308 -- own markup


@register.filter
def as_field(value: object) -> str:
    """A value of a command as a form carries it (`commands.read_form` reads it back)."""
    if isinstance(value, bool):
        return "1" if value else "0"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
