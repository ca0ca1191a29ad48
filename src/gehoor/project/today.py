"""What asks for attention today, in the order of the work: ask, read, see, do. Each thing has one sentence and one button."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gehoor.answers import queries as answers
from gehoor.base import clock
from gehoor.meetings import queries as meetings
from gehoor.meetings.models import Kind, Life, Meeting
from gehoor.offices.models import Member, Role
from gehoor.privacy import queries as privacy
from gehoor.reading import queries as reading
from gehoor.results import queries as results
from gehoor.results.models import AskedRelease
from gehoor.rounds import queries as rounds
from gehoor.rounds.models import Round, Status

SOON = dt.timedelta(days=14)
WEEK = dt.timedelta(days=7)
MOST_RELEASES = 3
TOLD_WITHIN = dt.timedelta(days=60)  # whoever gave an idea that long ago no longer looks


@dataclass(frozen=True)
class Thing:
    """One thing to do: `icon` is the key of its part of the work. An urgent one stands above all others."""

    icon: str
    title: str
    why: str
    href: str
    action: str
    urgent: bool = False


def things_for(member: Member, today: dt.date) -> list[Thing]:
    """What waits on this member; urgent things first, the rest in the order of the work."""
    things = [
        *_keys(member),
        *_rounds(member, today),
        *_meetings(member, today),
        *_texts(member, today),
        *_triage(member),
        *_figures(member, today),
        *_untold(member, today),
    ]
    things += _retention(member, today)
    return sorted(things, key=lambda thing: not thing.urgent)


def _keys(member: Member) -> Iterator[Thing]:
    """A lost key is loud: those answers cannot be opened by anybody."""
    if not member.has(Role.QUALITY_ADVISER, Role.PRIVACY_OFFICER):
        return
    lost = answers.lost_keys(member.office_id)
    if lost:
        adviser = member.has(Role.QUALITY_ADVISER)
        yield Thing(
            "warning",
            _("A key is lost"),
            ngettext(
                "One batch of answers cannot be opened. The answers are still there. Ask the operator to put back the folder of keys.",
                "%(lost)s batches of answers cannot be opened. The answers are still there. Ask the operator to put back the folder of keys.",
                lost,
            )
            % {"lost": lost},
            reverse("rounds:list") if adviser else reverse("privacy:journal"),
            _("See the rounds") if adviser else _("See the journal"),
            urgent=True,
        )


def _rounds(member: Member, today: dt.date) -> Iterator[Thing]:
    if not member.has(Role.QUALITY_ADVISER):
        return
    for listed in reversed(rounds.listed_for(member.office, today=today)):
        if _needs_attention(listed.round, today):
            yield Thing(
                "ask",
                listed.round.name,
                listed.next,
                reverse("rounds:page", args=[listed.round.pk]),
                _("Open the round"),
            )


def _needs_attention(a_round: Round, today: dt.date) -> bool:
    """A draft, one that ends within two weeks, or one of which nothing was handed out."""
    if a_round.status != Status.OPEN:
        return a_round.status == Status.DRAFT
    return a_round.ends_on - today <= SOON or not rounds.dispatches_of(a_round).exists()


def _meetings(member: Member, today: dt.date) -> Iterator[Thing]:
    """Those of the next two weeks, and those that nobody ended: until then it is kept who was there."""
    if not member.has(Role.QUALITY_ADVISER):
        return
    for meeting in meetings.running(member.office, until=today + SOON):
        is_over = meeting.held_on < today and meeting.kind != Kind.INTERVIEW
        yield Thing(
            "warning" if is_over else "ask",
            meeting.name,
            _how_it_stands(meeting, today),
            reverse("meetings:page", args=[meeting.pk]),
            _("End the meeting") if is_over else _("Open the meeting"),
        )


def _how_it_stands(meeting: Meeting, today: dt.date) -> str:
    day = date_format(meeting.held_on, "j F")
    if meeting.kind == Kind.INTERVIEW:
        return _("Interviews until %(day)s.") % {"day": day}
    if meeting.held_on < today:
        return _("It was on %(day)s and has not ended. Until you end it, it is kept who was there.") % {"day": day}
    if meeting.life == Life.OPEN:
        return _("The doors are open.")
    if meeting.held_on == today:
        return _("It is today. Open the doors when people come.")
    return _("It is on %(day)s. Look through the checklist and invite people.") % {"day": day}


def _untold(member: Member, today: dt.date) -> Iterator[Thing]:
    """Whoever took part was promised to hear what happens with it."""
    if not member.has(Role.QUALITY_ADVISER):
        return
    for meeting in meetings.untold(member.office, since=today - TOLD_WITHIN):
        yield Thing(
            "do",
            meeting.name,
            _("The meeting has ended. Tell people what happens with what they said: they come back to see it."),
            reverse("meetings:outcome", args=[meeting.pk]),
            _("Tell what happens with it"),
        )


def _texts(member: Member, today: dt.date) -> Iterator[Thing]:
    """Texts wait for readers; when they wait too long, the adviser and the privacy officer know it too."""
    may_read = member.has(Role.READER, Role.TRIAGE)
    if not may_read and not member.has(Role.QUALITY_ADVISER, Role.PRIVACY_OFFICER):
        return
    late = reading.is_overdue(member.office, today=today)
    if may_read and (waiting := len(reading.queue(member.office))):
        why = (
            _("Texts have waited longer than one working day. Somebody may need help.")
            if late
            else _("Every text is read within one working day.")
        )
        title = ngettext("%(waiting)s text to read", "%(waiting)s texts to read", waiting) % {"waiting": waiting}
        yield Thing("read", title, why, reverse("reading:queue"), _("Go and read"), urgent=late)
    elif late:
        adviser = member.has(Role.QUALITY_ADVISER)
        yield Thing(
            "warning",
            _("Texts wait too long"),
            _(
                "Texts have waited longer than one working day, and somebody may need help. Ask your readers what keeps them."
            ),
            reverse("results:list") if adviser else reverse("privacy:reading-log"),
            _("See the results") if adviser else _("See the reading log"),
            urgent=True,
        )


def _triage(member: Member) -> Iterator[Thing]:
    waiting = reading.at_triage(member.office).count() if member.has(Role.TRIAGE) else 0
    if waiting:
        title = ngettext("%(waiting)s text at triage", "%(waiting)s texts at triage", waiting) % {"waiting": waiting}
        yield Thing(
            "warning",
            title,
            _("A reader thinks that somebody is in danger."),
            reverse("reading:triage"),
            _("Go to triage"),
            urgent=True,
        )


def _figures(member: Member, today: dt.date) -> Iterator[Thing]:
    """For the adviser what can be released; for the others the newest figures that they may see."""
    seen = results.visible_rounds(member)
    if member.has(Role.QUALITY_ADVISER):
        yield from _to_release(member, seen, today)
    elif member.has(Role.OFFICER, Role.TEAM_LEAD, Role.POLICY):
        newest = [release for a_round in seen for release in results.newest_of(a_round)[:1]]
        for release in sorted(newest, key=lambda one: one.released_on, reverse=True)[:MOST_RELEASES]:
            address = reverse("results:quarter", args=[release.round_id, release.period])
            yield Thing(
                "see",
                f"{release.round.name}, {clock.quarter_in_words(release.period)}",
                _("The newest figures."),
                address,
                _("See the figures"),
            )


def _to_release(member: Member, seen: list[Round], today: dt.date) -> Iterator[Thing]:
    """This quarter and the last one only: an older quarter with too few answers will never have figures."""
    recent = {clock.quarter(today), clock.quarter(today.replace(day=1) - 3 * dt.timedelta(days=30))}
    asked = {(one.round_id, one.period): one for one in results.waiting_askings(member.office)}
    yield from (_stuck(one) for one in asked.values() if results.is_stuck(one, at=clock.now()))
    for a_round in seen:
        for period in results.waiting_quarters(member, a_round, results.newest_of(a_round)):
            if period in recent and (a_round.pk, period) not in asked:
                title = _("%(round)s, %(period)s: not released yet") % {
                    "round": a_round.name,
                    "period": clock.quarter_in_words(period),
                }
                why = _(
                    "Answers were opened. Release the figures, then your colleagues can see them. Below the smallest group nothing is shown."
                )
                yield Thing("see", title, why, reverse("results:round", args=[a_round.pk]), _("See and release"))


def _stuck(asked: AskedRelease) -> Thing:
    """The worker begins within a second; when it doesn't, nobody but the operator can help."""
    return Thing(
        "warning",
        _("%(round)s, %(period)s: the figures wait to be made")
        % {
            "round": asked.round.name,
            "period": clock.quarter_in_words(asked.period),
        },
        _("The worker does not begin. Ask the operator whether it runs."),
        reverse("results:asked", args=[asked.round_id, asked.period]),
        _("See how it stands"),
        urgent=True,
    )


def _retention(member: Member, today: dt.date) -> Iterator[Thing]:
    """The worker deletes each night; a week of silence means that it stands still."""
    if not member.has(Role.PRIVACY_OFFICER):
        return
    newest = privacy.deletions_of(member.office).first()
    if newest is None or newest.at.date() < today - WEEK:
        yield Thing(
            "lock",
            _("Nothing was deleted this week"),
            _(
                "Each night everything that is kept too long is deleted. That did not happen for a week. Ask the operator whether the worker runs."
            ),
            reverse("privacy:retention"),
            _("See how long we keep what"),
        )
