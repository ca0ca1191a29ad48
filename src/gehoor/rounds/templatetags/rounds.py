"""What a screen says of a round, in each room that shows one."""

from typing import Any

from django import template
from django.utils.translation import get_language

from gehoor.base import clock
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires.models import Version
from gehoor.questionnaires.shown import language_of, numbered
from gehoor.rounds import rules
from gehoor.rounds.models import Round

register = template.Library()


@register.filter
def title(version: Version) -> str:
    """`{{ round.version|title }}`: the questionnaire as people know it, in the reader's language, with its version."""
    content = questionnaires.content_of(version.pk)
    shown = content.title[language_of(content, (get_language() or "")[:2])]
    return numbered(shown, version.number)


@register.filter
def state(a_round: Round) -> str:
    """`{{ round|state }}`: its state today, in words."""
    return rules.state_in_words(a_round, today=clock.today())


@register.inclusion_tag("rounds/_status.html")
def status(a_round: Round) -> dict[str, Any]:
    """`{% status round %}`: the same as a tag, in the colour of what the door does."""
    return {"round": a_round, "shut": rules.why_not_answer(a_round, today=clock.today())}
