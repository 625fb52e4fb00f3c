"""Policy packs: an association's own policy as data.

A pack is a folder: `policy.yml` (the clauses with their quotes and lanes), `rules/*.yml` (rules, each with its own
cases), `lexicons/*.yml` and `pictures/*.yml` (hashes of logos and badges). What several packs share stands once in
`policies/shared/{lexicons,cases}`. Loading a pack validates all of it and reports every problem at once; nothing here
judges.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from chapterwatch import strictyaml
from chapterwatch.errors import InvalidFiles, Problem, UserError
from chapterwatch.garbage import no_collection
from chapterwatch.model import Lane, Severity, Space
from chapterwatch.policy_lexicon import Frame, Lexicon, Term, filled

#: The packs that come with Chapterwatch.
POLICIES = Path(__file__).resolve().parent.parent / "policies"

#: Lanes whose clauses are judged by rules; the others are answered, printed or decide scope.
JUDGED_LANES = frozenset({Lane.AUTO, Lane.ASSIST, Lane.CREDIT})


#: How the id of what people report ends. No pack has such a rule: what reports say of it are the house's own words.
BY_HAND = "by_hand"


def by_hand_id(pack: str) -> str:
    """The rule id of what people found in reviews by hand, judged by them under a clause of the pack."""
    return f"{pack}.{BY_HAND}"


def is_by_hand(rule_id: str) -> bool:
    """Whether a person reported it and no rule found it."""
    return rule_id.partition(".")[2] == BY_HAND


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Due(_Data):
    """When an answer is due: so many days after the period's end, or for a yearly one on a day of the next year.

    A question asked once has no period's end; its days are counted from the chapter's first day.
    """

    days_after: int | None = Field(default=None, ge=0, le=366)
    #: `01-31` is 31 January of the following year.
    by: str | None = Field(default=None, pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8]|30|31)$")

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.days_after is None) == (self.by is None):
            raise ValueError("a due date needs days_after or by; keep one of them")
        return self


class Question(_Data):
    """A question only a person can answer. "Yes" is always the answer that fits the policy."""

    id: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    ask: str = Field(min_length=1)
    period: Literal["monthly", "yearly", "once"] = "monthly"
    due: Due = Due(days_after=14)
    #: Whose answer it is: the chapter's leadership, or the owners of its accounts.
    who: Literal["leadership", "owner"] = "leadership"
    #: The register that holds the particulars.
    kept_in: Literal["consents", "acknowledgements"] | None = None

    @model_validator(mode="after")
    def _day_of_a_year(self) -> Self:
        if self.due.by is not None and self.period != "yearly":
            raise ValueError(f"question {self.id} is {self.period} and due on a day of the year; use days_after")
        return self


class Clause(_Data):
    """One sentence of the policy that asks, forbids or encourages something."""

    id: str = Field(pattern=r"^[A-Z]+-[0-9]{2}$")
    lanes: tuple[Lane, ...] = Field(min_length=1)
    title: str
    #: Verbatim from the source document.
    quote: str
    #: Lane attest: the dated question a person answers. Written as plain words it is asked monthly, of leadership.
    question: Question | None = None
    #: Lane print: what the report says about it.
    print: str | None = None
    #: Lane scope: how it decides what other rules apply to.
    scope: str | None = None
    #: Lanes judged, but not yet by a rule of this pack: said in the report rather than passed over.
    not_yet: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_question(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("question"), str):
            return {**data, "question": {"id": str(data.get("id", "")).lower(), "ask": data["question"]}}
        return data


class Source(_Data):
    """The document a pack quotes."""

    title: str
    #: When the source was last changed: a day, a month (`2018-10`), or words, which stand in reports as they are.
    revised: str | None = None
    url: str | None = None


class EventData(_Data):
    """An event of the case context, in the registry's shape."""

    name: str
    starts: date
    ends: date
    hashtags: tuple[str, ...]
    cues: tuple[str, ...] = ()


