"""Reading questionnaires. A version never changes, so that each process keeps it in memory."""

from functools import lru_cache
from pathlib import Path

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from gehoor.base.errors import NotFound
from gehoor.offices.models import Office
from gehoor.questionnaires import format as questionnaire_format
from gehoor.questionnaires.format import Content
from gehoor.questionnaires.models import Questionnaire, Version
from gehoor.questionnaires.shown import Shown

READY = Path(__file__).parent / "content"


@lru_cache(maxsize=256)
def content_of(version_pk: int) -> Content:
    """The checked content of a version. Raises NotFound."""
    stored = Version.objects.filter(pk=version_pk).values_list("content", flat=True).first()
    if stored is None:
        raise NotFound(_("This questionnaire does not exist."))
    return questionnaire_format.check(stored)


def usable_by(office: Office | None) -> QuerySet[Questionnaire]:
    """What an office can choose from: the ready ones and its own."""
    return (
        Questionnaire.objects.filter(Q(office=None) | Q(office=office))
        .prefetch_related("versions")
        .order_by("office_id", "pk")
    )


def shown_for(office: Office) -> list[Shown]:
    """What an office can choose from, each in its newest version."""
    found = [(questionnaire, next(iter(questionnaire.versions.all()), None)) for questionnaire in usable_by(office)]
    return [Shown(questionnaire, version, content_of(version.pk)) for questionnaire, version in found if version]


def newest(key: str, *, office: Office | None) -> Version:
    """The newest version of a questionnaire; the office's own goes before a ready one. Raises NotFound with the known keys."""
    versions = Version.objects.select_related("questionnaire").filter(
        Q(questionnaire__office=None) | Q(questionnaire__office=office), questionnaire__key=key
    )
    found = sorted(versions, key=lambda version: (version.questionnaire.office_id is not None, version.number))
    if not found:
        known = ", ".join(sorted(set(usable_by(office).values_list("key", flat=True)))) or _("none yet")
        raise NotFound(_("There is no questionnaire %(key)s. Known: %(known)s.") % {"key": key, "known": known})
    return found[-1]


def version_for(office: Office, version_pk: int) -> Version:
    """A version that the office may use. Raises NotFound, also for another office's."""
    version = (
        Version.objects.select_related("questionnaire")
        .filter(Q(questionnaire__office=None) | Q(questionnaire__office=office), pk=version_pk)
        .first()
    )
    if version is None:
        raise NotFound(_("This questionnaire does not exist."))
    return version


def ready_files() -> list[Path]:
    """The files of the ready questionnaires."""
    return sorted(READY.glob("*.json"))
