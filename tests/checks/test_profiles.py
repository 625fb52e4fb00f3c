"""Profiles (LLL-31 to LLL-36): who one is is never a finding; disclaimers are known in many wordings."""

# ruff: noqa: E501, RUF001 - lists of what people write about themselves, in their own characters.

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import run_case
from checks.statements import find_disclaimer
from checks.text import prepare

PACK = load_pack("lll")

WHO_ONE_IS = (
    "🏳️‍🌈", "🏳️‍⚧️ they/them", "she/her", "✡️ Jewish mother", "☪️ Muslima", "Hijabi mum", "✝️ Catholic", "Evangelical Christian",
    "Atheist", "LDS, mother of 7", "Hindu 🕉️", "Sikh", "Buddhist", "pagan", "Quaker", "Black mom ✊🏿", "Proudly Black and Muslim",
    "lesbian mum", "Gay dad", "bisexual", "Queer Latina", "trans woman", "LGBTQIA+ family", "Pride", "#Pride2026", "Afro-Latina",
    "Asian American", "Māori", "Native American", "First Nations", "Roma", "Arab", "Kurdish mama", "white", "🇮🇱", "🇵🇸", "🇺🇦", "🇺🇸", "🇹🇼",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿 Scottish", "Palestinian-American", "refugee from Syria", "immigrant", "autistic mom", "Deaf", "Ramadan mubarak", "Merry Christmas",
    "God first", "Conservative Judaism", "#BlackBreastfeedingWeek", "Republic of Ireland", "SPD (symphysis pubis dysfunction) survivor",
)  # fmt: skip

DISCLAIMERS = (
    "Views all my own.", "views my own", "Views = mine", "All opinions my own", "Opinions are mine, not my employer's",
    "Tweets are my own", "I speak only for myself", "Own views", "opinions mine 💕", "all views are strictly personal",
    "My views, not LLL's", "Views expressed here are solely my own", "Anything I post here is my personal opinion",
    "The views expressed in this post are mine only and do not necessarily reflect the views of La Leche League.",
    "Posts do not reflect the views of LLLI", "I do not speak for LLL", "#ViewsMyOwn", "#OpinionsAreMyOwn", "𝗩𝗶𝗲𝘄𝘀 𝗺𝘆 𝗼𝘄𝗻",
    "Opiniones personales", "Mis opiniones son solo mías", "Tweets a título personal", "Las opiniones son mías",
    "Opinions personnelles", "Mes propos n'engagent que moi", "Les opinions exprimées ici sont les miennes", "à titre personnel",
    "Alles meine eigene Meinung", "Tweets privat", "Private Meinung", "Meinungen sind meine eigenen", "Hier privat unterwegs",
    "Opiniões pessoais", "As opiniões são minhas", "Opinioni personali", "Le opinioni espresse sono mie", "Op persoonlijke titel",
)  # fmt: skip

NO_DISCLAIMERS = (
    "Amazing views from my own balcony", "In my opinion this is great", "RTs are not endorsements", "Retweets ≠ endorsement",
    "I have many opinions on cheese", "Posting photos of my own garden", "Thoughts from a busy mum", "Share your views!",
    "Personal trainer and LLL Leader", "My own business", "Comments are welcome", "Meine Kinder", "Content creator, personal chef",
)  # fmt: skip


@pytest.mark.parametrize("bio", WHO_ONE_IS)
@pytest.mark.parametrize("rule", ["lll.badge", "lll.cause"])
def test_who_one_is_is_never_a_finding(rule: str, bio: str) -> None:
    """LLL-32: one's own orientation, race, religion, origin or pronouns are not prohibited, in bio or name."""
    for case in (
        Case(clean=bio),
        Case(clean="LLL Leader", given={"name": bio}),
        Case(clean=f"LLL Leader. {bio}. Mum."),
    ):
        assert run_case(PACK, PACK.rules[rule], case).problem is None


@pytest.mark.parametrize(
    ("field", "said", "quoted"),
    [
        ("bio", "LLL Leader, #VoteBlue", "VoteBlue"),
        ("name", "Kim 🗳️💙", "🗳️💙"),
        ("handle", "vote_labour_kim", "vote_labour"),
        ("handle", "VoteBlueKim", "VoteBlue"),
        ("bio", "SPD-Mitglied", "SPD-Mitglied"),
        ("bio", "Re-elect Jane Brown", "Re-elect Jane"),
    ],
)
def test_badges_are_quoted_from_the_field_they_stand_in(field: str, said: str, quoted: str) -> None:
    """LLL-33: a party, candidate or campaign badge is found in name, description and handle, quoted exactly."""
    text = said if field == "bio" else "LLL Leader"
    result = run_case(PACK, PACK.rules["lll.badge"], Case(breach=text, given={} if field == "bio" else {field: said}))
    assert (True, quoted) == (result.verdict, next(iter(result.excerpts), None))


@pytest.mark.parametrize("text", NO_DISCLAIMERS)
def test_what_is_no_disclaimer_is_not_taken_for_one(text: str) -> None:
    """An opinion, a fine view and a word on retweets do not say whose views a profile gives."""
    assert find_disclaimer(prepare(text)) is None


@pytest.mark.parametrize("text", DISCLAIMERS)
def test_disclaimers_are_known_in_many_wordings_and_languages(text: str) -> None:
    """LLL-35: a Leader who has a disclaimer in any usual wording is not asked for one."""
    assert find_disclaimer(prepare(text)) is not None


def test_regular_means_many_and_recent() -> None:
    """LLL-35 asks for a disclaimer from three posts on within the window; two are not regular."""
    rule = PACK.rules["lll.regular_disclaimer"]
    posts = ["LLL meeting", "LLL picnic", "Roses"]
    assert run_case(PACK, rule, Case(clean="Gardener", given={"posts": posts})).problem is None
    assert run_case(PACK, rule, Case(breach="Gardener", given={"posts": [*posts, "LLL news"]})).problem is None
