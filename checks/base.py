"""What every check is made of: evidence, context, rows, the register.

A check is a pure function `(batch, rule, params) -> Judgement`. It answers for each row of `batch.frame`: breach with
evidence, clean, or not judged with a reason. There is no fourth answer; the engine refuses a judgement that leaves a
row out, breaches without evidence, or quotes a span outside the stored text.
"""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Generic, TypeVar

import pandas as pd
from pydantic import BaseModel, ConfigDict

from chapterwatch import model
from chapterwatch.errors import place_of
from chapterwatch.policy import PictureSet, Rule
from checks.false_friends import FALSE_FRIENDS, is_false_friend
from checks.language import language_of
from checks.lexicons import Hit, Lexicons
from checks.pictures import PREFIX, text_in
from checks.screen import Needs
from checks.text import Text, prepare

#: Which column holds the words of a subject.
MAIN_FIELD = {"post": "text", "profile": "bio"}


#: Why a row is not judged on which a check broke.
BROKEN = "check_failed"

log = logging.getLogger(__name__)


class CheckFailed(Exception):
    """A check answers what no check may, such as evidence outside the text. Ours to mend: it stops the run.

    The message carries the rule's and the subject's id, never the text.
    """

    def __init__(self, rule_id: str, subject_id: str, what: str) -> None:
        self.rule_id, self.subject_id = rule_id, subject_id
        super().__init__(f"rule {rule_id} on subject {subject_id}: {what}")


@dataclass(frozen=True)
class Evidence:
    """Where in a stored field a breach stands, why it is one, and how sure the check is (0..1).

    `start` and `end` are half-open and count code points of the stored text of `field`; (0, 0) is the whole item.
    """

    field: str
    start: int
    end: int
    reason: str
    confidence: float


@dataclass(frozen=True)
class NotJudged:
    """This row could not be judged, for a reason an officer can read (`language:xx`, `no_text`, `no_history`)."""

    reason: str


