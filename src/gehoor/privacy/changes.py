"""What the privacy officer decides, and the nightly deletion."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from gehoor.base import clock
from gehoor.base.errors import BadInput
from gehoor.disclosure import policy
from gehoor.offices import changes as offices
from gehoor.offices import journal
from gehoor.offices.models import Member, Office
from gehoor.privacy import queries, retention, rules


@transaction.atomic
def set_smallest_group(member: Member, smallest: int, *, decision: str) -> Office:
    """Set the smallest group of the member's office and keep the decision in the journal.

    Raises NotAllowed, or BadInput when the number is too low or the decision says nothing.
    """
    numbers = policy.load()
    public = numbers.public_smallest_group
    if why := rules.why_not_decide_smallest_group(smallest, public=public, decision=decision):
        raise BadInput([why])
    office = offices.set_smallest_group(member, smallest, floor=numbers.internal_floor, public=public)
    if decision.strip():
        journal.write(office, journal.Verb.THRESHOLD_SET, decision.strip(), by=member)
    return office


def retain(today: dt.date, *, by: Member | None = None) -> dict[str, int]:
    """Delete what is due in every office. Returns counts by kind of data. Running it again deletes nothing more.

    Each office gets one line in its journal, with its own counts; what belongs to no office counts in each line.
    """
    common = {term.key: term.forget_all(today) for term in retention.TERMS if term.forget_all}
    total = dict(common)
    for office in Office.objects.order_by("pk"):
        own = {term.key: term.forget(office, today) for term in retention.TERMS if term.forget}
        for key, number in own.items():
            total[key] = total.get(key, 0) + number
        _note(office, {**own, **common}, by=by)
    return total


def _note(office: Office, gone: dict[str, int], *, by: Member | None) -> None:
    """A line for what was deleted; at most one line a day that says that nothing was due."""
    subject = ", ".join(f"{key} {number}" for key, number in gone.items() if number)
    if subject or not queries.retained_on(office, clock.today()):
        journal.write(office, journal.Verb.RETAINED, subject or _("nothing was due"), by=by)
