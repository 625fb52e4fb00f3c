"""The engine: scope, language, kept text, failures, order."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import pandas as pd
import pytest

from chapterwatch.errors import InvalidFiles, UserError
from chapterwatch.policy import Case, Pack, Rule, load_pack
from chapterwatch.policy_lexicon import Frame, Lexicon
from checks import base
from checks.base import Batch, CheckFailed, Context, Evidence, Judgement, NotJudged, Params, Row, judge_each
from checks.engine import (
    EVIDENCE_COLUMNS,
    TABLE_COLUMNS,
    VERDICT_COLUMNS,
    Judged,
    compile_pack,
    judge,
    judge_table,
    run_case,
)

CONTEXTS = {"assoc": Context(association="The Association", language="en")}


class EchoParams(Params):
    """What the test check looks for."""

    word: str = "darn"
    lexicon: str | None = None

    def lexicons(self) -> tuple[str, ...]:
        """See `Params`."""
        return (self.lexicon,) if self.lexicon else ()


@pytest.fixture(autouse=True)
def test_checks() -> Iterator[None]:
    """Checks of this file's own, taken out of the register again."""
    base.checks()
    before = dict(base._REGISTER)

    @base.check("echo", EchoParams)
    def echo(batch: Batch, rule: Rule, params: EchoParams) -> Judgement:
        """Finds a word."""

        def find(row: Row) -> Iterable[Evidence] | NotJudged:
            if "unsure" in row.text.plain:
                return NotJudged("unsure")
            if "broken" in row.text.plain:
                raise KeyError("text of a post that must not be told")
            at = row.text.plain.find(params.word)
            return [row.evidence(at, at + len(params.word), "the word", 0.9)] if at >= 0 else []

        return judge_each(batch, rule, find)

    @base.check("outside", Params)
    def outside(batch: Batch, rule: Rule, _: Params) -> Judgement:
        """Quotes what is not there."""
        return judge_each(batch, rule, lambda _: [Evidence("text", 0, 10_000, "too long", 1.0)])

    @base.check("textless", Params, reads_text=False)
    def textless(batch: Batch, rule: Rule, _: Params) -> Judgement:
        """Looks at the state only."""
        return judge_each(
            batch, rule, lambda row: [Evidence("deletion", 0, 0, "gone", 1.0)] if row.state == "deleted" else []
        )

    yield
    base._REGISTER.clear()
    base._REGISTER.update(before)


def rule(check: str = "echo", **given: Any) -> Rule:
    """A rule with everything a rule must have."""
    words = {"title": "t", "why": "w", "remedy": "r", "false_positives": "f"}
    facts = {"id": "ala.test", "version": 1, "clauses": ("ALA-08",), "severity": "low", "lane": "auto", **words}
    return Rule.model_validate({**facts, "check": check, **given})


@cache
def ala() -> Pack:
    """The ALA pack as it stands in the repository."""
    return load_pack("ala")


def pack(*rules: Rule, lexicons: Iterable[Lexicon] = ()) -> Pack:
    """The ALA pack with these rules only."""
    return dataclasses.replace(
        ala(),
        rules={item.id: item for item in rules},
        lexicons={(item.name, item.language): item for item in lexicons},
        digest=repr(rules),
    )


def posts(*rows: dict[str, Any]) -> pd.DataFrame:
    """A frame of posts with the columns the engine needs."""
    common = {
        "revision": 0,
        "account_key": "x:1",
        "association": "assoc",
        "chapter": "lake",
        "platform": "x",
        "space": "official",
        "kind": "post",
        "lang": "en",
        "state": "present",
    }
    return pd.DataFrame([{**common, "subject_id": str(number), **row} for number, row in enumerate(rows)])


NO_PROFILES = posts({"name": "n", "bio": ""}).iloc[0:0]


def judged(frame: pd.DataFrame, *rules: Rule) -> Judged:
    """The frame judged by these rules."""
    return judge(frame, NO_PROFILES, pack(*rules), CONTEXTS)


def answers(result: Judged) -> dict[str, Any]:
    """Subject id -> True, False or the reason it was not judged."""
    verdicts = result.verdicts
    return {
        subject: reason if pd.isna(breach) else bool(breach)
        for subject, breach, reason in zip(
            verdicts["subject_id"], verdicts["breach"], verdicts["not_judged"], strict=True
        )
    }


def test_clean_breach_and_not_judged() -> None:
    """Three answers, each in its columns; evidence quotes the stored text."""
    result = judged(posts({"text": "fine"}, {"text": "Oh Darn"}, {"text": "unsure"}), rule())
    assert {"0": False, "1": True, "2": "unsure"} == answers(result)
    assert ["Darn"] == list(result.evidence["excerpt"])
    assert VERDICT_COLUMNS == tuple(result.verdicts.columns)
    assert EVIDENCE_COLUMNS == tuple(result.evidence.columns)
    assert "boolean" == str(result.verdicts["breach"].dtype)


