"""Rules that can only answer by a list of the roster say nothing where that list is empty."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import pytest

from chapterwatch.model import Event
from chapterwatch.policy import load_pack
from checks.base import Context
from checks.engine import case_context, judge_table, lacking

PACK = load_pack("ala")
RUDE = "Lindenbaum is an incompetent fool."
BARE = Context(association="Association of Legal Administrators")
BY_NAMES = ("ala.courtesy", "ala.disparagement", "ala.disparagement_hint", "ala.person_detail")


def judged(rule: str, context: Context, *texts: str) -> tuple[int, Counter[str]]:
    """How many findings a rule has, and how often it gave which reason for not judging."""
    frame = pd.DataFrame({"id": [str(at) for at in range(len(texts))], "text": texts})
    findings, silent = judge_table(frame, PACK, [rule], context)
    return len(findings), Counter(dict(zip(silent["reason"], silent["count"], strict=True)))


@pytest.mark.parametrize("rule", BY_NAMES)
def test_a_roster_that_names_somebody_lets_a_rule_answer(rule: str) -> None:
    """The near-miss: nothing is wrong, and that is an answer."""
    assert (0, Counter()) == judged(rule, case_context(PACK), "The spring meeting was well attended.")


@pytest.mark.parametrize("rule", BY_NAMES)
def test_a_roster_without_names_leaves_it_unanswered(rule: str) -> None:
    """With nobody to look for, a clean answer would be no answer: each post is counted as not judged."""
    told = judged(rule, BARE, RUDE, "The spring meeting was well attended.")
    assert (0, Counter(no_roster_names=2)) == told


def test_officers_are_looked_for_though_nobody_else_is_listed() -> None:
    """What is found stands; of the other posts only a few of those they may be about were looked for."""
    context = Context(association=BARE.association, officers=("Oskar Lindenbaum",))
    told = judged("ala.courtesy", context, RUDE, "The spring meeting was well attended.")
    assert (1, Counter(no_roster_names=1)) == told


def test_partners_alone_are_enough_for_what_may_be_about_them() -> None:
    """Two lists serve ALA-10; either lets it answer, and ALA-06 knows people alone."""
    context = Context(association=BARE.association, partners=("Ledgerfox Billing",))
    assert (0, Counter()) == judged("ala.disparagement", context, "All is well.")
    assert (0, Counter(no_roster_names=1)) == judged("ala.courtesy", context, "All is well.")


def test_a_language_nobody_reads_stays_the_reason() -> None:
    """A list would not help there."""
    said = "Vi är här och talar svenska i dag, och det är inte alls konstigt."
    assert (0, Counter({"language:sv": 1})) == judged("ala.courtesy", BARE, said)


def test_rules_with_other_grounds_answer_without_lists() -> None:
    """An insult at "you" is one whoever is listed."""
    found, silent = judged("ala.harassment", BARE, "You are a pathetic liar.", "All is well.")
    assert (1, Counter()) == (found, silent)


@pytest.mark.parametrize("rule", ["ala.event_hashtag_missing", "ala.credit.event_hashtag"])
def test_without_events_no_post_is_said_to_carry_its_hashtag(rule: str) -> None:
    """ALA-25 asks about the association's events: none listed, none to ask about."""
    day = pd.Timestamp("2026-10-14").date()
    known = Context(
        association=BARE.association, events=(Event(name="Forum", starts=day, ends=day, hashtags=("#Forum26",)),)
    )
    assert (0, Counter(no_events=1)) == judged(rule, BARE, "A great week.")
    assert (0, Counter()) == judged(rule, known, "A great week.")


def test_what_a_roster_lacks_can_be_told_before_anything_is_judged() -> None:
    """The same rules and reasons, for whoever keeps the roster."""
    told = {reason: {rule.id for rule in rules} for reason, rules in lacking(PACK.rules.values(), BARE).items()}
    events = {"ala.event_hashtag_missing", "ala.credit.event_hashtag"}
    assert {"no_roster_names": set(BY_NAMES), "no_events": events} == told
    assert {} == lacking(PACK.rules.values(), case_context(PACK))
