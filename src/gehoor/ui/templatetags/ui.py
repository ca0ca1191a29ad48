"""Template tags of the design system. The component page (`ui:components`) shows each of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gehoor.base import clock
from gehoor.ui import door, icons

register = template.Library()

BUTTON_KINDS = ("primary", "secondary", "quiet", "danger")


@register.simple_tag
def icon(name: str, *, label: str = "") -> SafeString:
    """`{% icon "print" %}` beside a text; `{% icon "print" label=_("Print") %}` without one."""
    return icons.icon(name, label=label)


@register.filter
def quarter(period: str) -> str:
    """`{{ release.period|quarter }}`: "2026-Q4" in words. Screens show no other form; files and addresses keep the short one."""
    return clock.quarter_in_words(period)


@register.simple_tag
def face_symbols() -> SafeString:
    """Once per page, before the first `{% face %}`."""
    return icons.face_symbols()


@register.simple_tag
def face(step: int | str) -> SafeString:
    """`{% face 3 %}`: 1 is least positive, 5 most positive. Always with a word beside it."""
    return icons.face(int(step))


@register.simple_tag
def door_css(*, extra: str = "") -> SafeString:
    """The respondent stylesheet; `extra` (the page's own rules, hash by `door.csp_hash`) follows in its own element."""
    styles = door.style_element(door.STYLE)
    return format_html("{}{}", styles, door.style_element(extra)) if extra else styles


@register.simple_tag
def button(
    label: str,
    *,
    kind: str = "primary",
    type: str = "submit",  # noqa: A002 -- the name of the HTML attribute
    href: str = "",
    icon: str = "",
    name: str = "",
    value: str = "",
    disabled: bool = False,
) -> SafeString:
    """A button, or a link that looks like one when `href` is given. `kind`: primary, secondary, quiet, danger."""
    if kind not in BUTTON_KINDS:
        raise ValueError(f"a button is {', '.join(BUTTON_KINDS)}, not {kind!r}")
    drawing = icons.icon(icon) if icon else ""
    # An arrow forward stands where the words end, every other icon where they begin.
    content = format_html("{}{}", label, drawing) if icon == "next" else format_html("{}{}", drawing, label)
    if href:
        return format_html('<a class="button button-{}" href="{}">{}</a>', kind, href, content)
    attributes = {"type": type, "name": name, "value": value}
    written = format_html(
        "{}" * 3, *(format_html(' {}="{}"', key, text) if text else "" for key, text in attributes.items())
    )
    return format_html(
        '<button class="button button-{}"{}{}>{}</button>', kind, written, " disabled" if disabled else "", content
    )


@register.inclusion_tag("ui/_empty.html")
def empty(
    *, title: str, why: str = "", do: str = "", href: str = "", action: str = "", icon: str = "ask"
) -> dict[str, str]:
    """An empty place that teaches: what will stand here, why it matters, what to do, and the button to do it.

    Directly inside `{% for %}` Django reads `{% empty %}` as its own; use this tag after that word or outside the loop.
    """
    return {"title": title, "why": why, "do": do, "href": href, "action": action, "icon": icon}


@register.inclusion_tag("ui/_form_field.html")
def field(bound: BoundField, *, hint: str | None = None, label: str = "") -> dict[str, Any]:
    """A form field with label, hint and error, tied together for screen readers.

    `hint` replaces the help text, also by nothing; `label` replaces a label that is not ours.
    """
    if hint is not None:
        bound.help_text = hint  # or else Django would point a screen reader at a text that isn't there
    hint = str(bound.help_text or "")
    described = [f"{bound.auto_id}_helptext"] if hint else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    return {
        "bound": bound,
        "label": label or bound.label,
        "may_be_empty": not bound.field.required and not isinstance(bound.field.widget, Select),
        "kind": _kind_of(bound),
        "hint": hint,
        "described": " ".join(described),
        "control": bound.as_widget(attrs=_attributes_of(bound, described)),
    }


def _kind_of(bound: BoundField) -> str:
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "group"
    return "check" if isinstance(widget, CheckboxInput) else "line"


def _attributes_of(bound: BoundField, described: list[str]) -> dict[str, str | bool]:
    attributes: dict[str, str | bool] = {"class": f"{bound.field.widget.attrs.get('class', '')} input".strip()}
    attributes["placeholder"] = False  # it goes when one types; allauth repeats the label in it
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return attributes


@dataclass(frozen=True)
class Problem:
    """One line of an error summary: `target` is the id of the control to go to, or empty."""

    target: str
    text: str


@register.inclusion_tag("ui/_errors.html")
def errors(form: BaseForm) -> dict[str, list[Problem]]:
    """The error summary of a form: takes the focus, links to each field. Shows nothing when all is well."""
    return {"problems": list(_problems_of(form))}


def _problems_of(form: BaseForm) -> Iterator[Problem]:
    yield from (Problem("", str(text)) for text in form.non_field_errors())
    times = Counter(str(text) for bound in form for text in bound.errors)
    for bound in form:
        # A group of radios has no control of its own name: its first option carries index 0.
        target = f"{bound.auto_id}_0" if _kind_of(bound) == "group" else bound.auto_id
        # "This field is required", three times: then say which field.
        yield from (
            Problem(target, f"{bound.label} – {text}" if times[str(text)] > 1 else str(text)) for text in bound.errors
        )