def test_nothing_to_judge_is_an_empty_answer_with_its_columns() -> None:
    """Empty frames give empty tables of the same shape."""
    result = judged(posts({"text": "x"}).iloc[0:0], rule())
    assert (VERDICT_COLUMNS, 0) == (tuple(result.verdicts.columns), len(result.verdicts))
    assert (EVIDENCE_COLUMNS, 0) == (tuple(result.evidence.columns), len(result.evidence))


@pytest.mark.parametrize(
    "scope", [{"spaces": ["internal"]}, {"platforms": ["facebook_page"]}, {"kinds": ["reply"]}], ids=str
)
def test_out_of_scope_has_no_verdict(scope: dict[str, list[str]]) -> None:
    """What a rule does not apply to is neither clean nor unjudged."""
    assert {} == answers(judged(posts({"text": "darn"}), rule(scope=scope)))


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        ({"text": "これは日本語の投稿です", "lang": None}, "language:ja"),
        ({"text": "Ein ganz gewöhnlicher Satz über das Wetter von heute", "lang": None}, "language:de"),
        ({"text": "irgendwas", "lang": "de"}, "language:de"),
        ({"text": "darn", "lang": None}, True),
        ({"text": "🎉 https://example.org", "lang": "ja"}, False),
        ({"text": "", "lang": None}, False),
        ({"text": None, "lang": "en"}, "no_text"),
    ],
)
def test_what_cannot_be_read_is_never_clean(row: dict[str, Any], answer: object) -> None:
    """Other languages and texts not kept have a reason; a post without words has nothing to read."""
    assert {"0": answer} == answers(judged(posts(row), rule(scope={"languages": ["en"]})))


def test_a_check_without_words_needs_no_text() -> None:
    """A deletion can be judged after the body was erased."""
    result = judged(posts({"text": None, "state": "deleted"}, {"text": None}), rule("textless"))
    assert {"0": True, "1": False} == answers(result)
    assert [""] == list(result.evidence["excerpt"])


@pytest.mark.breaks_checks
def test_what_a_check_breaks_on_is_not_judged_and_all_else_is(caplog: pytest.LogCaptureFixture) -> None:
    """Our bug is never "clean", and no post keeps others from being judged; the log has ids and a place, no words."""
    result = judged(posts({"text": "fine"}, {"text": "broken secret"}, {"text": "darn"}), rule())

    assert {"0": False, "1": "check_failed", "2": True} == answers(result)
    [record] = caplog.records
    assert record.levelname == "ERROR"
    assert re.fullmatch(r"rule ala\.test broke on post 1: KeyError at test_engine\.py:\d+", record.getMessage())
    assert "secret" not in caplog.text


@pytest.mark.breaks_checks
def test_a_case_on_which_a_check_breaks_is_no_passed_case() -> None:
    """Neither where a breach is expected nor where the case expects no answer."""
    cases = [Case.model_validate({key: "broken secret"}) for key in ("breach", "unjudged")]
    results = [run_case(pack(rule()), rule(), case) for case in cases]

    assert [False, False] == [result.passed for result in results]


def test_evidence_outside_the_text_is_refused() -> None:
    """A span that the stored text does not have would print somebody else's words."""
    with pytest.raises(CheckFailed, match=r"evidence 0\.\.10000 lies outside the stored text"):
        judged(posts({"text": "fine"}), rule("outside"))


def test_row_order_does_not_matter() -> None:
    """The same rows in any order give the same tables, row for row."""
    frame = posts(*({"text": f"darn {n}" if n % 3 else "fine"} for n in range(12)))
    once = judged(frame, rule())
    again = judged(frame.sample(frac=1, random_state=7), rule())
    pd.testing.assert_frame_equal(once.verdicts, again.verdicts)
    pd.testing.assert_frame_equal(once.evidence, again.evidence)


def test_revisions_are_judged_one_by_one() -> None:
    """An edit that mends a post leaves the breach on the revision that had it."""
    frame = posts(
        {"text": "darn", "subject_id": "5", "revision": 0}, {"text": "drat", "subject_id": "5", "revision": 1}
    )
    verdicts = judged(frame, rule()).verdicts
    assert [(0, True), (1, False)] == list(zip(verdicts["revision"], verdicts["breach"], strict=True))


def test_a_chapters_own_context_wins() -> None:
    """`association/chapter` is looked up before `association`."""
    contexts = {**CONTEXTS, "assoc/lake": Context(association="The Association", language="de")}
    frame = posts({"text": "kurz", "lang": None})
    result = judge(frame, NO_PROFILES, pack(rule(scope={"languages": ["en"]})), contexts)
    assert {"0": "language:de"} == answers(result)


def test_an_account_that_speaks_another_language_has_its_own_context() -> None:
    """`association/chapter/account` is looked up before both; the chapter's other accounts keep the chapter's."""
    lake, german = (Context(association="The Association", language=code) for code in ("en", "de"))
    contexts = {**CONTEXTS, "assoc/lake": lake, "assoc/lake/x:2": german}
    frame = posts({"text": "kurz", "lang": None}, {"text": "kurz", "lang": None, "account_key": "x:2"})
    result = judge(frame, NO_PROFILES, pack(rule(scope={"languages": ["en"]})), contexts)
    assert {"0": False, "1": "language:de"} == answers(result)


