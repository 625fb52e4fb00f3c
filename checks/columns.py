"""A whole frame seen column-wise: scope, language and what a screen asks, for every row at once.

Rows are made only for what is looked at; most posts of a night never become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from chapterwatch.policy import Scope
from checks.base import MAIN_FIELD, Context, Row, context_of
from checks.language import by_small_words, detect, normal_code
from checks.lexicons import Lexicons
from checks.literals import lowered, may_match
from checks.screen import InContext, NamedInContext, Need, Raw, Screen, Where
from checks.text import plain_of, prepare

#: Labels of rows, ascending.
Labels = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Column:
    """The rows of one kind (post or profile) with the words of each; labels are positions in `frame`."""

    def __init__(self, frame: pd.DataFrame, kind: str, contexts: Mapping[str, Context], lexicons: Lexicons) -> None:
        self.frame, self.kind = frame, kind
        self._contexts, self._lexicons = contexts, lexicons
        self._made: dict[int, Row] = {}
        self._scopes: dict[tuple[Any, ...], Labels] = {}
        self._masks: dict[Need, Mask] = {}
        # A frame with an association that has no context cannot be judged, whatever the rules.
        self._places = self._groups()

    def _groups(self) -> tuple[npt.NDArray[np.int64], list[Context]]:
        """Which context each row has: a number a row, and the contexts."""
        if self.frame.empty:
            return np.zeros(0, dtype=np.int64), []
        chapters = self.frame.get("chapter", pd.Series(None, index=self.frame.index, dtype="object"))
        pairs = pd.MultiIndex.from_arrays([self.frame["association"], chapters])
        codes, unique = pairs.factorize()
        found = [context_of(self._contexts, one, None if pd.isna(two) else two) for one, two in unique]
        return codes.astype(np.int64), found

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

    @cached_property
    def spaces(self) -> list[Any]:
        """The space of each row."""
        return self._values("space")

    @cached_property
    def is_textless(self) -> Mask:
        """Where the text is not kept."""
        return np.fromiter((text is None for text in self._texts), dtype=np.bool_, count=len(self._texts))

    @cached_property
    def _texts(self) -> list[str | None]:
        return [None if text is None else str(text) for text in self._values(MAIN_FIELD[self.kind])]

    @cached_property
    def _low(self) -> list[str]:
        return [lowered(text) if text else "" for text in self._texts]

    @cached_property
    def _plain(self) -> list[str]:
        return [plain_of(text) if text else "" for text in self._texts]

    @cached_property
    def _words(self) -> list[set[str]]:
        return [set(plain.split()) for plain in self._plain]

    @cached_property
    def languages(self) -> list[str]:
        """ISO 639-1 of each row, as `Row.language` gives it."""
        places, contexts = self._places
        fallbacks = [normal_code(context.language) or "en" for context in contexts]
        told = zip(self._values("lang"), self._plain, self._words, self._texts, places.tolist(), strict=True)
        return [
            normal_code(said) or by_small_words(plain, words) or detect(prepare(text or "")) or fallbacks[place]
            for said, plain, words, text, place in told
        ]

    def is_foreign(self, languages: Iterable[str]) -> Mask:
        """Where there are words, and in none of these languages: without a letter there is no language to know."""
        known = frozenset(languages)
        foreign = [at for at, language in enumerate(self.languages) if language not in known]
        mask = np.zeros(len(self.languages), dtype=np.bool_)
        mask[[at for at in foreign if self._has_letters(at)]] = True
        return mask

    def _has_letters(self, at: int) -> bool:
        # A word of letters only is part of no link, handle or address.
        return any(map(str.isalpha, self._words[at])) or prepare(self._texts[at] or "").has_letters

    def in_scope(self, scope: Scope) -> Labels:
        """The labels of the rows a scope takes in."""
        key = (scope.spaces, scope.platforms, scope.kinds)
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

    def meeting(self, ways: Iterable[tuple[int, tuple[Need, ...]]], screen: Screen) -> Labels:
        """The labels of the rows that meet one of the alternatives."""
        found: set[int] = set()
        for bits, needs in ways:
            labels = self._with_bits(bits, screen) if bits else range(len(self.frame))
            masks = [self._mask(need) for need in needs]
            found.update(label for label in labels if all(mask[label] for mask in masks))
        return np.array(sorted(found), dtype=np.int64)

    def _with_bits(self, bits: int, screen: Screen) -> Iterable[int]:
        return [label for met, labels in self._met(screen).items() if met & bits == bits for label in labels]

    def _met(self, screen: Screen) -> dict[int, list[int]]:
        """Rows by the needs their texts meet; those that meet none are left out."""
        if self._known is None:
            self._known = {}
            read = screen.literals.bits
            for label, (plain, words, text) in enumerate(zip(self._plain, self._words, self._texts, strict=True)):
                if words and (met := read(plain, words, text or "")):
                    self._known.setdefault(met, []).append(label)
        return self._known

    #: A column is read by one screen only, that of the pack it is judged by.
    _known: dict[int, list[int]] | None = None

    def _mask(self, need: Need) -> Mask:
        if need not in self._masks:
            self._masks[need] = self._asked(need)
        return self._masks[need]

    def _asked(self, need: Need) -> Mask:
        places, contexts = self._places
        if isinstance(need, Raw):
            search = need.pattern.match if need.opening else need.pattern.search
            likely = [may_match(need.pattern, low) for low in self._low]
            texts = zip(self._texts, likely, strict=True)
            found = [may and text is not None and search(text) is not None for text, may in texts]
            return np.array(found, dtype=np.bool_)
        if isinstance(need, Where):
            return np.asarray(need.holds(self.frame), dtype=np.bool_)
        if isinstance(need, InContext):
            holds = np.array([need.holds(context) for context in contexts], dtype=np.bool_)
            return holds[places] if len(places) else np.zeros(0, dtype=np.bool_)
        if isinstance(need, NamedInContext):
            wanted = [[string.casefold() for string in need.strings(context)] for context in contexts]
            rows = zip(self._low, places.tolist(), strict=True)
            named = [any(map(low.__contains__, wanted[at])) for low, at in rows]
            return np.array(named, dtype=np.bool_)
        raise TypeError(f"{need!r} is asked of words, not of columns")

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
