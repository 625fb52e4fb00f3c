"""Profiles (LLL-31 to LLL-36): who one is is never a finding."""

# ruff: noqa: E501 - lists of what people write about themselves.

from __future__ import annotations

import pandas as pd
import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import case_context, compile_pack, judge, run_case

PACK = load_pack("lll")
WHEN = pd.Timestamp("2026-10-14T15:00:00Z")
NO_POSTS = pd.DataFrame(
    columns=["subject_id", "account_key", "revision", "text", "is_current", "reply_to", "platform", "created_at"]
)

WHO_ONE_IS = (
    "🏳️‍🌈", "🏳️‍⚧️ they/them", "she/her", "✡️ Jewish mother", "☪️ Muslima", "Hijabi mum", "✝️ Catholic", "Evangelical Christian",
    "Atheist", "LDS, mother of 7", "Hindu 🕉️", "Sikh", "Buddhist", "pagan", "Quaker", "Black mom ✊🏿", "Proudly Black and Muslim",
    "lesbian mum", "Gay dad", "bisexual", "Queer Latina", "trans woman", "LGBTQIA+ family", "Pride", "#Pride2026", "Afro-Latina",
    "Asian American", "Māori", "Native American", "First Nations", "Roma", "Arab", "Kurdish mama", "white", "🇮🇱", "🇵🇸", "🇺🇦", "🇺🇸", "🇹🇼",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿 Scottish", "Palestinian-American", "refugee from Syria", "immigrant", "autistic mom", "Deaf", "Ramadan mubarak", "Merry Christmas",
    "God first", "Conservative Judaism", "#BlackBreastfeedingWeek", "Republic of Ireland", "SPD (symphysis pubis dysfunction) survivor",
)  # fmt: skip


