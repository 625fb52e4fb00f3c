"""Who may do what at the desk: a table, and the people of the registry's `staff:`.

The server asks it for every page, action and download. What a role may not do is refused; what lies outside a person's
chapters is, to that person, not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from chapterwatch.model import Staff


class Role(StrEnum):
    """What somebody is at the desk."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    ADMIN = "admin"


class May(StrEnum):
    """What can be allowed."""

    LOOK = "look"
    #: Decide about findings, enter and decide replies.
    DECIDE = "decide"
    #: See words that reports black out, with a written reason.
    UNMASK = "unmask"
    #: Read a month's random sample and say what was missed.
    READ_SAMPLE = "read_sample"
    #: Files of issued reports.
    READ_REPORTS = "read_reports"
    #: Who got which mail; have one sent again.
    SEE_DELIVERIES = "see_deliveries"
    SEND_AGAIN = "send_again"
    #: Accounts' access with the platforms' own words.
    SEE_ACCESS = "see_access"
    DRY_RUN = "dry_run"
    READ_LOG = "read_log"


_LOOKS = frozenset({May.LOOK, May.READ_REPORTS})

#: The one place where rights stand.
RIGHTS: dict[Role, frozenset[May]] = {
    Role.VIEWER: _LOOKS,
    Role.REVIEWER: _LOOKS | {May.DECIDE, May.UNMASK, May.SEE_ACCESS, May.READ_SAMPLE},
    Role.PUBLISHER: _LOOKS | {May.SEE_DELIVERIES, May.SEND_AGAIN, May.SEE_ACCESS, May.READ_SAMPLE},
    Role.ADMIN: frozenset(May),
}

#: Roles in Airflow by their lower-case names, for people the registry does not list: those every installation has, and
#: those that ours is set up with (`deploy/accounts.py`).
AIRFLOW_ROLES = {
    "viewer": Role.VIEWER,
    "user": Role.REVIEWER,
    "op": Role.PUBLISHER,
    "admin": Role.ADMIN,
    "reader": Role.VIEWER,
    "auditor": Role.REVIEWER,
    "publisher": Role.PUBLISHER,
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who is logged in. Without a role nothing is allowed; `chapters` None means all of them."""

    name: str
    role: Role | None
    chapters: frozenset[str] | None = frozenset()

    @property
    def role_word(self) -> str:
        """The role as the log and a report have it; empty for nobody's."""
        return self.role.value if self.role else ""

    @property
    def sees_nothing(self) -> bool:
        """Whether no chapter is the person's own: an empty page would tell them nothing."""
        return self.chapters is not None and not self.chapters

    def may(self, what: May) -> bool:
        """Whether the role allows it. The log speaks of every chapter, so only who sees them all may read it."""
        if self.role is None or (what is May.READ_LOG and self.chapters is not None):
            return False
        return what in RIGHTS[self.role]

    def sees(self, chapter: str) -> bool:
        """Whether a chapter is among the person's own."""
        return self.chapters is None or chapter in self.chapters

    def sees_all(self, chapters: Iterable[str]) -> bool:
        """Whether all of some chapters are."""
        return self.chapters is None or self.chapters.issuperset(chapters)


def person_of(name: str, airflow_roles: Collection[str], staff: Iterable[Staff]) -> Person:
    """The person behind a login: as the registry's `staff:` says, else by the strongest of their roles in Airflow.

    Airflow's viewers see no chapter unless the registry gives them one.
    """
    listed = next((item for item in staff if item.user == name), None)
    if listed is not None:
        chapters = None if listed.chapters is None else frozenset(listed.chapters)
        return Person(name=name, role=Role(listed.role), chapters=chapters)
    order = list(Role)
    known = [AIRFLOW_ROLES[role.casefold()] for role in airflow_roles if role.casefold() in AIRFLOW_ROLES]
    role = max(known, key=order.index, default=None)
    return Person(name=name, role=role, chapters=frozenset() if role in {None, Role.VIEWER} else None)
