"""`gehoor office …` and `gehoor member …`."""

import argparse
import getpass
import sys
from typing import Any

from gehoor.offices import changes, queries
from gehoor.offices.models import Office, Role
from gehoor.project.command import Result, command, group


def add(commands: Any) -> None:
    """The commands of this room."""
    office = group(commands, "office", "Offices")
    made = command(office, "add", add_office, "Add an office. Prints its short name.")
    made.add_argument("name", help='the name as clients read it, such as "Leerplicht Voorbeeldstad"')
    made.add_argument("--slug", default="", help="short name for commands (default: made from the name)")
    command(office, "list", list_offices, "List the offices.")
    member = group(commands, "member", "People who work with Gehoor")
    made = command(
        member, "add", add_member, "Give somebody a place in an office. An account is made when the address is new."
    )
    made.add_argument("--office", required=True, metavar="SLUG")
    made.add_argument("--email", required=True)
    made.add_argument("--name", required=True)
    made.add_argument(
        "--role",
        action="append",
        required=True,
        metavar="ROLE",
        help=f"one of {', '.join(Role.values)}; may be repeated",
    )
    made.add_argument("--team", default="", help="name of the team; made when it is new")
    made.add_argument(
        "--password", default=None, help="`-` asks for it or reads a line; without it the account can't log in yet"
    )
    made = command(member, "list", list_members, "List the members of an office.")
    made.add_argument("--office", required=True, metavar="SLUG")


def add_office(arguments: argparse.Namespace) -> Result:
    """Add an office."""
    office = changes.add_office(arguments.name, slug=arguments.slug)
    return {"office": office.slug, "name": office.name}


def list_offices(arguments: argparse.Namespace) -> Result:
    """All offices."""
    return [{"office": office.slug, "name": office.name} for office in Office.objects.order_by("slug")]


def add_member(arguments: argparse.Namespace) -> Result:
    """Add a member."""
    password = _asked() if arguments.password == "-" else arguments.password  # noqa: S105 -- a dash means: ask
    member = changes.add_member(
        queries.office_by_slug(arguments.office),
        email=arguments.email, name=arguments.name, roles=arguments.role, team=arguments.team, password=password,
    )  # fmt: skip
    return {"member": member.account.email, "office": member.office.slug, "roles": member.roles}


def list_members(arguments: argparse.Namespace) -> Result:
    """The members of an office."""
    members = queries.members_of(queries.office_by_slug(arguments.office))
    return [
        {"member": member.account.email, "name": member.account.name, "roles": ",".join(member.roles)}
        for member in members
    ]


def _asked() -> str:
    return getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