#: Who one is, what one does, how one's children are called: words beside a badge that are none.
NO_BADGES = (
    "Black mom ✊🏿", "Proudly Black and Muslim", "✊🏽✊🏾 Afro-Latina", "Mum 🍉 of three", "Surfer mama 🌊💙",
    "🌊🌊🌊 beach lover", "Rose garden 🌹", "💙💛 Ukrainian", "🇺🇸 Army wife", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 English and proud",
    "🇮🇪 Irish republic born", "Jewish ✡️ Democrat and Chronicle reader", "Born in the Democratic Republic of Congo",
    "From the Dominican Republic", "Czech Republic ❤️", "People's Republic of Cork", "Hindu mother",
    "Muslim mum in hijab", "Christian wife and mother ✝️", "Reformed Christian", "Reform Judaism", "Conservative Jew",
    "Orthodox", "Evangelical", "Green witch, pagan", "Native American, enrolled Cherokee", "Trans dad he/him 🏳️‍⚧️",
    "Gay dads of twins 🏳️‍🌈", "Pansexual", "Lesbian", "Two-spirit", "Asexual ♠️", "Bi and proud", "she/they",
    "elle/iel", "er/ihm", "Mother of Dragons", "Immigrant from Mexico 🇲🇽", "Hija de México", "Bretonne et fière",
    "Catalana", "Vasca ", "Québécoise", "Kurdin", "Sinti", "Deaf and proud", "Autistic", "ADHD mum", "Feminist",
    "Vegan", "Mom to Harris 2024", "Mum to Ella/Max 2021", "Parents of twins Kai/Noa 2024", "Baby Haley 2024 👶",
    "Class of 2024", "Married 2020, mom 2022 & 2024", "Melissa Trump", "Judy Biden, mum of four",
    "Team Harris of five", "Voted Best Lactation Consultant 2022", "Voted Top Mum Blog",
    "Vote Hearthside Clinic for Best Clinic award!", "Vote for breastfeeding", "PTA President 2024",
    "Chapter President 2025", "Class President", "President-Elect, garden club",
    "Vice President of sleep deprivation", "RNC-OB, IBCLC", "RNC-MNN nurse", "CSU grad", "CSU Chico alum",
    "SVP of nothing", "MP svp", "pas de démarchage svp", "NPA certified", "AFD", "SNP genotyping lab",
    "Geneticist, SNP arrays", "CDU nurse", "die linke Brust zuerst", "die grünen Smoothies",
    "J'aime les verts pâturages", "labour supporter and doula", "Labour ward midwife",
    "Doula | birth & labour support", "Labor and delivery RN", "Labor Day baby", "Back labour survivor",
    "Stem Cell researcher", "STEM Teacher", "Stem cell donor", "Cuddles trump sleep", "Trumpet teacher",
    "Not a Republican or Democrat, just tired", "Former Republican staffer",
    "Journalist covering Democrats in Congress", "Historian of the Labour Party", "I report on Republicans",
    "Political scientist", "Poll worker", "Register to vote", "Election clerk", "City councillor's wife",
    "Civil servant", "Works for the Senate cafeteria", "Nurse for School Board", "Running for charity",
    "Running for my life", "Candidate for IBCLC exam", "PhD candidate", "Elected to the PTA",
    "Member of the Wedding Party", "Birthday Party planner", "Pool Party Host", "Search Party volunteer",
    "Member of the Slumber Party Club", "Party of five", "Third party logistics", "Party animal", "Democracy nerd",
    "Socialite", "Community organizer", "Union member", "Hebammenverband Mitglied", "Mitglied der Hebammenunion",
    "Mitglied der AFSP", "Membre du parti pris", "Lid van de kerk", "Lid van de bibliotheek",
    "Militante por la lactancia", "Militante de l'allaitement", "Candidata a doctora", "Afiliada a la biblioteca",
    "Social butterfly", "Conservative with screen time", "Liberal with hugs", "Liberal arts major", "Green thumb",
    "Greens eater", "Independent midwife", "Progressive lenses", "Nationals baseball fan", "Capitals fan",
    "Red wave hair", "Blue Wave swim club coach", "Right-handed, left breast favourite", "Left bank of the Seine",
    "God first, family second", "Ramadan kareem", "Merry Christmas", "Happy Diwali", "#BlackBreastfeedingWeek",
    "#NativeMilk", "#LatinasLactating", "#WorldBreastfeedingWeek", "#Pride", "#LoveIsLove", "#TransJoy",
    "#BlackGirlMagic", "#MuslimMum", "#JewishAndProud", "#Asianmama", "#DominicanMama", "Kamala, LLL mum",
    "Marina 45", "4T jeans", "Madrid, Ayuso street", "Palestinian mother 🇵🇸", "Israeli mum 🇮🇱", "Taiwanese 🇹🇼",
    "Texan", "Southern belle", "Yankee", "Pro-breastfeeding", "Normalize breastfeeding", "Milk is political 🥛",
    "Freedom lover", "Patriot's Day baby", "New England Patriots", "Boston Tea Party descendant", "Elephant lover 🐘",
    "Donkey rescue 🫏", "Anti-fragile", "Born 4 July", "Republic of motherhood", "Resist the urge to clean",
    "Hope and change of diapers", "Yes we can breastfeed", "Make naps great again", "Wife of Labour councillor",
    "Mum of a Tory councillor", "My husband is a Labour MP", "Daughter of a Republican senator",
    "Married to a Republican, mother of Democrats", "Welcomes Democrats and Republicans alike",
    "politically neutral, Republican and Democrat friends", "Retired Labour councillor",
    "Was a candidate for mayor in 1998", "Ehemaliges SPD-Mitglied", "Früher SPD-Mitglied", "Ancienne élue du PS",
    "Antigua militante del PSOE", "Exmilitante del PSOE", "ancienne militante socialiste", "Vote Tuesday", "Vote Nov 5",
    "Vote November 3", "Vote Like A Mother", "Vote Early, Vote Often", "Vote LLL for charity of the year",
    "Vote Lactation Room of the Year", "Running for President of the PTA", "Running for office supplies",
    "Candidate for Council of Leaders", "running for council of LLL USA", "Nurses for Assembly of God",
    "Advocates for Parliament Hill nursing room", "Cook for President's Club", "Admin for MP",
    "Member of the Bridal Party", "Team Jones/Smith 23 wedding", "Hola, soy Maga, mamá de dos",
    "Dr. Maga Sanchez, pediatrician", "Maga Sánchez", "Mum of Harris and Biden (the cat)",
    "Right to life-long learning", "Time's up: bedtime!", "Stop the war against sleep", "Boycottage fan",
    "Pro choice in feeding: breast, bottle, both", "#momforthewin", "#lifeformayors",
)  # fmt: skip