class Affiliation(_Data):
    """How a profile shows in words that its owner stands for the association (LLL-01).

    `names`: the association in every language it is called by; short ones count in capitals only. `roles`: what its
    Leaders are called, in the singular; a name and a role beside each other show the affiliation.
    """

    names: tuple[str, ...] = Field(min_length=1)
    roles: tuple[str, ...] = Field(min_length=1)


class CaseContext(_Data):
    """What the roster would tell the checks, for the cases of this pack. All names are invented."""

    association: str = "The Association"
    roster_names: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    official_domains: tuple[str, ...] = ()
    public_contacts: tuple[str, ...] = ()
    events: tuple[EventData, ...] = ()
    #: Keys of accounts: the association's own channels, and those whose affiliation the roster confirms.
    official_accounts: tuple[str, ...] = ()
    affiliated_accounts: tuple[str, ...] = ()
    country: str = "US"


class Case(_Data):
    """One example of a rule: a text that must be a breach, must be clean, or cannot be judged."""

    breach: str | None = None
    clean: str | None = None
    unjudged: str | None = None
    #: The exact text the evidence must quote (breach only).
    evidence: str | None = None
    #: Why it is a case: the near-miss it stands for.
    why: str | None = None
    #: Other columns of the row: space, platform, kind, lang, links, media, bio, previous_text, state, …
    given: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(text is not None for text in (self.breach, self.clean, self.unjudged)) != 1:
            raise ValueError("a case needs exactly one of breach, clean, unjudged; keep one")
        return self

    @property
    def text(self) -> str:
        """The text of the case, whatever is expected of it."""
        return next(text for text in (self.breach, self.clean, self.unjudged) if text is not None)

    @property
    def expected(self) -> bool | None:
        """The verdict the case expects: True breach, False clean, None not judged."""
        return True if self.breach is not None else False if self.clean is not None else None


class Scope(_Data):
    """What a rule applies to; an empty list means everything."""

    spaces: tuple[Space, ...] = ()
    platforms: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    #: Languages (ISO 639-1) the rule has vocabulary for; elsewhere it answers "not judged: language".
    languages: tuple[str, ...] = ()
    #: A personal account is judged only where its affiliation is shown; else "not judged: affiliation_not_shown".
    affiliated: bool = False


class Rule(_Data):
    """One rule: a check, its parameters, the clauses it serves and its own cases."""

    id: str = Field(pattern=r"^[a-z]+(\.[a-z0-9_]+)+$")
    version: int = Field(ge=1)
    clauses: tuple[str, ...] = Field(min_length=1)
    #: The name a check registered itself under (checks/).
    check: str
    params: dict[str, Any] = Field(default_factory=dict)
    subject: Literal["post", "profile"] = "post"
    severity: Severity
    #: assist findings are worded as a question, never as an accusation; credit is counted in the chapter's favour.
    lane: Literal[Lane.AUTO, Lane.ASSIST, Lane.CREDIT]
    status: Literal["stable", "experimental"] = "stable"
    scope: Scope = Scope()
    #: Shown over a finding. For assist a question.
    title: str
    why: str
    remedy: str
    #: Days the chapter has to act; the report turns it into a date.
    due_days: int = Field(default=14, ge=1)
    #: Known ways this rule is wrong, for the reader of a finding.
    false_positives: str
    cases: tuple[Case, ...] = ()
    #: Names of policies/shared/cases/*.yml whose cases hold for this rule too.
    shared_cases: tuple[str, ...] = ()


class RuleQuality(_Data):
    """How often a rule was right on the labelled posts kept for the test (docs/quality.md), as counts."""

    version: int
    #: Of the posts it found (`found`), those that truly break the clause.
    right: int
    found: int
    #: Of the clean posts, those it found.
    false_in_clean: int
    clean: int


class _QualityFile(_Data):
    posts: int
    rules: dict[str, RuleQuality]


class KnownPicture(_Data):
    """One picture to be known again, by its perceptual hashes (`chapterwatch policy picture FILE` gives them)."""

    name: str
    #: Free word a rule knows: logo, party, candidate, campaign, cause.
    sense: str
    phash: str = Field(pattern=r"^[0-9a-f]{16}$")
    dhash: str = Field(pattern=r"^[0-9a-f]{16}$")


