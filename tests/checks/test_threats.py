"""Threats whose words name no act of violence, and the same words where nobody is threatened."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from chapterwatch.policy import load_pack
from checks.engine import CompiledPack, compile_pack, judge_table


@cache
def pack() -> CompiledPack:
    """The ALA pack, whose rule on threats is that of every pack."""
    return compile_pack(load_pack("ala"))


def is_threat(text: str) -> bool:
    """Whether the rule finds one, with the screen and without it."""
    frame = pd.DataFrame({"id": ["1"], "text": [text], "lang": ["en"]})
    answers = {judge_table(frame, pack(), ["ala.threat"], screened=way)[0].empty for way in (True, False)}
    assert len(answers) == 1
    return not answers.pop()


@pytest.mark.parametrize(
    "text",
    [
        "We'll make her regret the day she joined the board",
        "He's going to need a coffin when I'm done with him",
        "My boot is going to meet your teeth",
        "Wait till I get my hands on his neck",
        "I'm outside your office with a crowbar",
        "I bring a rifle to the hearing tomorrow",
        "Nobody walks out alive on Friday",
        "The only good auditor is a dead auditor",
        "Withdraw it or your kids pay for it",
        "Drop the complaint or somebody gets hurt",
        "Accidents happen to people who ask around",
        "It would be a pity if something happened to your little café",
        "They'll find your bones in the quarry",
        "Wipe that smirk off his face, somebody",
        "I hope her plane crashes",
        "I'd love to see them dead",
        "Pay up or we visit your parents",
    ],
)
def test_a_threat_without_a_violent_verb_is_heard(text: str) -> None:
    """What a body will meet, how somebody will end, whom it will hit if they do not obey."""
    assert is_threat(text)


@pytest.mark.parametrize(
    "text",
    [
        "You won't regret joining us",
        "We'd like him dead or alive in the panto",
        "When I'm done with this spreadsheet I'll call you",
        "Wait till I get my hands on your new book",
        "We're outside your office with a cake",
        "Bring a knife to the pumpkin carving",
        "The only good meeting is a short meeting",
        "Register today or your seat goes to the next in line",
        "Slow down or somebody gets hurt",
        "Accidents happen: first aid course on Friday",
        "It would be a shame if you missed it",
        "They'll find your badge at the desk",
        "Put a smile on her face, somebody",
        "I hope her plane lands on time",
        "She wrote that somebody told her: they'll find your body in the river",
    ],
)
def test_the_same_words_without_a_threat_are_not(text: str) -> None:
    """Near-misses, one a kind, and a threat told of as received."""
    assert not is_threat(text)
