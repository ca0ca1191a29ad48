"""Our reading of a form does what Django's does."""

from urllib.parse import urlencode

import pytest
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.test import RequestFactory
from hypothesis import example, given
from hypothesis import strategies as st

from gehoor.answers.forms import fields_of

FORM = "application/x-www-form-urlencoded"


@given(st.binary(max_size=200) | st.text("ab=&+%;\n", max_size=60).map(str.encode))
@example(b"q.good=%C3%A9%ff&q.good=&leeg&=x&a=1&a=2")
@example("q.good=é".encode())
def test_any_bytes_are_read_as_django_reads_them(body: bytes) -> None:
    ours = RequestFactory().post("/vragen/", body, content_type=FORM)
    theirs = RequestFactory().post("/vragen/", body, content_type=FORM)

    assert fields_of(ours) == dict(theirs.POST.lists())


def test_a_form_of_another_kind_goes_djangos_way() -> None:
    assert fields_of(RequestFactory().post("/vragen/", {"a": ["1", "2"]})) == {"a": ["1", "2"]}


@pytest.mark.parametrize(
    ("body", "refusal"),
    [("a=1&" * 600, TooManyFieldsSent), (urlencode({"a": "x" * 3_000_000}), RequestDataTooBig)],
)
def test_too_much_is_refused(body: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        fields_of(RequestFactory().post("/vragen/", body, content_type=FORM))
