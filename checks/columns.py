"""A whole frame seen column-wise: scope, language and what a screen asks, for every row at once.

Rows are made only for what is looked at; most posts of a night never become one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from chapterwatch.policy import Scope
from checks.base import MAIN_FIELD, Context, Row, context_of
from checks.language import KnownWords, all_by_small_words, language_of, normal_code
from checks.lexicons import Lexicons
from checks.literals import lowered, opens_lines
from checks.screen import InContext, Met, NamedInContext, Need, Raw, Screen, Where
from checks.text import plain_of, prepare
from checks.vocabulary import PART, Joined, Mask, Words, words_of

#: Labels of rows, ascending.
Labels = npt.NDArray[np.int64]


class Column:
    """The rows of one kind (post or profile) with the words of each; labels are positions in `frame`."""

    def __init__(self, frame: pd.DataFrame, kind: str, contexts: Mapping[str, Context], lexicons: Lexicons) -> None:
        self.frame, self.kind = frame, kind
        self._contexts, self._lexicons = contexts, lexicons
        self._made: dict[int, Row] = {}
        self._scopes: dict[tuple[Any, ...], Labels] = {}
        self._unread: dict[tuple[Any, ...], Mapping[int, str]] = {}
        self._masks: dict[Need, Mask] = {}
        self._in_space: dict[str, Mask] = {}
        self._matched: dict[Raw, tuple[Mask, Mask]] = {}
        # A frame with an association that has no context cannot be judged, whatever the rules.
        self._places = self._groups()

    def _groups(self) -> tuple[npt.NDArray[np.int64], list[Context]]:
        """Which context each row has: a number a row, and the contexts."""
        if self.frame.empty:
            return np.zeros(0, dtype=np.int64), []
        names: dict[tuple[Any, ...], int] = {}
        rows = zip(*map(self._values, ("association", "chapter", "account_key")), strict=True)
        name_of_row = np.array([names.setdefault(name, len(names)) for name in rows], dtype=np.int64)
        contexts = [context_of(self._contexts, *name) for name in names]
        # Most accounts of a chapter share its context.
        different = {id(context): context for context in contexts}
        number = {which: at for at, which in enumerate(different)}
        number_of_name = np.array([number[id(context)] for context in contexts], dtype=np.int64)
        return number_of_name[name_of_row], list(different.values())

    @cached_property
    def subjects(self) -> pd.DataFrame:
        """The columns that name a row in verdicts and evidence."""
        return self.frame[["subject_id", "revision", "account_key"]]

    @cached_property
    def rank(self) -> npt.NDArray[np.int64]:
        """The place of each row in the order verdicts are given in."""
        order = self.subjects.sort_values(["subject_id", "revision", "account_key"], kind="stable").index.to_numpy()
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return rank

    def is_in(self, space: str) -> Mask:
        """Where the account is in a space."""
        if space not in self._in_space:
            self._in_space[space] = np.array([value == space for value in self._values("space")], dtype=np.bool_)
        return self._in_space[space]

    @cached_property
    def is_textless(self) -> Mask:
        """Where the text is not kept."""
        return np.fromiter((text is None for text in self._texts), dtype=np.bool_, count=len(self._texts))

    @cached_property
    def _texts(self) -> list[str | None]:
        return [None if text is None else str(text) for text in self._values(MAIN_FIELD[self.kind])]

    @cached_property
    def _low(self) -> Joined:
        return Joined([lowered(text) if text else "" for text in self._texts])

    @cached_property
    def _plain(self) -> list[str]:
        return [plain_of(text) if text else "" for text in self._texts]

    @cached_property
    def _parts(self) -> list[tuple[slice, Words]]:
        """The words of the column, so many rows at a time."""
        places = (slice(start, start + PART) for start in range(0, len(self._plain), PART))
        return [(place, words_of(self._plain[place])) for place in places]

    @cached_property
    def languages(self) -> list[str]:
        """ISO 639-1 of each row, as `Row.language` gives it."""
        places, contexts = self._places
        fallbacks = [normal_code(context.language) or "en" for context in contexts]
        shown = [code for place, words in self._parts for code in all_by_small_words(self._plain[place], words)]
        said = self._values("lang")
        known = self._lexicons.known_words
        # Platforms name a few languages, again and again.
        codes = {tag: normal_code(tag) for tag in set(filter(_is_tag, said))}
        tagged = [codes.get(tag) if codes and _is_tag(tag) else None for tag in said]
        told = zip(tagged, shown, self._texts, places.tolist(), strict=True)
        return [
            _told(tag, code, known)
            or language_of(prepare(text or ""), said=tag, fallback=fallbacks[place], known=known)
            for tag, code, text, place in told
        ]

    def unread(self, scope: Scope, *, reads_text: bool) -> Mapping[int, str]:
        """The rows a scope takes in whose text is not kept, or not in one of the scope's languages, with the reason."""
        key = (*_key(scope), scope.languages, reads_text)
        if key not in self._unread:
            labels = self.in_scope(scope)
            reasons: dict[int, str] = {}
            if scope.languages:
                foreign = labels[self.is_foreign(scope.languages)[labels]].tolist()
                reasons = {label: f"language:{self.languages[label]}" for label in foreign}
            if reads_text:
                reasons |= dict.fromkeys(labels[self.is_textless[labels]].tolist(), "no_text")
            self._unread[key] = reasons
        return self._unread[key]

    def lacking(self, labels: Labels, lacks: Callable[[Context], str | None]) -> dict[int, str]:
        """The rows among these whose roster lacks something, with the reason."""
        places, contexts = self._places
        reasons = [lacks(context) for context in contexts]
        if not any(reasons):
            return {}
        return {label: reason for label in labels.tolist() if (reason := reasons[places[label]])}

    def is_foreign(self, languages: Iterable[str]) -> Mask:
        """Where there are words, and in none of these languages: without a letter there is no language to know."""
        known = frozenset(languages)
        different, of_row = self._different_languages
        is_strange = np.array([language not in known for language in different], dtype=np.bool_)
        strange: Mask = is_strange[of_row] if len(of_row) else np.zeros(0, dtype=np.bool_)
        wordless = np.flatnonzero(strange & ~self._has_word).tolist() if strange.any() else []
        strange[[at for at in wordless if not prepare(self._texts[at] or "").has_letters]] = False
        return strange

    @cached_property
    def _different_languages(self) -> tuple[list[str], npt.NDArray[np.int64]]:
        """The languages there are, and which of them each row is in."""
        places: dict[str, int] = {}
        of_row = [places.setdefault(language, len(places)) for language in self.languages]
        return list(places), np.array(of_row, dtype=np.int64)

    @cached_property
    def _has_word(self) -> Mask:
        """Where a word is of letters only: it is part of no link, handle or address."""
        found = [words.texts_with(words.where(str.isalpha)) for _, words in self._parts]
        return np.concatenate(found) if found else np.zeros(0, dtype=np.bool_)

    def in_scope(self, scope: Scope) -> Labels:
        """The labels of the rows a scope takes in."""
        key = _key(scope)
        if key not in self._scopes:
            mask = np.ones(len(self.frame), dtype=np.bool_)
            for name, wanted in (("space", scope.spaces), ("platform", scope.platforms), ("kind", scope.kinds)):
                if wanted and name in self.frame.columns:
                    mask &= self.frame[name].isin([str(one) for one in wanted]).to_numpy(dtype=np.bool_)
                elif wanted:
                    mask[:] = False
            self._scopes[key] = np.flatnonzero(mask)
        return self._scopes[key]

    def rows(self, labels: Sequence[int]) -> list[Row]:
        """The rows of these labels, made once each."""
        missing = sorted({label for label in labels if label not in self._made})
        if missing:
            places, contexts = self._places
            languages = self.__dict__.get("languages")
            for label in missing:
                self._made[label] = Row(
                    _Record(self._lists, label),
                    label=label,
                    subject=self.kind,
                    context=contexts[places[label]],
                    lexicons=self._lexicons,
                    language=languages[label] if languages else None,
                )
        return [self._made[label] for label in labels]

    # --- what a screen asks -------------------------------------------------------------------------------------

    def meeting(self, ways: Iterable[tuple[int, tuple[Need, ...]]], screen: Screen) -> Mask:
        """The rows that meet one of the alternatives."""
        found = np.zeros(len(self.frame), dtype=np.bool_)
        for bits, needs in ways:
            meets = self._with_bits(bits, screen) if bits else np.ones(len(self.frame), dtype=np.bool_)
            for need in needs:
                # What is asked of columns takes longer, and is asked of all rows.
                if meets.any():
                    meets = meets & (self._possible(need, screen) if isinstance(need, Raw) else self._mask(need))
            for need in needs:
                # A pattern runs last, and only where everything else is met.
                meets = self._matching(need, meets) if isinstance(need, Raw) else meets
            found |= meets
        return found

    def _with_bits(self, bits: int, screen: Screen) -> Mask:
        met, wanted = self._met(screen), screen.literals.mask(bits)
        asked = np.flatnonzero(wanted).tolist()
        meets: Mask = np.logical_and.reduce([met[:, at] & wanted[at] == wanted[at] for at in asked])
        return meets

    def _met(self, screen: Screen) -> Met:
        """The needs each text meets, column by column: a way asks for a few needs of all rows."""
        if self._known is None:
            read = screen.literals.met
            parts = [
                read(self._plain[place], words, self._texts[place], self.languages[place])
                for place, words in self._parts
            ]
            self._known = np.asfortranarray(np.concatenate(parts) if parts else read([], words_of([]), [], []))
        return self._known

    #: A column is read by one screen only, that of the pack it is judged by.
    _known: Met | None = None

    def _mask(self, need: Need) -> Mask:
        if need not in self._masks:
            self._masks[need] = self._asked(need)
        return self._masks[need]

    def _asked(self, need: Need) -> Mask:
        places, contexts = self._places
        if isinstance(need, Where):
            return np.asarray(need.holds(self.frame), dtype=np.bool_)
        if isinstance(need, InContext):
            holds = np.array([need.holds(context) for context in contexts], dtype=np.bool_)
            return holds[places] if len(places) else np.zeros(0, dtype=np.bool_)
        if isinstance(need, NamedInContext):
            named = np.zeros(len(self.frame), dtype=np.bool_)
            for place, context in enumerate(contexts):
                strings = list(dict.fromkeys(string.casefold() for string in need.strings(context)))
                named |= (places == place) & self._low.holding(strings)
            return named
        raise TypeError(f"{need!r} is asked of words, not of columns")

    def _possible(self, need: Raw, screen: Screen) -> Mask:
        if self._stored is None:
            self._stored = screen.stored.met(self._low)
        return screen.stored.possible(need, self._stored)

    #: As `_known`.
    _stored: Met | None = None

    def _matching(self, need: Raw, among: Mask) -> Mask:
        """Those among some rows whose stored text a pattern matches; each row is asked once."""
        asked, holds = self._matched.setdefault(need, (np.zeros_like(among), np.zeros_like(among)))
        new, search = np.flatnonzero(among & ~asked), _search_of(need)
        holds[[at for at in new.tolist() if (text := self._texts[at]) is not None and search(text)]] = True
        asked[new] = True
        return holds & among

    @cached_property
    def _lists(self) -> _Lists:
        return _Lists(self.frame)

    def _values(self, name: str) -> list[Any]:
        if name not in self.frame.columns:
            return [None] * len(self.frame)
        missing = self.frame[name].isna()
        if not missing.any():
            return self._lists[name]
        return [None if gone else value for value, gone in zip(self._lists[name], missing, strict=True)]


