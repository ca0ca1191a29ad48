"""A file that is too large for memory: each form says so, and nothing of it is kept anywhere."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast import Cast

from gehoor.base import clock
from gehoor.boards import changes
from gehoor.meetings import changes as meetings

TOO_LARGE = 3_000_000  # bytes; Django keeps 2.5 MB in memory


def meeting_of(cast: Cast, kind: str) -> int:
    """A meeting that is led."""
    planned = meetings.plan(cast.office, kind=kind, name="Jongeren", purpose="Leren.", held_on=clock.today())
    meetings.open_doors(planned)
    changes.lay_board(planned)
    meetings.lead(planned, cast.quinten)
    return planned.pk


@pytest.mark.parametrize(
    ("page", "kind"),
    [("boards:import", "focus_group"), ("interviews:call_list", "interview"), ("questionnaires:import", "")],
)
def test_a_form_says_that_its_file_is_too_large(cast: Cast, page: str, kind: str) -> None:
    at = reverse(page, args=[meeting_of(cast, kind)] if kind else [])
    file = SimpleUploadedFile("lijst.csv", b"x" * TOO_LARGE)

    answer = cast.browser(cast.quinten).post(at, {"file": file, "text": ""})

    assert answer.status_code == 422
    assert "This file is too large: at most" in answer.content.decode()