class PictureSet(_Data):
    """Pictures a rule looks for: an association's logo, badges and frames of campaigns."""

    name: str
    origin: str
    #: Whether somebody vouches that what is looked for is in it. If not, a picture that matches nothing is not judged.
    complete: bool = False
    pictures: tuple[KnownPicture, ...]


class _PackFile(_Data):
    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    version: str
    language: str
    source: Source
    #: Printed in every report: whom to ask (ALA-31).
    contact: str
    #: full, masked (personal data blacked out) or reference (hash and link only)
    excerpts: Literal["full", "masked", "reference"] = "masked"
    #: Whether reports black out handles and profile links of people outside the association, or keep them.
    third_parties: Literal["redact", "keep"] = "redact"
    clauses: tuple[Clause, ...]
    #: What the association is called, beside the name the registry gives: abbreviations, other languages.
    names: tuple[str, ...] = ()
    affiliation: Affiliation | None = None
    case_context: CaseContext = CaseContext()


class _RulesFile(_Data):
    rules: tuple[Rule, ...]


class _CasesFile(_Data):
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Pack:
    """A loaded pack. `digest` is the SHA-256 of every file it was made from."""

    id: str
    title: str
    version: str
    language: str
    source: Source
    contact: str
    excerpts: str
    clauses: Mapping[str, Clause]
    rules: Mapping[str, Rule]
    #: (name, language) -> lexicon, the pack's own and the shared ones.
    lexicons: Mapping[tuple[str, str], Lexicon]
    shared_cases: Mapping[str, tuple[Case, ...]]
    case_context: CaseContext
    digest: str
    folder: Path
    #: None where the policy asks for no affiliation: every registered account is judged.
    affiliation: Affiliation | None = None
    #: What the association is called, beside the name the registry gives.
    names: tuple[str, ...] = ()
    #: By rule id, for the rules that single posts can measure; measured on `quality_posts` posts.
    quality: Mapping[str, RuleQuality] = field(default_factory=dict)
    quality_posts: int = 0
    third_parties: str = "redact"

    def prints_words_of(self, space: Space | None) -> bool:
        """Whether what stands in a space may be quoted: never under `reference`, never from a closed or unknown one."""
        return self.excerpts != "reference" and space not in {None, Space.INTERNAL, Space.PRIVATE}

    #: Sets of pictures rules look for, by name.
    pictures: Mapping[str, PictureSet] = field(default_factory=dict)

    def measured(self, rule: Rule) -> RuleQuality | None:
        """How good the rule is; None where it was not measured as it is now."""
        found = self.quality.get(rule.id)
        return found if found and found.version == rule.version else None

    def cases_of(self, rule: Rule) -> tuple[Case, ...]:
        """The rule's own cases, then the shared ones it names."""
        shared = (case for name in rule.shared_cases for case in self.shared_cases[name])
        return (*rule.cases, *shared)

    def rules_for(self, clause_id: str) -> list[Rule]:
        """The rules that serve a clause, in pack order."""
        return [rule for rule in self.rules.values() if clause_id in rule.clauses]


#: The fewest cases a rule may have.
MIN_CASES = 6


@dataclass(frozen=True)
class RuleCoverage:
    """One rule with its cases counted: breaches, clean ones, and those that cannot be judged."""

    rule: Rule
    breaches: int
    cleans: int
    unjudged: int
    #: Whether the first case, the one a reader meets first, is a breach.
    starts_with_breach: bool

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return self.breaches + self.cleans + self.unjudged

    @property
    def gaps(self) -> list[str]:
        """What is missing of its cases, one sentence each."""
        found = []
        if self.cases < MIN_CASES:
            found.append(f"rule {self.rule.id} has {self.cases} cases, fewer than {MIN_CASES}")
        if self.cleans < self.breaches:
            found.append(f"rule {self.rule.id} has {self.breaches} breaches and only {self.cleans} clean cases")
        if self.starts_with_breach:
            found.append(f"rule {self.rule.id} has a breach as its first case; near-misses come first")
        return found


