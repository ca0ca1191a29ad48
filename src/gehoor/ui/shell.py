"""What the frame of a staff page shows. The project fills it in; this room knows no other room."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

# The one navigation follows the work: ask, read, see, do. Beside the work stands who watches over it.
WORK = (
    ("home", pgettext_lazy("navigation", "Start")),
    ("ask", pgettext_lazy("navigation", "Ask")),
    ("read", pgettext_lazy("navigation", "Read")),
    ("see", pgettext_lazy("navigation", "See")),
    ("do", pgettext_lazy("navigation", "Do")),
    ("lock", pgettext_lazy("navigation", "Privacy")),
)


@dataclass(frozen=True)
class NavItem:
    """`key` is one of the keys of WORK and also the name of the icon."""

    key: str
    label: str | Promise
    url: str
    current: bool


@dataclass(frozen=True)
class Shell:
    """The frame around a staff page, in the template context as `shell`. An empty address leaves its part out."""

    nav: tuple[NavItem, ...] = ()
    office_name: str = ""
    account_name: str = ""
    account_url: str = ""
    sign_out_url: str = ""
    language_url: str = ""


def work_nav(urls: Mapping[str, str], *, current: str = "") -> tuple[NavItem, ...]:
    """The navigation in the order of the work, for the keys that `urls` has: what someone may not open is not shown."""
    return tuple(NavItem(key, label, urls[key], current == key) for key, label in WORK if key in urls)