def test_an_association_without_context_is_an_error() -> None:
    """Without roster facts rows are not judged as if there were none."""
    with pytest.raises(KeyError, match="assoc"):
        judge(posts({"text": "x"}), NO_PROFILES, pack(rule()), {})


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (rule("nosuch"), "rule ala.test asks for unknown check nosuch; use one of: "),
        (rule(params={"wrod": "x"}), "rule ala.test params.wrod is not a known key; remove it or check its spelling"),
        (rule(params={"lexicon": "slang"}), "rule ala.test needs lexicon slang.en; add it, or narrow the scope"),
        (
            rule(params={"lexicon": "words"}, scope={"languages": ["en", "fr"]}),
            "rule ala.test needs lexicon words.fr; add it, or narrow the scope",
        ),
    ],
)
def test_a_pack_that_cannot_be_run_does_not_compile(broken: Rule, said: str) -> None:
    """Unknown checks, parameters and lexicons are found before anything is judged."""
    words = Lexicon(name="words", language="en", origin="o", licence="l", terms=(Frame(term="x"),))
    with pytest.raises(InvalidFiles) as failure:
        compile_pack(pack(broken, lexicons=[words]))
    assert said in str(failure.value)


def test_a_problem_names_file_and_line_of_its_rule() -> None:
    """Somebody has to find the rule to mend it."""
    broken = ala().rules["ala.threat"].model_copy(update={"check": "nosuch"})
    with pytest.raises(InvalidFiles) as failure:
        compile_pack(dataclasses.replace(ala(), rules={broken.id: broken}, digest="broken"))
    assert str(ala().folder / "rules" / "threats.yml") == failure.value.problems[0].file
    assert failure.value.problems[0].line > 1


def test_judge_table() -> None:
    """A plain table needs an id and a text; what was not judged is counted."""
    table = pd.DataFrame({"id": [3, 1, 2], "text": ["darn it", "nothing", "これは日本語です"]})
    found, unjudged = judge_table(table, pack(rule(clauses=("ALA-08", "ALA-22"), scope={"languages": ["en"]})))
    assert TABLE_COLUMNS == tuple(found.columns)
    assert [("3", "ala.test", "ALA-08;ALA-22", "low", 0, 4, "darn", 0.9)] == list(
        found.itertuples(index=False, name=None)
    )
    assert [("ala.test", "language:ja", 1)] == list(unjudged.itertuples(index=False, name=None))


def test_judge_table_keeps_its_shape_without_findings() -> None:
    """No findings is a table with the same columns and no rows."""
    found, unjudged = judge_table(pd.DataFrame({"id": ["a"], "text": ["fine"]}), pack(rule()))
    assert (TABLE_COLUMNS, 0, 0) == (tuple(found.columns), len(found), len(unjudged))


@pytest.mark.parametrize(
    ("table", "rules", "said"),
    [
        (pd.DataFrame({"text": ["x"]}), None, "the table has no column id"),
        (pd.DataFrame({"nr": ["x"]}), None, "the table has no column id and no column text"),
        (pd.DataFrame({"id": ["1"], "text": ["x"]}), ["ala.nosuch"], "has no rule ala.nosuch; use some of: ala.test"),
    ],
)
def test_judge_table_says_what_is_missing(table: pd.DataFrame, rules: list[str] | None, said: str) -> None:
    """A table or a rule id that does not fit is its owner's to mend."""
    with pytest.raises(UserError, match=said):
        judge_table(table, pack(rule()), rules)


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        (Case(clean="fine"), None),
        (Case(breach="Darn!", evidence="Darn"), None),
        (Case(unjudged="unsure"), None),
        (Case(clean="darn"), "expected clean, was a breach (darn): 'darn'"),
        (Case(breach="fine"), "expected a breach, was clean: 'fine'"),
        (Case(breach="unsure"), "expected a breach, was not judged (unsure): 'unsure'"),
        (Case(breach="Darn!", evidence="Drat"), "expected evidence 'Drat', was ['Darn']: 'Darn!'"),
        (Case(clean="darn", given={"kind": "reply"}), "the rule's scope leaves the case out; mend scope or given"),
        (Case(clean="fine", given={"previous_text": "darn"}), None),
        (Case(clean="fine", given={"posts": ["darn", {"text": "darn"}]}), None),
    ],
)
def test_run_case(case: Case, problem: str | None) -> None:
    """A case passes or says in one sentence why not; only the case's own post is asked about."""
    item = rule(scope={"kinds": ["post"]})
    assert problem == run_case(pack(item), item, case).problem


def test_a_profile_case_puts_the_text_into_the_bio() -> None:
    """Rules on profiles read the description of the account."""
    item = rule(subject="profile")
    result = run_case(pack(item), item, Case(breach="Darn fine baker", evidence="Darn"))
    assert (True, None) == (result.verdict, result.problem)


def test_every_check_has_words_for_the_officer() -> None:
    """The docstring is what the report's method section and `explain` print."""
    assert all(len(check.doc.split()) >= 2 for check in base.checks().values())
    assert "Finds a word." == base.checks()["echo"].doc