@dataclass(frozen=True)
class ClauseCoverage:
    """How one clause is served: by which rules (with how many cases), a question, or print text."""

    clause: Clause
    rules: tuple[RuleCoverage, ...]

    @property
    def cases(self) -> int:
        """The cases of all its rules."""
        return sum(rule.cases for rule in self.rules)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages all its rules together have vocabulary for; empty where one of them reads any language."""
        scopes = [set(row.rule.scope.languages) for row in self.rules]
        return tuple(sorted(set().union(*scopes))) if all(scopes) else ()

    @property
    def text(self) -> str | None:
        """What is printed of the clause, or how it decides the scope of others."""
        return self.clause.print or self.clause.scope

    @property
    def gaps(self) -> list[str]:
        """What is missing, one sentence each; empty when every lane of the clause is served or declared open."""
        if not (self.rules or self.clause.question or self.text):
            return ["it has neither rule nor question nor text"]
        return [gap for lane in self.clause.lanes if (gap := self._gap_of(lane))]

    def _gap_of(self, lane: Lane) -> str | None:
        served = {
            Lane.ATTEST: self.clause.question,
            Lane.PRINT: self.clause.print,
            Lane.SCOPE: self.clause.scope,
        }
        if lane in JUDGED_LANES:
            if any(row.rule.lane == lane for row in self.rules) or self.clause.not_yet:
                return None
            return f"lane {lane} has no rule"
        return None if served[lane] else f"lane {lane} has no text"


def packs_available(folder: Path = POLICIES) -> list[str]:
    """Names of the packs in a folder."""
    return sorted(path.parent.name for path in folder.glob("*/policy.yml"))


# A quarter of a million objects, all of them alive: looking through them takes a fifth of the time.
@no_collection()
def load_pack(name: str, folder: Path = POLICIES, shared: Path | None = None) -> Pack:
    """Load and validate one pack; what packs share stands in `shared`, which is beside it unless said otherwise.

    Raises:
        UserError: there is no such pack; the message names those there are.
        InvalidFiles: with every problem of the pack.
    """
    home = folder / name
    if not (home / "policy.yml").is_file():
        known = ", ".join(packs_available(folder)) or "none"
        raise UserError(f"there is no policy pack {name!r} in {folder}; use one of: {known}")
    problems: list[Problem] = []
    common = shared or folder / "shared"
    head = _read(_PackFile, home / "policy.yml", problems)
    rules = list(_rules(home / "rules", problems))
    lexicons = list(_lexicons([common / "lexicons", home / "lexicons"], problems))
    cases = dict(_shared_cases(common / "cases", problems))
    sets = [found for path in sorted((home / "pictures").glob("*.yml")) if (found := _read(PictureSet, path, problems))]
    quality = _quality(home / "quality.yml", problems)
    if head is not None:
        problems += _cross_check(head, rules, set(cases))
    if problems or head is None:
        raise InvalidFiles(problems)
    return Pack(
        id=head.id,
        title=head.title,
        version=head.version,
        language=head.language,
        source=head.source,
        contact=head.contact,
        excerpts=head.excerpts,
        third_parties=head.third_parties,
        clauses={clause.id: clause for clause in head.clauses},
        rules={rule.id: rule for _, _, rule in rules},
        lexicons={(lexicon.name, lexicon.language): lexicon for lexicon in lexicons},
        shared_cases=cases,
        case_context=head.case_context,
        digest=_digest([home, common]),
        folder=home,
        affiliation=head.affiliation,
        names=head.names,
        quality=quality.rules,
        quality_posts=quality.posts,
        pictures={found.name: found for found in sets},
    )


def clause_coverage(pack: Pack) -> list[ClauseCoverage]:
    """Every clause of a pack with what serves it, in policy order."""
    rules = {row.rule.id: row for row in rule_coverage(pack)}
    return [
        ClauseCoverage(clause, tuple(rules[rule.id] for rule in pack.rules_for(clause.id)))
        for clause in pack.clauses.values()
    ]


def rule_coverage(pack: Pack) -> list[RuleCoverage]:
    """Every rule of a pack with its own and its shared cases counted, in pack order."""
    rows = []
    for rule in pack.rules.values():
        expected = [case.expected for case in pack.cases_of(rule)]
        first = bool(expected) and expected[0] is True
        rows.append(RuleCoverage(rule, expected.count(True), expected.count(False), expected.count(None), first))
    return rows


def questions_of(name: str, folder: Path = POLICIES) -> dict[str, Question]:
    """The questions of a pack by id, without loading its rules.

    Raises:
        InvalidFiles: `policy.yml` is not sound.
    """
    path = folder / name / "policy.yml"
    head = strictyaml.validate(_PackFile, strictyaml.load(path))
    return {clause.question.id: clause.question for clause in head.clauses if clause.question}


def checklist_of(name: str, folder: Path = POLICIES) -> tuple[Clause, ...]:
    """The clauses of a pack somebody who reviews an account by hand looks for: those that rules judge elsewhere.

    Raises:
        InvalidFiles: `policy.yml` is not sound.
    """
    path = folder / name / "policy.yml"
    head = strictyaml.validate(_PackFile, strictyaml.load(path))
    return tuple(clause for clause in head.clauses if JUDGED_LANES & set(clause.lanes))


def _read(
    model: type[strictyaml.Model],
    path: Path,
    problems: list[Problem],
) -> strictyaml.Model | None:
    try:
        sound: strictyaml.Model = _validated(model, path, _content_of(path))
    except InvalidFiles as error:
        problems.extend(error.problems)
        return None
    return sound


# A pack is 150 files, and everything that judges, prints or shows pages loads it: what a file said is kept for as long
# as it says the same. The models are frozen.
@lru_cache(maxsize=2048)
def _validated(model: type[strictyaml.Model], path: Path, _content: bytes) -> strictyaml.Model:
    return strictyaml.validate(model, strictyaml.load(path))


def _content_of(path: Path) -> bytes:
    """The SHA-256 of a file; of nothing where it cannot be read, which `strictyaml.load` tells in words."""
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b""


def _quality(path: Path, problems: list[Problem]) -> _QualityFile:
    """What was measured of the pack's rules; nothing where nobody measured yet."""
    found = _read(_QualityFile, path, problems) if path.is_file() else None
    return found or _QualityFile(posts=0, rules={})


