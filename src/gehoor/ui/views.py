"""The component page: each element in each state. For staff who design, and for the browser tests."""

from csp.decorators import csp_replace, csp_update
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.clickjacking import xframe_options_sameorigin

from gehoor.ui.door import STYLE_SHA256
from gehoor.ui.icons import FACE_STEPS, ICONS
from gehoor.ui.samples import SAMPLES, forms_in_each_state
from gehoor.ui.templatetags.ui import Problem


@login_required
def components(request: HttpRequest) -> HttpResponse:
    specimens = [{"sample": sample, "forms": forms_in_each_state(sample)} for sample in SAMPLES.values()]
    page = Paginator(range(60), 20).page(2)
    crumbs = [{"label": "Start", "url": "/"}, {"label": "Onderdelen", "url": ""}]
    context = {"specimens": specimens, "icons": ICONS, "page": page, "crumbs": crumbs}
    return render(request, "ui/components.html", context)


@login_required
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
@csp_update({"style-src": [f"'sha256-{STYLE_SHA256}'"]})  # type: ignore[arg-type]  # csp types only views without arguments
def door_sample(request: HttpRequest, language: str) -> HttpResponse:
    """A respondent page with sample questions, to be framed by the component page; `?fout` shows it after an error."""
    if language not in SAMPLES:
        raise Http404
    sample = SAMPLES[language]
    problems = [Problem("v1-1", sample.question)] if "fout" in request.GET else []
    context = {"sample": sample, "faces": zip(FACE_STEPS, sample.faces, strict=True), "problems": problems}
    context |= {"languages": SAMPLES.values(), "bars": {n: sample.progress % {"number": n} for n in (1, 2, 3)}}
    with translation.override(language):
        return render(request, "ui/door_sample.html", context)
