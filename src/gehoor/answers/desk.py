"""The client's own page, shown to staff as an example. It belongs to no round, and nothing that is filled in is read.

Here and not in `questionnaires`, because only this room knows the client's pages.
"""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from gehoor.answers import pages
from gehoor.base import clock
from gehoor.offices.models import Office
from gehoor.offices.web import MemberRequest
from gehoor.questionnaires import queries as questionnaires
from gehoor.questionnaires import shown
from gehoor.questionnaires.web import adviser_required
from gehoor.rounds.models import Anonymity, Mode, Moment, Stage
from gehoor.rounds.queries import Door
from gehoor.ui import door as door_style

# Colours that stand out on every ground; the banner stays in sight while the page scrolls.
BANNER_CSS = ".voorbeeld{position:sticky;top:0;z-index:1;padding:.75rem 1rem;background:#ffd25e;color:#1e1a2e}.voorbeeld a{color:inherit}"


@require_safe
@adviser_required
def preview(request: MemberRequest, version_pk: int) -> HttpResponse:
    """The page as a client gets it, in every language, under a banner that says it is an example."""
    version = questionnaires.version_for(request.member.office, version_pk)
    door = _made_up_door(request.member.office, version.pk)
    language = shown.language_of(door.content, request.GET.get("taal", ""))
    banner = _banner(version.pk)
    css = pages.condition_css(door.content) + BANNER_CSS
    with translation.override(language):
        context = {**pages.page_context(door, language, "", pages.Filled()), **banner, "door_extra_css": css}
        response = render(request, "answers/voorbeeld.html", context)
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{door_style.STYLE_SHA256}' 'sha256-{door_style.csp_hash(css)}'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


@csrf_exempt
@require_POST
@adviser_required
def send(request: MemberRequest, version_pk: int) -> HttpResponse:
    """The send button of an example. What came in is not looked at.

    Nothing changes here, and a client's page sends no origin by which the check could work.
    """
    return _end_page(request, version_pk)


@require_safe
@adviser_required
def end(request: MemberRequest, version_pk: int) -> HttpResponse:
    """Where the ways out of an example lead: the real ones would sign a member of staff out."""
    return _end_page(request, version_pk)


def _end_page(request: MemberRequest, version_pk: int) -> HttpResponse:
    version = questionnaires.version_for(request.member.office, version_pk)
    return render(request, "answers/voorbeeld-klaar.html", {"version": version})


def _banner(version_pk: int) -> dict[str, str]:
    """The words above the example, in the language of the member and not of the page."""
    return {
        "banner": _("Example: nothing is kept here."),
        "banner_back": _("Back to the questionnaire"),
        "banner_language": get_language() or settings.LANGUAGE_CODE,
        "back_url": reverse("questionnaires:page", args=[version_pk]),
        "send_url": reverse("preview:send", args=[version_pk]),
        "end_url": reverse("preview:end", args=[version_pk]),
        "exit_href": reverse("preview:end", args=[version_pk]),
    }


def _made_up_door(office: Office, version_pk: int) -> Door:
    return Door(
        dispatch_pk=0,
        round_pk=0,
        office_pk=office.pk,
        office_name=office.name,
        readers="",
        version_pk=version_pk,
        anonymity=Anonymity.OPEN,
        mode=Mode.CARD,
        moment=Moment.CONTACT,
        product="other",
        stage=Stage.VOLUNTARY,
        starts_on=clock.today(),
        shut=None,
    )