def _rules(folder: Path, problems: list[Problem]) -> Iterator[tuple[Path, int, Rule]]:
    for path in sorted(folder.glob("*.yml")):
        parsed = _read(_RulesFile, path, problems)
        for index, rule in enumerate(parsed.rules if parsed else ()):
            yield path, index, rule


def _shared_cases(folder: Path, problems: list[Problem]) -> Iterator[tuple[str, tuple[Case, ...]]]:
    for path in sorted(folder.glob("*.yml")):
        parsed = _read(_CasesFile, path, problems)
        if parsed:
            yield path.stem, parsed.cases


def _lexicons(folders: Sequence[Path], problems: list[Problem]) -> Iterator[Lexicon]:
    for folder in folders:
        for path in sorted(folder.glob("*.yml")):
            lexicon = _read(Lexicon, path, problems)
            if lexicon is not None:
                problems += _in_two_senses(path, _content_of(path))
                yield lexicon


# Eighty thousand terms: looked through once for as long as the file says the same.
@lru_cache(maxsize=2048)
def _in_two_senses(path: Path, content: bytes) -> tuple[Problem, ...]:
    """Terms that stand with two senses or weights: which of them held would hang on the order of lines.

    The same said twice (frames overlap) does no harm.
    """
    lexicon = _validated(Lexicon, path, content)
    twice = _said_twice(lexicon)
    seen: dict[str, Term] = {}
    found = []
    for term in lexicon.terms if twice else ():
        if (read := _as_read(term.term)) not in twice:
            continue
        first = seen.setdefault(read, term)
        if (first.sense, first.weight) != (term.sense, term.weight):
            what = f"term {term.term!r} stands twice, {_sense_of(first)} and {_sense_of(term)}"
            mend = "keep one; a word is taken out of a frame by splitting its braces"
            found.append(Problem(str(path), _line_of_term(path, term), what, mend))
    return tuple(found)