BADGES = (
    "Proud Democrat", "lifelong Republican", "Republican mom", "Democrat. Wife. Mom.", "Labour voter",
    "Labour councillor for Headingley", "Labour Party member", "Tory councillor", "Lib Dem activist", "Green Party",
    "Vote Green", "Vote Green Party", "#VoteLabour", "SNP voter", "SNP member", "GOP mom", "MAGA",
    "Make America Great Again", "🇺🇸🐘", "🗳️💙 Kim", "#Trump2028", "Trump Train", "Team Biden", "Ridin with Biden 2024",
    "Harris/Walz", "Smith/Jones 2028", "Odette Marchbanks for Senate", "Jane Smith for School Board",
    "#MarchbanksForMayor", "Vote Marchbanks", "Re-elect Sam Porter", "Candidate for City Council",
    "Running for Congress", "Running for state senate in Ohio", "Member of the Women's Equality Party",
    "Pirate Party member", "Volunteer for the Forward Party", "Fianna Fáil councillor", "Sinn Féin activist",
    "Fine Gael voter", "NDP member", "Vote NDP", "Conservative candidate in Oakdale", "One Nation Party",
    "Te Pāti Māori", "Australian Greens", "Vote Yes on Prop 4", "SPD-Mitglied", "Mitglied der Grünen",
    "Mitglied der CDU", "Mitglied der Tierschutzpartei", "Kandidatin für den Stadtrat", "AfD", "Die Linke",
    "Wählt Lindenbaum", "FDP-Wählerin", "Votez Marchand", "Militante au Parti socialiste",
    "Adhérente du parti animaliste", "Candidate aux municipales", "LFI militante", "Marine 2027",
    "Candidata a la alcaldía", "Afiliada al PSOE", "Militante del PSOE", "Votante de Vox", "Vota Marchena",
    "Militante de Morena", "Filiada ao PT", "Militante do Bloco de Esquerda", "Vote em Marcela", "Faz o L",
    "Bolsonaro presidente", "Candidata a vereadora", "Lid van de VVD", "GroenLinks", "Raadslid voor D66",
    "Iscritta al PD", "Vota Meloni", "Fratelli d'Italia", "Mother of three, Labour voter",
    "Mum of two and proud Democrat", "Retired nurse, Labour voter", "Former teacher, Green Party member",
    "#makeamericagreatagain", "#votetrump", "#teamtrump", "#prouddemocrat", "#proudrepublican", "#labourparty",
    "JANE DOE FOR MAYOR", "vote jane doe for mayor", "City council candidate", "School board candidate",
    "Candidate, Springfield School Board", "Bundestagskandidatin", "Stadträtin (SPD)", "Élue PS à Lyon",
    "Adhérente LR", "Afiliada al PP", "Voto a Vox", "Labour activist", "Communist Party",
    "Member of the Communist party", "ANC member", "BJP supporter", "Voting Trump", "Lula presidente",
    "Yes on Prop 1", "No on Measure B", "maga mama", "Running for President of the United States",
)  # fmt: skip

CAUSES = (
    "#blacklivesmatter", "#freepalestine", "#standwithukraine", "#mybodymychoice", "#momsdemandaction",
    "#backtheblue", "#BlackLivesMatter", "Free Palestine", "Boycott Nestlé",
)  # fmt: skip


def _told(rule: str, sayings: tuple[str, ...], field: str) -> dict[str, object]:
    """What a rule says of Leaders' profiles, one a saying: breach, clean, or why it was not judged."""
    leader = "LLL Leader" if field == "name" else "LLL Leader. {}. Mum."
    profiles = pd.DataFrame(
        {
            "subject_id": [f"p{number}" for number in range(len(sayings))],
            "name": [said if field == "name" else "" for said in sayings],
            "bio": [leader.format(said) for said in sayings],
            **dict.fromkeys(("website", "location", "lang"), None),
            **dict.fromkeys(("account_key", "handle", "chapter", "association"), "case"),
            "platform": "x",
            "space": "leader_profile",
            "revision": 0,
            "is_current": True,
            "valid_from": WHEN,
            "valid_until": pd.NaT,
        }
    )
    compiled = compile_pack(PACK)
    judged = judge(NO_POSTS, profiles, compiled, {"case": case_context(PACK)}).verdicts
    own = judged[judged["rule_id"] == rule].set_index("subject_id").loc[profiles["subject_id"]]
    answers = own["breach"].astype(object).where(own["breach"].notna(), own["not_judged"])
    return dict(zip(sayings, answers, strict=True))


