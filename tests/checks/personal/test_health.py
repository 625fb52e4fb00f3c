"""Health details: told of a named or related person they count, of a topic or a crowd they do not."""

from __future__ import annotations

import pytest

from checks.personal_data import Kind, find_health_details, is_of_nobody
from checks.personal_data.spans import LIKELY

NOBODY = (
    "Women diagnosed with breast cancer need leave",
    "One in eight women has breast cancer",
    "If your mother has diabetes, ask her doctor",
    "Webinar: how Tamsin Obuya beat breast cancer",
    "Our chapter has been diagnosed with inertia",
    "The Queen had surgery in the film",
    "We raise money for cancer research; Devon Achterberg had a stroke of genius? No: walk for hearts",
    "Nursing while recovering from surgery: what the research says",
    "Mastitis, tongue tie and jaundice: Tuesday's topics",
    "Stillen nach einer Fehlgeburt: Vortrag am Dienstag",
    "Beatriz leads the Tuesday meeting",
    "She is in great health",
    "Priya Raman was admitted with honours and taken to dinner",
    "Devon Achterberg is on steroids in our football pool, says the webinar",
    "Insulin and statins are taken by millions",
    "The results came back positive for our budget",
    "Babies born at 29 weeks need milk, not formula",
    "Marisol lost her keys and her luggage",
    "Our children have fun, kids with asthma too",
)
TOLD = (
    ("My sister was diagnosed with breast cancer last week", "My sister was diagnosed with breast cancer"),
    ("Devon Achterberg had a stroke.", "Devon Achterberg had a stroke"),
    ("Sad news. Priya is in the hospital again", "Priya is in the hospital"),
    ("My sister's in the hospital", "My sister's in the hospital"),
    ("My mum\u2019s been diagnosed with cancer", "My mum\u2019s been diagnosed with cancer"),
    ("Annika Lindqvist, our treasurer, underwent surgery", "Annika Lindqvist, our treasurer, underwent surgery"),
    ("her husband suffered from depression", "her husband suffered from depression"),
    ("Marisol tested positive for covid", "Marisol tested positive for covid"),
    ("Meine Schwester hat Brustkrebs", "Meine Schwester hat Brustkrebs"),
    ("Ma mère a un cancer", "Ma mère a un cancer"),
    ("Mi hermana tiene diabetes", "Mi hermana tiene diabetes"),
    ("Devon Achterberg is back on Zoloft", "Devon Achterberg is back on Zoloft"),
    ("Priya takes atorvastatin now", "Priya takes atorvastatin"),
    ("Devon Achterberg's scan came back abnormal", "Devon Achterberg's scan came back abnormal"),
    ("Marisol attempted suicide", "Marisol attempted suicide"),
    ("Priya's 3-week-old was readmitted with jaundice", "Priya's 3-week-old was readmitted with jaundice"),
    ("Marisol's twins were born at 29 weeks", "Marisol's twins were born at 29 weeks"),
    ("Devon Achterberg was rushed to the ER", "Devon Achterberg was rushed to the ER"),
    ("Priya lost her baby in May", "Priya lost her baby"),
    ("minha mãe teve um AVC", "minha mãe teve um AVC"),
    ("Our kids were diagnosed with asthma", "Our kids were diagnosed with asthma"),
    ("My daughter has anemia", "My daughter has anemia"),
    ("Meine Schwester hat eine Depression", "Meine Schwester hat eine Depression"),
)


@pytest.mark.parametrize("text", NOBODY)
def test_topics_crowds_and_talks_are_nobodys_health(text: str) -> None:
    """Health words alone accuse nobody; a talk or an appeal is at most a weak hint."""
    assert [] == [text[span.start : span.end] for span in find_health_details(text) if span.confidence >= LIKELY]


@pytest.mark.parametrize(
    ("text", "of_nobody"),
    [
        ("What a stroke of luck, Dana", True),
        ("Ines has caught the conference fever", True),
        ("Farid talks about his research into breast cancer", True),
        ("Dana had a stroke on Friday", False),
        ("Ines has a fever and stays at home", False),
        ("Farid told us of his breast cancer", False),
    ],
)
def test_figures_and_subjects_are_nobodys_health(text: str, of_nobody: bool) -> None:
    """Words of illness are said of luck, too, and many speak of an illness they do not have."""
    assert of_nobody is is_of_nobody(text)


@pytest.mark.parametrize(("text", "quoted"), TOLD)
def test_a_detail_of_a_named_or_related_person_is_found(text: str, quoted: str) -> None:
    """The span runs from the person to the end of the detail."""
    found = [span for span in find_health_details(text) if span.confidence >= LIKELY]
    assert [(Kind.HEALTH, quoted)] == [(span.kind, text[span.start : span.end]) for span in found]
