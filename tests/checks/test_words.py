"""The text checks together: names, any input, and near-misses that need no rule of a pack."""

from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapterwatch.policy import load_pack
from checks.base import Context
from checks.cues import association_names, clauses, named
from checks.engine import CompiledPack, case_context, compile_pack, judge_table
from checks.text import prepare

ROSTER = Context(
    association="Association of Legal Administrators",
    roster_names=("Marisol Quintero", "Li Wu", "@devon_ach"),
    partners=("Brightdesk Software", "American Services", "Ox Inc"),
)


#: Words and signs that the checks look for, to be thrown together.
CUES = (
    *(
        "I will kill you",
        "shit",
        "women",
        "are vermin",
        "not",
        "never",
        "said",
        "called me",
        "“",
        "”",
        ".",
        ",",
        "!",
        "?",
    ),
    *(
        "@devon_ach",
        "Marisol Quintero",
        "is",
        "ALA",
        "terrible",
        "rumor has it",
        "confidential report",
        "vote for Trump",
    ),
    *("#StopNow", "https://x.example", "&amp;", "f.u.c.k", "s\u200bhit", "but", "because", "\n", "you idiot", "don't"),
)


TEXT_CHECKS = frozenset(
    {"profanity", "threats", "hate", "harassment", "topics", "complaints", "rumours", "confidentiality", "phrases"}
)


@cache
def compiled(name: str) -> CompiledPack:
    """A pack of the repository, ready to judge."""
    return compile_pack(load_pack(name))


def findings(texts: list[str], pack: str = "ala") -> list[tuple[str, str, str]]:
    """(text number, rule, excerpt) of what the text rules find, with the pack's invented roster."""
    table = pd.DataFrame({"id": [str(number) for number in range(len(texts))], "text": texts, "lang": "en"})
    found, _ = judge_table(table, compiled(pack), context=case_context(compiled(pack).pack))
    rules = compiled(pack).pack.rules
    rows = zip(found["id"], found["rule"], found["excerpt"], strict=True)
    return [row for row in rows if rules[row[1]].check in TEXT_CHECKS]


@pytest.mark.parametrize(
    ("stored", "names"),
    [
        ("Lunch at Quinterostraße with Marisol", []),
        ("chicken ala king, a la carte", []),
        ("American beauty, services for all, an ox", []),
        ("wu and li", []),
        ("mail devon_ach@x.example", []),
        ("Thanks ALA and #ALA26!", ["ALA", "ALA"]),
        ("Association of Legal Administrators", ["Association of Legal Administrators"]),
        ("Ms. Quintero and MARISOL QUINTERO", ["Quintero", "MARISOL QUINTERO", "QUINTERO"]),
        ("ask @devon_ach.", ["@devon_ach"]),
        ("Brightdesk and Brightdesk Software", ["Brightdesk", "Brightdesk Software", "Brightdesk"]),
        ("American Services", ["American Services"]),
    ],
)
def test_names_of_the_roster(stored: str, names: list[str]) -> None:
    """Whole names and distinct short forms are found; common words, small acronyms and mail addresses are not."""
    text = prepare(stored)
    found = named(text, ROSTER, ("association", "partner", "person"))
    assert names == [text.cut(item.start, item.end) for item in found]


@pytest.mark.parametrize(
    ("association", "names"),
    [
        ("Association of Legal Administrators", ("Association of Legal Administrators", "ALA")),
        ("La Leche League International", ("La Leche League International", "LLLI", "La Leche League", "LLL")),
        ("Book Club", ("Book Club",)),
    ],
)
def test_short_forms_of_the_association(association: str, names: tuple[str, ...]) -> None:
    """Capitals make an acronym of three letters or more; "International" may be left off."""
    assert names == association_names(Context(association=association))


def test_clauses_part_where_another_subject_takes_over() -> None:
    """A bad word belongs to its own clause."""
    text = prepare("The weather was awful, but the talk was great")
    parts = [text.plain[start:end] for start, end in clauses(text, text.sentences[0])]
    assert ["the weather was awful", ", but the talk was great"] == parts


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=8))
def test_no_text_breaks_a_check(texts: list[str]) -> None:
    """Whatever people post, every rule of both packs has an answer and quotes what stands in the post."""
    for pack in ("ala", "lll"):
        for number, _, excerpt in findings(texts, pack):
            assert excerpt in texts[int(number)]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(CUES),
            max_size=14,
        ).map(" ".join),
        min_size=1,
        max_size=8,
    )
)
def test_no_mixture_of_cues_breaks_a_check(texts: list[str]) -> None:
    """Cues in any order give an answer, the same one whatever the order of the rows."""
    found = findings(texts)
    again = findings(list(reversed(texts)))
    turned = sorted((str(len(texts) - 1 - int(number)), rule, excerpt) for number, rule, excerpt in again)
    assert sorted(found) == turned


@pytest.mark.parametrize(
    "text",
    [
        "Congratulations to our new board! Marisol Quintero is president, Devon Achterberg treasurer.",
        "Save the date: Lakeside Leadership Summit, October 12 to 15. Early bird ends Friday! #LLS26",
        "Thank you Brightdesk Software for sponsoring lunch. You guys rock!",
        "Hiring? Our salary survey helps: median, range, benefits. Members get it free.",
        "Happy Thanksgiving from all of us. Our office is closed Thursday and Friday.",
        "Killer keynote by Priya Raghunathan on deadlines, dead files and the art of cutting paper by half.",
        "RSVP by Monday or else we can't order enough sandwiches for everyone.",
        "What a crazy week! Four trainings, two webinars, one burnt coffee pot and zero regrets.",
        "Don't shoot the messenger: parking rates go up in January.",
        "Women in leadership: join our panel on March 8. Men welcome, too.",
        "Has anyone used a good document shredder? Ours died yesterday, the stupid thing.",
        "Our hearts are with the victims of the shooting. Please hold your loved ones close.",
    ],
)
def test_ordinary_chapter_posts_have_no_findings(text: str) -> None:
    """What chapters post all year is clean under every text rule."""
    assert [] == findings([text])