#: A control character that no text in YAML holds unless somebody spells it.
_BETWEEN_TERMS = "\x1f"


def _said_twice(lexicon: Lexicon) -> set[str]:
    """The terms, as they are read, that stand with more than one sense or weight."""
    of_sense: dict[tuple[str | None, float], list[Frame]] = {}
    for frame in lexicon.frames:
        of_sense.setdefault((frame.sense, frame.weight), []).append(frame)
    if len(of_sense) <= 1:
        return set()
    seen, twice = set[str](), set[str]()
    for frames in of_sense.values():
        terms = [term for frame in frames for term in filled(frame.term, lexicon.classes)]
        # Read together they are read ten times faster.
        read = set(_as_read(_BETWEEN_TERMS.join(terms)).split(_BETWEEN_TERMS))
        twice |= seen & read
        seen |= read
    return twice


def _as_read(term: str) -> str:
    """A term as texts are read: without capitals and accents."""
    if term.isascii():
        return term.casefold()
    split = unicodedata.normalize("NFKD", term.casefold())
    return "".join(char for char in split if not unicodedata.combining(char))


def _sense_of(term: Term) -> str:
    return f"as {term.sense or 'plain'} of weight {term.weight:g}"


def _line_of_term(path: Path, term: Term) -> int:
    document = strictyaml.load(path)
    classes = document.data.get("classes") or {}
    for index, item in enumerate(document.data["terms"]):
        entry = {"term": item} if isinstance(item, str) else item
        same = (entry.get("sense"), entry.get("weight", 1.0)) == (term.sense, term.weight)
        if same and term.term in filled(entry["term"], classes):
            return document.line_of(("terms", index))
    return 1


def _cross_check(
    head: _PackFile,
    rules: Sequence[tuple[Path, int, Rule]],
    shared_cases: set[str],
) -> Iterator[Problem]:
    clause_ids = [clause.id for clause in head.clauses]
    known = set(clause_ids)
    yield from _twice(clause_ids, "clause", head.id)
    yield from _twice([clause.question.id for clause in head.clauses if clause.question], "question", head.id)
    yield from _twice([rule.id for _, _, rule in rules], "rule", head.id)
    for path, index, rule in rules:
        if is_by_hand(rule.id):
            line = strictyaml.load(path).line_of(("rules", index, "id"))
            yield Problem(str(path), line, f"rule {rule.id} would be taken for what people report", "give another id")
        if (
            rule.id.startswith(f"{head.id}.")
            and known.issuperset(rule.clauses)
            and shared_cases.issuperset(rule.shared_cases)
        ):
            continue
        line = strictyaml.load(path).line_of(("rules", index))
        if not rule.id.startswith(f"{head.id}."):
            yield Problem(str(path), line, f"rule {rule.id} is in pack {head.id}", f"start its id with {head.id}.")
        for clause in sorted(set(rule.clauses) - known):
            yield Problem(str(path), line, f"rule {rule.id} cites unknown clause {clause}", "cite a clause of the pack")
        for name in sorted(set(rule.shared_cases) - shared_cases):
            yield Problem(
                str(path), line, f"rule {rule.id} names unknown shared cases {name}", "add the file or drop it"
            )


def _twice(names: Sequence[str], what: str, pack: str) -> Iterator[Problem]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(pack, 1, f"{what} {name} is defined twice", "keep one of them")


def _digest(folders: Sequence[Path]) -> str:
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.yml")):
            total.update(path.relative_to(folder).as_posix().encode() + b"\0")
            total.update(path.read_bytes() + b"\0")
    return total.hexdigest()
