"""The check that asks where no rule of words finds anything: what it leaves out, and what it says."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from chapterwatch.model import Lane, Severity
from chapterwatch.policy import Case, Pack, load_pack
from checks.base import Batch, Row, checks
from checks.classifier import classifier
from checks.engine import case_context, compile_pack, judge_table, run_case
from checks.scored import ScoredParams, passes

HINTS = {
    "ala": (
        "harassment",
        "hate",
        "complaint",
        "disparagement",
        "threat",
        "rumour",
        "confidential",
        "politics",
        "health",
    ),
    "lll": (
        *("harassment", "hate", "complaint", "disparagement", "threat"),
        *("rumour", "confidential", "promotion", "politics", "health", "defamation"),
    ),
}
EVERY_HINT = pytest.mark.parametrize(
    ("hints", "name"), [(pack_id, name) for pack_id, names in HINTS.items() for name in names]
)


@pytest.fixture(scope="module", params=["ala", "lll"])
def pack(request: pytest.FixtureRequest) -> Pack:
    return load_pack(request.param)


@EVERY_HINT
def test_every_hint_states_its_threshold_and_precision(hints: str, name: str) -> None:
    """The officer reads what the hint was chosen for: the point, its benign share, precision and recall."""
    rule = load_pack(hints).rules[f"{hints}.{name}_hint"]
    family, point = str(rule.params["family"]), str(rule.params["point"])
    assert f"({classifier().point(family, point):.2f})" in " ".join(rule.why.split())
    assert "precision" in rule.why
    assert ("assist", "experimental", ("en",)) == (rule.lane.value, rule.status, rule.scope.languages)


def test_a_post_the_grammar_finds_gets_no_second_finding(pack: Pack) -> None:
    """One post, one clause, one question: what the grammar finds is left to it."""
    text = "You are a pathetic liar and an idiot, @someone."
    found, _ = judge_table(pd.DataFrame({"id": ["1"], "text": [text]}), pack)
    rules = set(found["rule"])
    assert f"{pack.id}.harassment" in rules
    assert f"{pack.id}.harassment_hint" not in rules


def test_what_another_clause_has_found_is_not_asked_about_again(pack: Pack) -> None:
    """A post that runs a group down is found as such; whether somebody feels threatened is then no further question."""
    hate = "Immigrants are vermin. Next one who knocks at my door leaves in a bag."
    threat = "One punch, that's all I need, one punch and this clown won't talk anymore"
    found, _ = judge_table(pd.DataFrame({"id": ["hate", "threat"], "text": [hate, threat]}), pack)
    rules = set(zip(found["id"], found["rule"], strict=True))
    assert ("hate", f"{pack.id}.hate") in rules
    assert ("hate", f"{pack.id}.threat_hint") not in rules
    assert ("threat", f"{pack.id}.threat_hint") in rules
    alone = ScoredParams(family="threat", in_earnest=("violence", "veiled_threats"), after="threats")
    assert passes([hate], alone).all()


def test_only_posts_that_reach_the_point_are_asked_about() -> None:
    """The point of the rule decides, and nothing at all has no score."""
    params = ScoredParams(family="complaint", point="review")
    texts = ["Third email and no reply, I want my refund", "Lunch on Monday", ""]
    assert [True, False, False] == passes(texts, params).tolist()


@EVERY_HINT
def test_screened_and_unscreened_agree(hints: str, name: str) -> None:
    """The screen changes no answer."""
    pack = load_pack(hints)
    rule = pack.rules[f"{hints}.{name}_hint"]
    for case in rule.cases:
        screened, unscreened = run_case(pack, rule, case), run_case(pack, rule, case, screened=False)
        assert (screened.verdict, screened.excerpts) == (unscreened.verdict, unscreened.excerpts), case.text


@EVERY_HINT
def test_a_hint_is_no_surer_than_its_score(hints: str, name: str) -> None:
    """Scores hold where far more posts are of the family than among a chapter's: at its point a hint only asks."""
    pack = load_pack(hints)
    rule = pack.rules[f"{hints}.{name}_hint"]
    family = str(rule.params["family"])
    texts = [case.text for case in rule.cases if case.expected]
    frame = pd.DataFrame({"id": [str(at) for at in range(len(texts))], "text": texts, "lang": "en"})
    found, _ = judge_table(frame, pack, [rule.id])
    scores = classifier().score([texts[int(at)] for at in found["id"]])[family]
    unsure = found["confidence"][(scores < classifier().point(family, "violation") + 0.05).to_numpy()]

    assert (found["confidence"].to_numpy() <= scores.round(2).to_numpy()).all()
    assert (unsure < 0.6).all()
    assert found["confidence"].iloc[scores.argsort()].is_monotonic_increasing