@pytest.mark.parametrize("field", ["bio", "name"])
@pytest.mark.parametrize("rule", ["lll.badge", "lll.cause"])
def test_who_one_is_is_never_a_finding(rule: str, field: str) -> None:
    """LLL-32: own orientation, race, religion, origin or pronouns are no badge, in bio or name; nor is everyday life."""
    told = _told(rule, (*WHO_ONE_IS, *NO_BADGES), field)
    assert {} == {said: answer for said, answer in told.items() if answer is not False}


def test_badges_are_found_also_of_parties_no_list_holds() -> None:
    """LLL-33: parties, candidates and campaigns of many countries are found, by name and by how campaigns speak."""
    told = _told("lll.badge", BADGES, "bio")
    assert {} == {said: answer for said, answer in told.items() if answer is not True}


@pytest.mark.parametrize("handle", ["maga_sanchez", "dr.maga", "momforall", "trumpetvotes", "lifeformayors"])
def test_handles_that_hold_no_badge(handle: str) -> None:
    """LLL-33: a first name, and words that only begin like a badge, are none."""
    result = run_case(PACK, PACK.rules["lll.badge"], Case(clean="LLL Leader", given={"handle": handle}))
    assert result.problem is None


def test_causes_are_found_however_a_hashtag_is_written() -> None:
    """LLL-31: a hashtag says the same with capitals and without."""
    told = _told("lll.cause", CAUSES, "bio")
    assert {} == {said: answer for said, answer in told.items() if answer is not True}


@pytest.mark.parametrize(
    ("field", "said", "quoted"),
    [
        ("handle", "janeformayor", "janeformayor"),
        ("handle", "votetrump_kim", "votetrump"),
        ("bio", "LLL Leader, #votetrump", "votetrump"),
        ("bio", "LLL Leader, #VoteBlue", "VoteBlue"),
        ("name", "Kim 🗳️💙", "🗳️💙"),
        ("handle", "vote_labour_kim", "vote_labour"),
        ("handle", "VoteBlueKim", "VoteBlue"),
        ("bio", "LLL Leader, SPD-Mitglied", "SPD-Mitglied"),
        ("bio", "LLL Leader. Re-elect Jane Brown", "Re-elect Jane"),
    ],
)
def test_badges_are_quoted_from_the_field_they_stand_in(field: str, said: str, quoted: str) -> None:
    """LLL-33: a party, candidate or campaign badge is found in name, description and handle, quoted exactly."""
    text = said if field == "bio" else "LLL Leader"
    result = run_case(PACK, PACK.rules["lll.badge"], Case(breach=text, given={} if field == "bio" else {field: said}))
    assert (True, quoted) == (result.verdict, next(iter(result.excerpts), None))


def test_regular_means_many_and_recent() -> None:
    """LLL-35 asks for a disclaimer from three posts on within the window; two of many are not regular."""
    rule = PACK.rules["lll.regular_disclaimer"]
    posts = ["LLL meeting", "LLL picnic", "Roses", "Beans", "Peas"]
    leader = "Gardener, LLL Leader"
    assert run_case(PACK, rule, Case(clean=leader, given={"posts": posts})).problem is None
    assert run_case(PACK, rule, Case(breach=leader, given={"posts": [*posts, "LLL news"]})).problem is None


def test_too_few_posts_show_no_habit() -> None:
    """LLL-35: with fewer posts seen than a habit needs, the answer is "not judged", never "clean"."""
    rule = PACK.rules["lll.regular_disclaimer"]
    result = run_case(PACK, rule, Case(unjudged="LLL Leader", given={"posts": ["LLL picnic", "Roses"]}))
    assert (None, "too_few_posts") == (result.verdict, result.not_judged)