@dataclass(frozen=True)
class Context:
    """What the roster tells the checks about an association, or about one chapter of it."""

    association: str
    #: What the policy says it is called as well: abbreviations, other languages.
    also_called: tuple[str, ...] = ()
    language: str = "en"
    #: ISO 3166 alpha-2, for phone numbers written without a country code.
    country: str = "US"
    #: Members and staff as the association lists them, and the people who answer for the chapter.
    roster_names: tuple[str, ...] = ()
    officers: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    official_domains: tuple[str, ...] = ()
    public_contacts: tuple[str, ...] = ()
    events: tuple[model.Event, ...] = ()
    #: Keys of the association's own channels (LLL-15), and of accounts whose affiliation the roster confirms (LLL-01).
    official_accounts: tuple[str, ...] = ()
    affiliated_accounts: tuple[str, ...] = ()
    #: Signed consents of the chapter, for pictures of people.
    consents: tuple[model.Consent, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody whom the roster knows by name."""
        return (*self.roster_names, *self.officers)


class Params(BaseModel):
    """Base of a check's parameters: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def lexicons(self) -> tuple[str, ...]:
        """Names of the lexicons the check will ask for; the engine verifies that the pack has them."""
        return ()

    def picture_sets(self) -> tuple[str, ...]:
        """Names of the pack's picture sets the check will ask for; the engine verifies that the pack has them."""
        return ()

    def named(self) -> set[str]:
        """Every name the parameters hold, so every lexicon and picture set the check may read; more does no harm."""
        return {*self.lexicons(), *self.picture_sets(), *_strings(self.model_dump())}


class Row:
    """A cheap view of one frame row: columns as attributes, the prepared text, the context.

    A column that the frame does not have raises AttributeError; `get` gives a default instead. Missing values (NaN,
    NaT, NA) read as None.
    """

    __slots__ = ("_hits", "_language", "_text", "_values", "context", "field", "label", "lexicons", "subject")

    def __init__(
        self,
        values: Mapping[str, Any],
        *,
        label: int,
        subject: str,
        context: Context,
        lexicons: Lexicons,
        language: str | None = None,
    ) -> None:
        self._values = values
        self._language = language
        self._text: Text | None = None
        self._hits: Mapping[tuple[str, str], Sequence[Hit]] | None = None
        self.label = label
        self.subject = subject
        self.field = MAIN_FIELD[subject]
        self.context = context
        self.lexicons = lexicons

    def __getattr__(self, name: str) -> Any:
        try:
            value = self._values[name]
        except KeyError:
            raise AttributeError(f"the frame has no column {name!r}") from None
        return None if _is_missing(value) else value

    def get(self, name: str, default: Any = None) -> Any:
        """The column's value, or `default` where the frame has no such column or no value."""
        value = self._values.get(name)
        return default if _is_missing(value) else value

    def stored(self, field: str) -> str:
        """The stored text that spans of `field` count in: a column, the alt texts one per line, words in a picture."""
        if field.startswith(PREFIX):
            return text_in(self.get("pictures"), field)
        if field == "alt_text":
            return "\n".join(str(item.get("alt_text") or "") for item in self.get("media", ()))
        if field == "edit":
            return str(self.get(self.field, ""))
        if field == "deletion":
            return ""
        return str(self.get(field, ""))

    def prepared(self, field: str) -> Text:
        """The prepared text of any field; prepared once per distinct text of the run."""
        return prepare(self.stored(field))

    @property
    def text(self) -> Text:
        """The prepared text of the main field: `text` of a post, `bio` of a profile. The stored string is `.raw`."""
        if self._text is None:
            self._text = self.prepared(self.field)
        return self._text

    @property
    def language(self) -> str:
        """ISO 639-1 of the row: what the platform said, else what the text shows, else the account's language."""
        if self._language is None:
            known = self.lexicons.known_words
            self._language = language_of(self.text, said=self.get("lang"), fallback=self.context.language, known=known)
        return self._language

    def hits(self, lexicon: str, *, also: tuple[str, ...] = ()) -> list[Hit]:
        """Hits of a lexicon in the row's language and in the languages named by `also`, in text order.

        English words that are ordinary ones in the row's language are left out.
        """
        if self._hits is None:
            self._hits = self.lexicons.scan(self.text)
        if not self._hits:
            return []
        languages = dict.fromkeys((self.language, *also))
        found = [hits for language in languages if (hits := self._meant(lexicon, language))]
        if len(found) < 2:  # noqa: PLR2004 - of one language they are in order
            return list(found[0]) if found else []
        return sorted((hit for hits in found for hit in hits), key=lambda hit: (hit.start, hit.end, hit.term))

    def _meant(self, lexicon: str, language: str) -> Sequence[Hit]:
        hits = (self._hits or {}).get((lexicon, language), ())
        if not hits or language != "en" or self.language not in FALSE_FRIENDS:
            return hits
        words = self.text.words
        return [hit for hit in hits if not is_false_friend(words[hit.start : hit.end], self.language)]

    def evidence(self, start: int, end: int, reason: str, confidence: float) -> Evidence:
        """Evidence for a span of the prepared text, mapped to code points of the stored text."""
        stored_start, stored_end = self.text.span(start, end)
        return Evidence(self.field, stored_start, stored_end, reason, round(confidence, 2))


class Batch:
    """What a check sees: the rows its rule applies to, and the whole frames for checks that look across rows.

    `rows` are the rows in the rule's scope that can be read and, where the check has a screen, that passed it.
    `labels` are theirs, in order. `posts` and `profiles` are all rows of the run, of every account and revision, for
    windows, announcements and histories.
    """

    def __init__(
        self,
        subject: str,
        frame: pd.DataFrame | None,
        rows: Sequence[Row],
        posts: pd.DataFrame,
        profiles: pd.DataFrame,
        lexicons: Lexicons,
        contexts: Mapping[str, Context],
        pictures: Mapping[str, PictureSet] | None = None,
    ) -> None:
        self.subject, self.rows, self.posts, self.profiles = subject, rows, posts, profiles
        self.lexicons, self.contexts = lexicons, contexts
        #: The pack's sets of known pictures, by name.
        self.pictures = pictures or {}
        self._frame = frame

    @cached_property
    def labels(self) -> pd.Index[int]:
        """The labels of `rows`."""
        return pd.Index([row.label for row in self.rows], dtype="int64")

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The rows as a frame, in the order of `rows`."""
        whole = self.posts if self.subject == "post" else self.profiles
        return whole.loc[self.labels] if self._frame is None else self._frame

    def context_of(self, association: str, chapter: str | None = None) -> Context:
        """The context of a chapter (key `association/chapter`) where there is one, else of the association."""
        return context_of(self.contexts, association, chapter)


@dataclass(frozen=True)
class Judgement:
    """What a check answers for the rows of a batch, by label: breached with evidence, not judged with a reason.

    Every other row of `labels` is clean. No label is in both.
    """

    labels: Sequence[int]
    found: Mapping[int, Sequence[Evidence]]
    reasons: Mapping[int, str]


ParamsT = TypeVar("ParamsT", bound=Params)
Finder = Callable[[Row], Iterable[Evidence] | NotJudged]


@dataclass(frozen=True)
class Check(Generic[ParamsT]):
    """A registered check.

    `reads_text` is False where it works without words (edits, deletions, links). `screen` tells what must occur in a
    row before there is anything to find; without one every row is looked at. `across` is True where the verdict on a
    row hangs on more than its content (other rows, times, states, the profile beside it): it may not be kept for the
    next time the same content is seen. `lacks` is for checks that can only answer by a list of the roster: the reason
    where that list is empty. There a row is breached where something was found all the same, and not judged else.
    `judges` is what besides its words a post must show (see `model.Unshown`); a table of texts shows none of it.
    """

    name: str
    params: type[ParamsT]
    judge: Callable[[Batch, Rule, ParamsT], Judgement]
    reads_text: bool
    screen: Callable[[ParamsT], Needs] | None = None
    across: bool = False
    lacks: Callable[[ParamsT, Context], str | None] | None = None
    judges: model.Unshown | None = None

    @property
    def doc(self) -> str:
        """The check's docstring: what an officer reads in the method section."""
        return " ".join((self.judge.__doc__ or "").split())


_REGISTER: dict[str, Check[Any]] = {}


def check(
    name: str,
    params: type[ParamsT],
    *,
    reads_text: bool = True,
    screen: Callable[[ParamsT], Needs] | None = None,
    across: bool = False,
    lacks: Callable[[ParamsT, Context], str | None] | None = None,
    judges: model.Unshown | None = None,
) -> Callable[[Callable[[Batch, Rule, ParamsT], Judgement]], Callable[[Batch, Rule, ParamsT], Judgement]]:
    """Register a function as the check that rules name.

    Args:
        name: what a rule writes after `check:`.
        params: model of the rule's `params`; plain `Params` where there are none.
        reads_text: whether rows whose text is not kept answer `no_text` before the check is asked.
        screen: from the parameters, the needs (`checks.screen`) of which a row must meet one; a row that meets none
            is clean without being looked at. None: every row is looked at.
        across: whether a verdict hangs on more than the content of the row itself.
        lacks: from the parameters and a roster, why the check cannot answer by that roster, or None where it can.
        judges: what besides its words a post must show before it can be judged; None: nothing.

    Raises:
        ValueError: the name is taken, or the function has no docstring for the officer.
    """

    def register(judge: Callable[[Batch, Rule, ParamsT], Judgement]) -> Callable[[Batch, Rule, ParamsT], Judgement]:
        if name in _REGISTER:
            raise ValueError(f"two checks are called {name!r}")
        if not (judge.__doc__ or "").strip():
            raise ValueError(f"check {name!r} has no docstring, and officers read it")
        _REGISTER[name] = Check(name, params, judge, reads_text, screen, across, lacks, judges)
        return judge

    return register


@cache
def _load_all() -> None:
    for module in pkgutil.iter_modules(importlib.import_module("checks").__path__, "checks."):
        importlib.import_module(module.name)


def checks() -> Mapping[str, Check[Any]]:
    """Every check there is, by name. Importing a module of this room is what registers it."""
    _load_all()
    return dict(sorted(_REGISTER.items()))


def judge_each(batch: Batch, rule: Rule, find: Finder) -> Judgement:
    """Judge row by row: no evidence is clean, evidence is a breach, `NotJudged` is not judged.

    A row on which `find` breaks is not judged, which is told in the report and the log: our mistake must never pass as
    "clean", and one odd post, which anybody can write, must not keep all others from being judged.
    """
    found: dict[int, list[Evidence]] = {}
    reasons: dict[int, str] = {}
    for row in batch.rows:
        try:
            answer = find(row)
            if isinstance(answer, NotJudged):
                reasons[row.label] = answer.reason
            elif evidence := list(answer):
                found[row.label] = joined(evidence)
        except Exception as error:  # noqa: BLE001 - whatever it is, this row alone is to suffer from it
            _tell_of(error, rule, row)
            reasons[row.label] = BROKEN
    return judgement(batch, found, reasons)


def _tell_of(error: Exception, rule: Rule, row: Row) -> None:
    """Log where a check broke, without the error's message, which may hold the post's words."""
    kind, place = type(error).__name__, place_of(error)
    log.error("rule %s broke on %s %s: %s at %s", rule.id, row.subject, row.subject_id, kind, place)


def joined(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Evidence of one rule in one row with what shares words made one: "use my code" and "code KIM20" are one breach.

    The whole span is kept, with the reason and the confidence of the surest part. What shares no word stays as it is,
    in its order.
    """
    return [_whole([evidence[at] for at in sorted(places)]) for places in sorted(_sharing_words(evidence), key=min)]


def _sharing_words(evidence: Sequence[Evidence]) -> list[list[int]]:
    """The places of evidence, those that share words together; in one pass, as one post can hold thousands."""
    groups: list[list[int]] = []
    field, reach = "", 0
    for at in sorted(range(len(evidence)), key=lambda at: (evidence[at].field, evidence[at].start, evidence[at].end)):
        item = evidence[at]
        if groups and item.field == field and item.start < reach:
            groups[-1].append(at)
            reach = max(reach, item.end)
        else:
            groups.append([at])
            field, reach = item.field, item.end
    return groups


def _whole(parts: Sequence[Evidence]) -> Evidence:
    surest = max(parts, key=lambda part: part.confidence)
    return replace(surest, start=min(part.start for part in parts), end=max(part.end for part in parts))


def judgement(
    batch: Batch,
    found: Mapping[int, Sequence[Evidence]],
    reasons: Mapping[int, str] | None = None,
) -> Judgement:
    """A Judgement from evidence and not-judged reasons by row label; every other row of the batch is clean."""
    reasons = reasons or {}
    kept = {label: items for label, items in found.items() if label not in reasons}
    return Judgement([row.label for row in batch.rows], kept, reasons)


def context_of(
    contexts: Mapping[str, Context], association: str, chapter: str | None, account: str | None = None
) -> Context:
    """The context for a row: `association/chapter/account` wins over `association/chapter`, that over `association`.

    Raises:
        KeyError: the association has no context; its rows cannot be judged without one.
    """
    named = (f"{association}/{chapter}/{account}", f"{association}/{chapter}") if chapter else ()
    return next((contexts[name] for name in named if name in contexts), None) or contexts[association]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for item in value.values() for text in _strings(item))
    elif isinstance(value, (list, tuple)):
        yield from (text for item in value for text in _strings(item))


def _is_missing(value: Any) -> bool:
    if value is None or value is pd.NA or value is pd.NaT:
        return True
    return isinstance(value, float) and value != value  # noqa: PLR0124 - NaN is what differs from itself