@pytest.mark.parametrize(
    "text",
    [
        "World Breastfeeding Week! Latch, let-down, sore nipples, engorged breasts: ask us anything.",
        "Nursing in public is legal in all 50 states. You and your baby are welcome everywhere.",
        "Breastfeeding mothers are amazing, and so are all parents who feed their babies.",
        "My baby bites! Tips for teething babies from our Leaders tonight at 7.",
        "Milk leaking at night? Our group meets on Tuesday, bring your pump.",
        "Formula, breast or both: no judgement here.",
    ],
)
def test_ordinary_support_posts_have_no_findings(text: str) -> None:
    """Breastfeeding vocabulary is what these groups are about."""
    assert [] == findings([text], "lll")


@pytest.mark.parametrize(
    "text",
    [
        "ALA members never fail to impress.",
        "ALA is the best! I was sick of searching alone.",
        "I'm tired of people saying ALA is useless. It changed my career.",
        "Brightdesk Software fixed our broken scanner in an hour.",
        "ALA's fraud prevention webinar is on Thursday.",
        "ALA stole my heart.",
        "Marisol Quintero killed it on stage!",
        "We stole a moment with Devon Achterberg at the summit.",
        "You are a monster on the dance floor, Priya!",
        "You guys are insane in the best way.",
        "you're a sick dancer",
        "You are going to love this stupidly good cake",
        "We're killing the competition this year",
        "I could murder a burger right now",
        "I will hit the ground running at ALA",
        "I'm going to beat my personal record",
        "We will crush you at trivia",
        "Our president spoke about the war on talent.",
        "God bless our volunteers.",
        "The governor declared a snow emergency; the office is closed.",
        "Congress passed the overtime bill. Here is what administrators need to know.",
        "The church potluck was a disaster but fun",
        "Election of officers: vote for Marisol Quintero as president!",
        "Support our sponsors!",
        "The priest told a stupid joke at the wedding lol",
        "Confidential conversations welcome: our mentors listen.",
        "Please do not forward this invitation link, registration is personal.",
        "Keep the file room key between us, said the raccoon.",
        "Don't tell anyone, but our cookies are store-bought",
        "We are not supposed to share food in the hall",
        "Word on the street is that our food drive broke the record!",
        "I heard ALA is coming to Denver, so excited!",
        "Apparently Priya Raghunathan got a standing ovation",
        "Is it true that ALA has a scholarship?",
        "Someone told me Devon Achterberg runs marathons",
        "I hear that Marisol is pregnant, congratulations!",
        "Girls who code are taking over our office for a day!",
        "No more men's lunch: everyone is invited",
        "Stop the violence against women",
        "Kill the lights, ladies",
        "We deport nobody.",
        "I hate Mondays and women's shoes",
        "Please get rid of old people's files",
        "Jews and Muslims deserve better than this",
        "Kick out the seniors: graduation day!",
        "Indians beat the Yankees",
        "Poor women are being exploited, it is disgusting",
        "White trash bags on sale",
        "The stupid American Airlines app crashed",
        "Foreigners welcome",
    ],
)
def test_near_misses_have_no_findings(text: str) -> None:
    """Idioms, praise, jokes, news and other senses of the words the checks look for."""
    assert [] == findings([text])


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("ala.complaint", "ALA has become a joke"),
        ("ala.complaint", "Why does ALA keep ignoring us? So unprofessional."),
        ("ala.disparagement", "Brightdesk is overpriced garbage"),
        ("ala.disparagement", "Marisol Quintero is corrupt"),
        ("ala.courtesy", "@devon_ach is a liar"),
        ("ala.harassment", "you people are clowns"),
        ("ala.harassment", "What an idiot you are"),
        ("ala.harassment", "To the woman who wrote that our walk was slow: nobody likes you"),
        ("ala.harassment", "ur a moron"),
        ("ala.rumour", "I hear Brightdesk is being investigated for fraud"),
        ("ala.rumour", "unconfirmed: ALA headquarters is laying off staff"),
        ("ala.confidential", "Draft minutes of the executive session attached, do not share"),
        ("ala.threat", "I'll make you pay"),
        ("ala.threat", "I'm coming for you"),
        ("ala.threat", "they should all be shot"),
        ("ala.threat", "I want to punch you in the face"),
        ("ala.threat", "Someone needs to teach you a lesson"),
        ("ala.hate", "Gays are an abomination"),
        ("ala.hate", "Asians can't drive"),
        ("ala.hate", "Black people are lazy"),
        ("ala.hate", "we don't want muslims here"),
        ("ala.hate", "Keep immigrants out"),
        ("ala.heated_topic", "Democrats are evil"),
        ("ala.heated_topic", "Trump 2028!!! Make America Great Again"),
        ("ala.heated_topic", "Abortion is murder"),
        ("ala.obscene", "F*ck this sh!t"),
        ("ala.obscene", "holy sh¡t"),
        ("ala.obscene", "phuck"),
        ("ala.obscene", "@$$hole"),
        ("ala.obscene", "a s s h o l e"),
        ("ala.coarse", "don't be a d!ck"),
    ],
)
def test_plain_breaches_are_found(rule: str, text: str) -> None:
    """What the near-misses are near to."""
    assert rule in [found for _, found, _ in findings([text])]
