"""Questionnaires on screen: look, try, take out, take in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gehoor.base.errors import BadInput
from gehoor.base.languages import LANGUAGES
from gehoor.offices.web import MemberRequest
from gehoor.questionnaires import changes, queries, rules, shown
from gehoor.questionnaires import format as questionnaire_format
from gehoor.questionnaires.forms import ImportForm
from gehoor.questionnaires.shown import Shown
from gehoor.questionnaires.web import adviser_required


@require_safe
@adviser_required
def list_all(request: MemberRequest) -> HttpResponse:
    """The questionnaires that the office can use."""
    context = {
        "found": queries.shown_for(request.member.office),
        "why_not_import": rules.why_not_import(request.member),
    }
    return render(request, "questionnaires/list.html", context)


@require_safe
@adviser_required
def page(request: MemberRequest, version_pk: int) -> HttpResponse:
    """One version: all questions in a chosen language."""
    version = queries.version_for(request.member.office, version_pk)
    content = queries.content_of(version.pk)
    language = shown.language_of(content, request.GET.get("taal", ""))
    context = {
        "shown": Shown(version.questionnaire, version, content),
        "language": LANGUAGES[language],
        "title": content.title[language],
        "intro": shown.introduction(content, language, office_name=request.member.office.name),
        "questions": shown.questions_of(content, language),
    }
    return render(request, "questionnaires/page.html", context)


@require_safe
@adviser_required
def export(request: MemberRequest, version_pk: int) -> HttpResponse:
    """The file of a version."""
    version = queries.version_for(request.member.office, version_pk)
    text = questionnaire_format.write(queries.content_of(version.pk))
    name = f"{version.questionnaire.key}-{version.number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
@adviser_required
def take_in(request: MemberRequest) -> HttpResponse:
    """Import a file; its faults come back with the form."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = changes.import_questionnaire(
                form.cleaned_data["file"], office=request.member.office, by=request.member
            )
        except BadInput as error:
            for problem in error.problems:
                form.add_error(None, problem)
        else:
            messages.success(request, _("%(questionnaire)s was taken in.") % {"questionnaire": version})
            return redirect("questionnaires:page", version.pk)
    return _form_page(request, form)


def _form_page(request: HttpRequest, form: ImportForm) -> HttpResponse:
    return render(request, "questionnaires/import.html", {"form": form}, status=422 if form.errors else 200)