def test_only_terms_of_the_senses_named_are_an_aim() -> None:
    """A charity is a firm that can be harmed; the words for what it is said to have done are no firm."""
    texts = [
        "The other charity pockets the grant and has nobody trained",
        "They pocket the grant and have nobody trained",
    ]
    table = pd.DataFrame({"id": ["firm", "they"], "text": texts})
    found, _ = judge_table(table, load_pack("lll"), ["lll.defamation_hint"])
    assert ["firm"] == found["id"].tolist()


def test_a_very_long_post_is_not_read_without_a_hostile_word(pack: Pack) -> None:
    """Reading it takes seconds. Its score alone would do to ask."""
    rule = pack.rules[f"{pack.id}.threat_hint"]
    threat = "Next time I bring the dog without its lead, and it knows your smell. "
    texts = [threat, threat * 80]
    found, _ = judge_table(pd.DataFrame({"id": ["short", "long"], "text": texts, "lang": "en"}), pack, [rule.id])
    assert passes(texts, ScoredParams.model_validate(rule.params)).all()
    assert ["short"] == found["id"].tolist()


def test_a_hint_asks_and_leaves_time_to_look(pack: Pack) -> None:
    """Nobody has said that anything is wrong: it is a question, never grave, and never due within a week."""
    hints = [rule for rule in pack.rules.values() if rule.check == "scored"]
    assert hints
    for rule in hints:
        assert (Lane.ASSIST, "?") == (rule.lane, rule.title[-1]), rule.id
        assert rule.severity in {Severity.MEDIUM, Severity.LOW}, rule.id
        assert rule.due_days >= 7, rule.id


def test_no_hint_gives_less_time_than_the_one_for_threats(pack: Pack) -> None:
    """A threat that is missed hurts somebody else; it is still asked about, not asserted."""
    days = {rule.id: rule.due_days for rule in pack.rules.values() if rule.check == "scored"}
    assert min(days.values()) == days[f"{pack.id}.threat_hint"]


def test_a_quoted_insult_is_not_asked_about(pack: Pack) -> None:
    """Who reports what was said to them did not say it."""
    rule = pack.rules[f"{pack.id}.harassment_hint"]
    text = "A volunteer was told “you miserable sour old hag, you make us sick” at the desk. Nobody should be."
    assert run_case(pack, rule, Case(clean=text)).passed


def test_unknown_families_and_keys_are_refused() -> None:
    """A rule with a misspelt parameter does not compile."""
    with pytest.raises(ValueError, match="family"):
        ScoredParams.model_validate({"family": "hat"})
    with pytest.raises(ValueError, match="aims"):
        ScoredParams.model_validate({"family": "hate", "aims": ["you"]})
    with pytest.raises(ValueError, match="no check is called threat"):
        ScoredParams.model_validate({"family": "hate", "unless": ["threat"]})


def test_the_lexicons_of_the_grammar_are_asked_for() -> None:
    """The pack is checked for every lexicon the check will use, also through the grammar of the same clause."""
    params = ScoredParams(family="hate", needs=("groups",), not_in=("counter_speech",), after="hate")
    assert {"groups", "counter_speech", "slurs"} <= set(params.lexicons())
    assert "scored" in checks()


def test_hints_stand_in_files_of_their_own() -> None:
    """One place to read, and to switch off, what models ask about."""
    root = Path(__file__).resolve().parents[2] / "policies"
    for pack_id in ("ala", "lll"):
        text = (root / pack_id / "rules" / "scored.yml").read_text(encoding="utf-8")
        assert len(HINTS[pack_id]) == text.count("check: scored")


@pytest.mark.parametrize(
    "text",
    [
        "You stupid\nidiots. You liars! You dumb crap, you",
        "you idiot.You idiot.you idiot",
        "@x 😡idiot😡\n\nidiot you",
        "# you crap",
    ],
)
def test_telling_words_may_run_across_sentences(pack: Pack, text: str) -> None:
    """Evidence stands inside the post, however its sentences are cut."""
    params = {"family": "harassment", "point": "review", "aim": ["you"]}
    rule = pack.rules[f"{pack.id}.harassment_hint"].model_copy(update={"params": params})
    batch = _batch(text, pack)
    found = checks()["scored"].judge(batch, rule, ScoredParams.model_validate(params))
    for item in (item for items in found.found.values() for item in items):
        assert 0 <= item.start < item.end <= len(text)


def _batch(text: str, pack: Pack) -> Batch:
    compiled = compile_pack(pack)
    values = {"subject_id": "1", "text": text, "lang": "en"}
    row = Row(values, label=0, subject="post", context=case_context(pack), lexicons=compiled.lexicons)
    frame = pd.DataFrame([values])
    return Batch("post", frame, [row], frame, pd.DataFrame(), compiled.lexicons, {"case": case_context(pack)})