def _told(tag: str | None, shown: str | None, known: KnownWords) -> str | None:
    """The language that a tag of the platform, or the small words of a text, tell without a closer look at the text."""
    if tag is None:
        return shown
    return tag if known.reads(tag) else None


def _is_tag(said: Any) -> bool:
    return isinstance(said, str)


def _search_of(need: Raw) -> Callable[[str], object]:
    if need.opening:
        return need.pattern.match
    if not opens_lines(need.pattern):
        return need.pattern.search
    match = need.pattern.match

    def search(text: str) -> bool:
        """Tried at the lines alone, not at every character."""
        at = 0
        while match(text, at) is None:
            at = text.find("\n", at) + 1
            if not at:
                return False
        return True

    return search


def _key(scope: Scope) -> tuple[Any, ...]:
    return scope.spaces, scope.platforms, scope.kinds


class _Lists(dict[str, list[Any]]):
    """The columns of a frame as lists, each made when it is first asked for."""

    def __init__(self, frame: pd.DataFrame) -> None:
        super().__init__()
        self.frame = frame

    def __missing__(self, name: str) -> list[Any]:
        if name not in self.frame.columns:
            raise KeyError(name)
        self[name] = values = self.frame[name].tolist()
        return values


class _Record(Mapping[str, Any]):
    """One row of a frame as a mapping from column to value, without copying the others."""

    __slots__ = ("_at", "_lists")

    def __init__(self, lists: _Lists, at: int) -> None:
        self._lists, self._at = lists, at

    def __getitem__(self, name: str) -> Any:
        return self._lists[name][self._at]

    def __iter__(self) -> Iterator[str]:
        return map(str, self._lists.frame.columns)

    def __len__(self) -> int:
        return len(self._lists.frame.columns)
