"""What a reader does with a text: approve it redacted, set it aside, or pass it to triage."""

import uuid

from django.db import router, transaction
from django.utils.translation import gettext as _

from gehoor.answers import changes as answer_changes
from gehoor.answers import queries as answers
from gehoor.base import clock
from gehoor.base.errors import BadInput, NotAllowed, NotNow
from gehoor.offices import journal
from gehoor.offices import rules as office_rules
from gehoor.offices.journal import Verb
from gehoor.offices.models import Member
from gehoor.reading import redaction, rules
from gehoor.reading.models import Concern, ReadText, Verdict

CERTAIN = {redaction.Kind.PHONE, redaction.Kind.EMAIL, redaction.Kind.BSN, redaction.Kind.IBAN}


def approve(member: Member, pk: uuid.UUID, *, words: str) -> ReadText:
    """Keep the redacted words and destroy the raw ones. Raises BadInput when a number or address still stands in them."""
    check_words(words, language=answers.waiting_text(member.office_id, pk).language)
    return _decide(member, pk, Verdict.APPROVED, Verb.TEXT_APPROVED, words=words.strip())


def check_words(words: str, *, language: str) -> None:
    """Raise BadInput when words cannot be kept: nothing is left, or a number or address still stands in them."""
    left = [span for span in redaction.propose(words, language=language) if span.kind in CERTAIN]
    if left:
        shown = ", ".join(words[span.start : span.end] for span in left)
        raise BadInput([_("This still points at a person: %(what)s. Hide it first.") % {"what": shown}])
    if not words.strip():
        raise BadInput([_("Nothing is left of this text. Set it aside instead.")])


def set_aside(member: Member, pk: uuid.UUID) -> ReadText:
    """Deal with a text that says nothing or only abuses. Its words are destroyed."""
    return _decide(member, pk, Verdict.ASIDE, Verb.TEXT_SET_ASIDE)


def pass_to_triage(member: Member, pk: uuid.UUID) -> ReadText:
    """Danger: the triage role looks at it. The raw words stay until triage has decided. Raises NotNow when it is there."""
    if why := rules.why_not_pass_on(ReadText.objects.filter(pk=pk, office_id=member.office_id).first()):
        raise NotNow(why)
    return _decide(member, pk, Verdict.DANGER, Verb.TEXT_FLAGGED)


def record_concern(member: Member, *, category: str, step: str, decision: str) -> Concern:
    """What triage did: day, kind, step and decision, and nothing that points at the text. Raises NotAllowed."""
    if why := office_rules.why_not_triage(member):
        raise NotAllowed(why)
    concern = Concern.objects.create(
        office=member.office, noted_on=clock.today(), category=category, step=step, decision=decision
    )
    journal.write(member.office, Verb.CONCERN_RECORDED, str(concern), by=member)
    return concern


def _decide(member: Member, pk: uuid.UUID, verdict: Verdict, verb: Verb, *, words: str = "") -> ReadText:
    """Once, also when two readers press at the same time: the second gets NotNow."""
    text = answers.waiting_text(member.office_id, pk)
    with transaction.atomic(using=router.db_for_write(ReadText)):
        before = ReadText.objects.select_for_update().filter(pk=pk).first()
        if why := rules.why_not_decide(member, before):
            raise NotAllowed(why)
        if why := rules.why_closed(before):
            raise NotNow(why)
        read, _made = ReadText.objects.update_or_create(
            pk=pk,
            defaults={
                "office_id": member.office_id, "version_id": text.version_pk, "question": text.question, "voice": text.voice,
                "language": text.language, "period": text.period, "verdict": verdict, "words": words,
            },
        )  # fmt: skip
        if verdict != Verdict.DANGER:
            answer_changes.erase_words(pk)
    journal.write(member.office, verb, f"{text.period} {text.question}", by=member)
    return read
