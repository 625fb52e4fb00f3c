"""What the roads an account is read by never show, for contents of which the archive does not say how they were seen.

An archive notes of every reading what its road never shows. Contents from before it did are taken for what the registry
says of their account today, until they are read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

import connectors
from chapterwatch.archive.sightings import of_post, profile_words
from chapterwatch.model import Access, Account, Unshown, Window


def unshown_of(account: Account) -> frozenset[str]:
    """What the road the registry names for an account never shows; what no machine reads shows nothing to be judged."""
    if account.access is Access.IMPORT:
        return frozenset(one.value for one in connectors.never_shown(account.platform, account.export_format))
    return frozenset(one.value for one in connectors.never_shown(account.platform))


def with_unshown(
    posts: pd.DataFrame, profiles: pd.DataFrame, accounts: Iterable[Account]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frames with `unshown` filled from the registry where the archive says nothing."""
    known = {account.key: unshown_of(account) for account in accounts}
    told = {key: of_post((unshown,), (unshown,)) or () for key, unshown in known.items()}
    shown = {key: profile_words(unshown) for key, unshown in known.items()}
    return _filled(posts, told), _filled(profiles, shown)


def unshown_in(
    posts: pd.DataFrame, profiles: pd.DataFrame, accounts: Sequence[Account], bounds: Window
) -> dict[str, tuple[str, ...]]:
    """What did not show of at least one post of a month, or of the profile as it stood then, by account key."""
    posts, profiles = with_unshown(posts, profiles, accounts)
    since, until = pd.Timestamp(bounds.since), pd.Timestamp(bounds.until)
    of_month = posts[(posts["created_at"] >= since) & (posts["created_at"] < until) & posts["is_current"].astype(bool)]
    # A profile is read again and again: what is known of it first stands for the time before.
    ended = profiles["valid_until"].notna() & (profiles["valid_until"] < since)
    found = {account.key: set[str]() for account in accounts}
    for key, unshown in zip(of_month["account_key"], of_month["unshown"], strict=True):
        found.setdefault(key, set()).update(unshown)
    for key, unshown in zip(profiles[~ended]["account_key"], profiles[~ended]["unshown"], strict=True):
        found.setdefault(key, set()).update(Unshown.PROFILE_PICTURES.value for _ in unshown)
    return {key: tuple(one.value for one in Unshown if one.value in told) for key, told in found.items() if told}


def _filled(frame: pd.DataFrame, told: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    pairs = zip(frame["account_key"], frame["unshown"], strict=True)
    values = [told.get(key, ()) if unshown is None else unshown for key, unshown in pairs]
    return frame.assign(unshown=pd.Series(values, dtype="object", index=frame.index))
