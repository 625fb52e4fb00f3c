"""Every case of every pack, and what a pack must have."""

import os
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from chapterwatch.policy import JUDGED_LANES, Case, Pack, Rule, load_pack, packs_available
from checks.engine import compile_pack, run_case

REPO = Path(__file__).parents[2]
SOURCES = {"ala": "000_f571159f87052815.txt", "lll": "004_bb25a2d64a6ac06b.txt"}
MIN_CASES = 6


@cache
def pack(name: str) -> Pack:
    """A pack as it stands in the repository."""
    return load_pack(name)


def all_cases() -> list[object]:
    """One parameter a case, named by rule and number."""
    return [
        pytest.param(name, rule, case, id=f"{rule.id}-{number}")
        for name in packs_available()
        for rule in pack(name).rules.values()
        for number, case in enumerate(pack(name).cases_of(rule))
    ]


def all_rules() -> list[object]:
    """One parameter a rule."""
    return [pytest.param(name, rule, id=rule.id) for name in packs_available() for rule in pack(name).rules.values()]


@pytest.mark.parametrize(("name", "rule", "case"), all_cases())
def test_case(name: str, rule: Rule, case: Case) -> None:
    """The verdict and the quoted evidence are those the case expects."""
    result = run_case(compile_pack(pack(name)), rule, case)
    assert result.problem is None


@pytest.mark.parametrize(("name", "rule"), all_rules())
def test_rule_has_enough_cases_and_more_near_misses_than_breaches(name: str, rule: Rule) -> None:
    """A rule is known by what it lets pass: at least six cases, clean ones at least as many as breaches, and first."""
    cases = pack(name).cases_of(rule)
    expected = [case.expected for case in cases]
    assert len(cases) >= MIN_CASES
    assert expected.count(True) >= 1
    assert expected.count(False) >= expected.count(True) or rule.lane == "credit"
    assert expected[0] is False or rule.lane == "credit"


@pytest.mark.parametrize(("name", "rule"), all_rules())
def test_rule_cites_clauses_that_are_judged(name: str, rule: Rule) -> None:
    """A rule serves clauses that exist and that a machine may judge at all."""
    clauses = [pack(name).clauses[clause] for clause in rule.clauses]
    assert all(JUDGED_LANES & set(clause.lanes) for clause in clauses)


@pytest.mark.parametrize(("name", "rule"), all_rules())
def test_a_question_is_worded_as_a_question(name: str, rule: Rule) -> None:
    """An assist finding asks; it never accuses."""
    assert rule.title.endswith("?") or rule.lane != "assist", name


@pytest.mark.parametrize("name", packs_available())
def test_no_case_stands_twice_in_a_rule(name: str) -> None:
    """A case copied is a case miscounted."""
    for rule in pack(name).rules.values():
        texts = [(case.text, repr(sorted(case.given.items()))) for case in pack(name).cases_of(rule)]
        assert len(texts) == len(set(texts)), rule.id


@pytest.mark.parametrize("name", packs_available())
def test_quotes_are_verbatim(name: str) -> None:
    """Every quote of a clause stands word for word in the source document."""
    folder = Path(os.environ.get("CHAPTERWATCH_POLICY_SOURCES") or REPO.parent / "shared" / "policies")
    source = folder / SOURCES.get(name, "-")
    if not source.is_file():
        pytest.skip("the source documents of the policies are not part of the project")
    text = " ".join(source.read_text(encoding="utf-8").split())
    missing = [clause.id for clause in pack(name).clauses.values() if " ".join(clause.quote.split()) not in text]
    assert [] == missing


@pytest.mark.parametrize(("name", "called"), [("lll", "La Leche League"), ("lll", "LLL"), ("ala", "ALA")])
def test_cases_hold_whatever_name_the_registry_gives(name: str, called: str) -> None:
    """A registry may write the association's name long or short; what posts call it is the policy's to say."""
    other = pack(name).case_context.model_copy(update={"association": called})
    compiled = compile_pack(replace(pack(name), case_context=other, digest=called))
    results = [
        run_case(compiled, rule, case) for rule in compiled.pack.rules.values() for case in pack(name).cases_of(rule)
    ]
    assert [] == [result.problem for result in results if not result.passed]
