"""What headquarters must know of access: who could not be seen and why, what ends soon, who went silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from reports.access import left
from reports.facts import ChapterView
from reports.network_facts import (
    ChapterUnseen,
    Dormant,
    EndingAccess,
    EndingLine,
    LinkedAccount,
    QuietAccount,
    Reach,
    ReachDay,
    Unregistered,
    UnseenGroup,
)
from reports.text import clean_line
from reports.view import share_words
from reports.words import Words

#: Names of a list that are printed; the others are counted.
NAMES_LIMIT = 4
#: Days before an end from which it is printed.
ENDING_DAYS = 60


def reach_of(chapters: Iterable[ChapterView], period: str, words: Words) -> Reach:
    """How many accounts were seen on each day of the month, all chapters together."""
    accounts = [account for chapter in chapters for account in chapter.accounts]
    length = max((len(account.days) for account in accounts), default=0)
    states = [Counter(account.days[at] for account in accounts if at < len(account.days)) for at in range(length)]
    days = tuple(
        ReachDay(
            day=at + 1,
            asked=state.total() - state["not_asked"],
            seen=state["seen"],
            partial=state["partial"],
        )
        for at, state in enumerate(states)
    )
    return Reach(title=_reach_title(days, period, words), caption=words("network.reach.caption"), days=days)


def _reach_title(days: Sequence[ReachDay], period: str, words: Words) -> str:
    asked = [day for day in days if day.asked]
    if not asked:
        return words("network.reach.none")
    worst = min(asked, key=_how_well)
    if worst.seen == worst.asked:
        return words("network.reach.whole")
    year, month = (int(part) for part in period.split("-"))
    share = share_words(worst.seen, worst.asked, words)
    return words("network.reach.worst", share=share, day=words.day(date(year, month, worst.day)))


def _how_well(day: ReachDay) -> tuple[float, float]:
    """How well a day was seen: in full, then at least in part."""
    return day.seen / day.asked, (day.seen + day.partial) / day.asked


def unseen_of(access: Iterable[ChapterUnseen], words: Words) -> tuple[UnseenGroup, ...]:
    """What could not be seen, by reason and by who can mend it: most accounts first."""
    grouped: dict[tuple[str, str], list[ChapterUnseen]] = {}
    for row in access:
        grouped.setdefault((row.unseen.why, row.unseen.mend), []).append(row)
    groups = [
        UnseenGroup(
            why=why,
            mend=mend,
            accounts=len(rows),
            where=listed([_unseen_words(row, words) for row in rows], words),
        )
        for (why, mend), rows in grouped.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.accounts, group.why, group.mend)))


def _unseen_words(row: ChapterUnseen, words: Words) -> str:
    return words("network.unseen_item", chapter=row.chapter, account=row.unseen.account, what=row.unseen.what)


def listed(names: Sequence[str], words: Words, limit: int = NAMES_LIMIT) -> str:
    """The first names of a list, and how many more there are."""
    if len(names) <= limit + 1:
        return "; ".join(names)
    more = words("network.and_more", n=len(names) - limit)
    return f"{'; '.join(names[:limit])}; {more}"


def ending_of(ending: Iterable[EndingAccess], today: date, words: Words) -> tuple[EndingLine, ...]:
    """Access that ends within sixty days or has ended, soonest first."""
    near = sorted(
        (item for item in ending if (item.ends - today).days <= ENDING_DAYS),
        key=lambda item: (item.ends, item.chapter, item.account),
    )
    return tuple(
        EndingLine(
            account=item.account,
            chapter=item.chapter,
            ends_words=words.full_date(item.ends),
            left_words=words(f"network.ends.{item.told_by}", left=left(item.ends, today, words)),
            owner=item.owner,
        )
        for item in near
    )


def dormant_of(dormant: Iterable[Dormant], words: Words) -> tuple[QuietAccount, ...]:
    """Accounts gone silent against their own rhythm, longest first; then those of which no post is known."""
    ranked = sorted(dormant, key=lambda one: (one.last is None, one.last or date.min, one.chapter, one.account))
    return tuple(
        QuietAccount(
            account=one.account,
            chapter=one.chapter,
            last=words.full_date(one.last) if one.last else words("network.dormant.never"),
            usual=words("network.dormant.usual", n=one.usual_days) if one.usual_days else "",
        )
        for one in ranked
    )


def linked_of(items: Iterable[Unregistered], words: Words) -> tuple[LinkedAccount, ...]:
    """Accounts that profiles link to and the registry does not have, by chapter."""
    return tuple(
        LinkedAccount(
            account=f"{words.named('platform', one.platform)} {clean_line(one.name, 60)}",
            chapter=one.chapter,
            page=one.page,
            what=words(f"network.linked.{one.kind}", account=one.account or ""),
        )
        for one in sorted(items, key=lambda one: (one.chapter, one.platform, one.name))
    )
