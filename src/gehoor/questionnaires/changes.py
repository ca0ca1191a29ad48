"""Taking questionnaires in."""

import hashlib
import json

from django.db import transaction
from django.utils.translation import gettext as _

from gehoor.base.errors import BadInput, NotAllowed
from gehoor.offices import journal
from gehoor.offices.models import Member, Office
from gehoor.questionnaires import format as questionnaire_format
from gehoor.questionnaires import queries, rules
from gehoor.questionnaires.faults import Sentence
from gehoor.questionnaires.models import Questionnaire, Version


def fingerprint(content: questionnaire_format.Content) -> str:
    """SHA-256 of the content in one fixed spelling."""
    plain = json.dumps(content.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()


def _in_words(sentence: Sentence) -> str:
    return _(sentence.text) % sentence.facts


@transaction.atomic
def import_questionnaire(text: str, *, office: Office | None, by: Member | None = None) -> Version:
    """Take in a questionnaire file. The same file twice is one version.

    Raises NotAllowed, and BadInput with every fault, and when a version number was used for other content.
    """
    if why := rules.why_not_import(by):
        raise NotAllowed(why)
    content = questionnaire_format.read(text, say=_in_words)
    questionnaire = Questionnaire.objects.filter(office=office, key=content.key).first()
    if questionnaire and questionnaire.voice != content.voice:
        raise BadInput(
            [_("%(key)s asks another voice: give this questionnaire a key of its own.") % {"key": content.key}]
        )
    questionnaire = questionnaire or Questionnaire.objects.create(office=office, key=content.key, voice=content.voice)
    mark = fingerprint(content)
    known = questionnaire.versions.filter(number=content.version).first()
    if known:
        if known.sha256 != mark:
            problem = _("Version %(number)s of %(key)s exists with other questions. Give this one a higher number.")
            raise BadInput([problem % {"number": content.version, "key": content.key}])
        return known
    version = questionnaire.versions.create(
        number=content.version, content=content.model_dump(mode="json", by_alias=True), sha256=mark
    )
    if office:
        journal.write(office, journal.Verb.QUESTIONNAIRE_IMPORTED, str(version), by=by)
    return version


def load_ready() -> list[Version]:
    """Take in the questionnaires that come with Gehoor; nothing happens to those that are there."""
    return [import_questionnaire(path.read_text(encoding="utf-8"), office=None) for path in queries.ready_files()]
