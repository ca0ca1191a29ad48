"""What the tests of the reading room share: texts that wait, and the pages of one text."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.urls import reverse
from tests.cast import Cast

from gehoor.answers.queries import Waiting
from gehoor.offices.models import Entry, Member
from gehoor.reading import queries

POSTS = ("look", "approve", "set-aside", "pass-on", "concern")


def hear_texts(cast: Cast, words: Sequence[str], *, office: object = None) -> list[Waiting]:
    """Texts of clients, through the door and opened."""
    a_round = cast.round(office=office) if office else cast.round()  # type: ignore[arg-type]  # an office
    cast.hear(a_round, [{"heard": "4", "good": text} for text in words])
    return queries.queue(a_round.office)


def hear_text(cast: Cast, words: str) -> Waiting:
    """One text."""
    [text] = hear_texts(cast, [words])
    return text


def openings(member: Member) -> list[str]:
    """What the reading log says of a member, oldest first."""
    lines = Entry.objects.filter(verb="text_opened", account=member.account)
    return list(lines.order_by("pk").values_list("subject", flat=True))


def page(cast: Cast, member: Member, name: str, text: Waiting, data: dict[str, object] | None = None) -> HttpResponse:
    """One page of a text: asked for, or sent when there is data."""
    browser, address = cast.browser(member), reverse(f"reading:{name}", args=[text.pk])
    return browser.get(address) if data is None else browser.post(address, data)  # type: ignore[return-value]  # the test client's own kind
