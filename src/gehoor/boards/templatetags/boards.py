"""Template tags of a board."""

import secrets

from django import template

register = template.Library()


@register.simple_tag
def new_key() -> str:
    """A fresh key: for a command, so that pressing twice does it once, or for the note that it makes."""
    return secrets.token_urlsafe(16)
