"""`judge --scores`: one score for every post and family, the point it passes, and where it looks."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from chapterwatch.cli import chapterwatch
from chapterwatch.errors import UserError
from chapterwatch.policy import Pack, load_pack
from checks.classifier import classifier
from checks.scores import COLUMNS, FAMILIES, score_table, wide

#: From this score on a family counts as heard.
HEARD = 0.5

POSTS = {
    "lunch": "Join us for lunch on Monday at noon, all members welcome!",
    "swear": "This is fucking great news",
    "threat": "I will find you and kill you.",
    "slur_free_hate": "All immigrants are vermin and must be thrown out.",
    "counter": "Calling immigrants vermin is disgusting and we condemn it.",
    "phone": "Call Maria at home: +1 202 555 0143",
    "mail": "write to maria.lopez@lakeside.example",
    "card": "my card is 4111 1111 1111 1111, please charge it",
    "german": "Ihr seid alle wunderbar, danke für den schönen Abend gestern bei uns im Garten!",
    "empty": "",
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack("ala")


@pytest.fixture(scope="module")
def scores(pack: Pack) -> pd.DataFrame:
    frame = pd.DataFrame({"id": list(POSTS), "text": list(POSTS.values())})
    return score_table(frame, pack)


def _entry(scores: pd.DataFrame, post: str, family: str) -> pd.Series:
    return scores[(scores["id"] == post) & (scores["family"] == family)].iloc[0]


def _is_heard(text: str, family: str, pack: Pack) -> bool:
    frame = pd.DataFrame({"id": ["one"], "text": [text], "lang": ["en"]})
    return bool(score_table(frame, pack).set_index("family").loc[family, "score"] >= HEARD)


def test_every_post_has_every_family(scores: pd.DataFrame) -> None:
    """Nothing is left out: a missing score would read as zero."""
    assert list(COLUMNS) == list(scores.columns)
    assert [(post, family) for post in POSTS for family in FAMILIES] == list(
        zip(scores["id"], scores["family"], strict=True)
    )
    assert scores["score"].between(0, 1).all()
    assert {"none", "review", "violation"} >= set(scores["point"])


@pytest.mark.parametrize("family", [family for family in FAMILIES if family != "toxic"])
@pytest.mark.parametrize("post", ["lunch", "german", "empty"])
def test_harmless_posts_pass_no_point(scores: pd.DataFrame, post: str, family: str) -> None:
    """A meeting, a thank-you in another language, nothing at all."""
    assert "none" == _entry(scores, post, family)["point"]


@pytest.mark.parametrize(
    ("post", "family", "said"),
    [
        ("swear", "profanity", "fucking"),
        ("phone", "pii.phone", "+1 202 555 0143"),
        ("mail", "pii.email", "maria.lopez@lakeside.example"),
        ("card", "pii.card", "4111 1111 1111 1111"),
    ],
)
def test_rules_and_finders_speak_for_their_families(scores: pd.DataFrame, post: str, family: str, said: str) -> None:
    """What they find passes `violation`, and the span is what they found."""
    entry = _entry(scores, post, family)
    start, end = map(int, entry["spans"].split(";")[0].split("-"))
    assert ("violation", said) == (entry["point"], POSTS[post][start:end])


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Questions? support@acme.example", "pii.email"),
        ("Call our help line 1-800-555-0199, day and night", "pii.phone"),
    ],
)
def test_what_offices_publish_stands_there_and_passes_review_at_most(text: str, family: str) -> None:
    """A score says whether a mailbox stands there; whose it is the point tells."""
    found = score_table(pd.DataFrame({"id": ["one"], "text": [text]}), load_pack("ala")).set_index("family").loc[family]
    assert ("review", 0.55) == (found["point"], found["score"])
    assert found["spans"]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("I helped a mum last night whose baby has a cleft palate.", True),
        ("Today's caller has flat nipples and a baby with jaundice.", True),
        ("A single mother from our Thursday circle is undocumented and afraid.", False),
        ("We help mothers whose babies have a tongue tie.", False),
    ],
)
def test_a_story_of_a_family_helped_is_of_health_where_it_tells_of_it(text: str, heard: bool) -> None:
    """Whichever rule hears it: the family's situation alone is private, but nothing of health."""
    frame = pd.DataFrame({"id": ["one"], "text": [text], "lang": ["en"]})
    found = score_table(frame, load_pack("lll")).set_index("family").loc["pii.health"]
    assert heard is bool(found["score"] >= HEARD)


def test_a_threat_is_offensive_too(scores: pd.DataFrame) -> None:
    """Whoever asks for offensive posts means threats as well."""
    assert _entry(scores, "threat", "threat")["score"] >= 0.5
    assert _entry(scores, "threat", "offensive")["score"] >= 0.5


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("You'll be picking your teeth up off the floor.", True),
        ("I know your house and I know when you sleep, say your goodbyes", True),
        ("Bring your old laptops, we wipe and donate them.", False),
        ("We're gonna get you that job, send me your resume", False),
    ],
)
def test_a_threat_without_a_word_of_violence_must_score_higher(text: str, heard: bool, pack: Pack) -> None:
    """Then the model speaks alone, and where it only leans towards a threat it is held back."""
    assert heard is _is_heard(text, "threat", pack)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("No Sikhs at the pool, we only just cleaned it", True),
        ("A street without Jews is all I ask for", True),
        ("What a woman knows of money fits on a lipstick", True),
        ("We are better off because of the nuns and the Muslims on this street", False),
        ("I'm so glad the deaf choir came", False),
        ("Two Sikhs, a Jew and a Lutheran run our food bank on Mondays", False),
        ("Vegans are vermin", False),
    ],
)
def test_hate_can_do_without_a_word_of_hate(text: str, heard: bool, pack: Pack) -> None:
    """Then the model speaks alone, where a group is named and nothing good is said of it."""
    assert heard is _is_heard(text, "hate", pack)


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("Caller from the north end, 19, mastitis twice and now thrush, she is at her wit's end", True),
        ("little Theo, reflux, came to us on Tuesday screaming again", True),
        ("I had thrush twice, ask me anything", False),
        ("Ines has caught the conference fever", False),
        ("Ines gives a workshop on postnatal depression", False),
        ("Do not post what a mother tells you about her depression, not even without her name", False),
    ],
)
def test_health_told_of_somebody_is_heard_in_any_words(text: str, heard: bool, pack: Pack) -> None:
    """What the finders' patterns do not reach the model hears; a subject, a figure and oneself it leaves alone."""
    assert heard is _is_heard(text, "pii.health", pack)


def test_profanity_alone_is_no_hate(scores: pd.DataFrame) -> None:
    """Coarse joy is coarse, nothing else."""
    assert _entry(scores, "swear", "hate")["score"] < 0.5


def test_counter_speech_is_no_hate(scores: pd.DataFrame) -> None:
    """Who condemns hateful words says them; the words alone must not decide."""
    assert _entry(scores, "slur_free_hate", "hate")["score"] >= 0.5
    assert _entry(scores, "counter", "hate")["score"] < 0.5


def test_spans_stand_inside_their_posts(scores: pd.DataFrame) -> None:
    """Spans count code points of the text given, in order, without overlap."""
    for entry in scores[scores["spans"] != ""].itertuples():
        spans = [tuple(map(int, span.split("-"))) for span in entry.spans.split(";")]
        assert sorted(spans) == spans
        assert all(0 <= start < end <= len(POSTS[entry.id]) for start, end in spans)
        assert all(one[1] <= two[0] for one, two in pairwise(spans))


def test_order_and_company_change_nothing(pack: Pack, scores: pd.DataFrame) -> None:
    """A post's scores are its own, also where ids repeat or rows are shuffled."""
    frame = pd.DataFrame({"id": list(POSTS), "text": list(POSTS.values())}).iloc[::-1]
    again = score_table(frame, pack)
    merged = scores.merge(again, on=["id", "family"], suffixes=("", "_again"))
    assert merged["score"].tolist() == merged["score_again"].tolist()
    assert merged["spans"].tolist() == merged["spans_again"].tolist()


def test_posts_with_the_same_id_keep_their_own_scores(pack: Pack) -> None:
    """A table may repeat ids; rows are scored one by one."""
    found = score_table(pd.DataFrame({"id": ["1", "1"], "text": ["hello friends", "this is fucking great"]}), pack)
    assert [0.0, 1.0] == [round(score) for score in found.loc[found["family"] == "profanity", "score"]]


def test_wide_has_one_row_a_post(scores: pd.DataFrame) -> None:
    """The same scores and points, a column each."""
    table = wide(scores)
    assert list(POSTS) == table["id"].tolist()
    assert ["id", *FAMILIES, *(f"{family}.point" for family in FAMILIES)] == list(table.columns)
    assert _entry(scores, "threat", "threat")["score"] == table.loc[table["id"] == "threat", "threat"].item()


def test_a_table_without_text_is_refused(pack: Pack) -> None:
    """Nothing is scored that cannot be read."""
    with pytest.raises(UserError, match="no column text"):
        score_table(pd.DataFrame({"id": ["1"]}), pack)


def test_an_empty_table_has_no_scores(pack: Pack) -> None:
    """No rows, no scores, the same columns."""
    found = score_table(pd.DataFrame({"id": [], "text": []}), pack)
    assert (0, list(COLUMNS)) == (len(found), list(found.columns))
    assert 0 == len(wide(found))


@pytest.mark.parametrize("form", ["csv", "wide"])
def test_the_command_prints_scores(tmp_path: Path, form: str) -> None:
    """The road a user takes: the same scores, and exit status 0 whatever they are."""
    file = tmp_path / "posts.csv"
    pd.DataFrame({"id": list(POSTS)[:4], "text": list(POSTS.values())[:4]}).to_csv(file, index=False)
    done = CliRunner().invoke(chapterwatch, ["judge", str(file), "--pack", "ala", "--scores", "--format", form])
    assert 0 == done.exit_code, done.output
    table = pd.read_csv(io.StringIO(done.stdout), dtype={"id": "str"})
    assert (4 if form == "wide" else 4 * len(FAMILIES)) == len(table)


@pytest.mark.parametrize("options", [["--format", "wide"], ["--classifier", "x"], ["--scores", "--rules", "threat"]])
def test_options_that_do_not_go_together_are_refused(tmp_path: Path, options: list[str]) -> None:
    """A mistake is said rather than passed over."""
    file = tmp_path / "posts.csv"
    file.write_text("id,text\n1,hello\n", encoding="utf-8")
    done = CliRunner().invoke(chapterwatch, ["judge", str(file), "--pack", "ala", *options])
    assert isinstance(done.exception, UserError)


def test_an_unknown_classifier_is_refused(pack: Pack) -> None:
    """Its name is a mistake to mend."""
    with pytest.raises(UserError, match="built-in"):
        score_table(pd.DataFrame({"id": ["1"], "text": ["x"]}), pack, use="nobody")


def test_every_trained_family_is_printed() -> None:
    """What is trained is also told."""
    assert set(classifier().families) <= set(FAMILIES)


@pytest.mark.parametrize(
    ("text", "is_heard"),
    [
        ('Our book club reads "Bullshit Jobs" by David Graeber in May', False),
        ('She said "bullshit" and left', True),
        ("the bitch had six puppies, says our breeder", False),
        ("some bitch took my seat, like a dog", True),
        ("a crap shoot at the casino night", False),
        ("damn, we forgot the badges", True),
        ("oh heck, we forgot the badges", False),
    ],
)
def test_profanity_is_swearing_and_no_title_and_no_animal(pack: Pack, text: str, is_heard: bool) -> None:
    """What stands in a title or among animals nobody swears; "damn" is sworn, though no rule asks for it."""
    scores = score_table(pd.DataFrame({"id": ["a"], "text": [text]}), pack)
    entry = _entry(scores, "a", "profanity")
    assert is_heard is bool(entry["score"] >= HEARD)
    assert not text.startswith("damn") or entry["point"] == "none"


@pytest.mark.parametrize(
    ("text", "is_heard"),
    [
        ("I'm such an idiot, I forgot the keys", False),
        ('"Stupid" is not a word we use with children', False),
        ("the coffee is a waste of time", False),
        ("you are such an idiot, you forgot the keys", True),
        ("that clerk is stupid and a waste of space", True),
    ],
)
def test_offence_is_meant_for_somebody_else(pack: Pack, text: str, is_heard: bool) -> None:
    """Of oneself, of words and of an hour lost nobody is offended."""
    scores = score_table(pd.DataFrame({"id": ["a"], "text": [text]}), pack)
    assert is_heard is bool(_entry(scores, "a", "offensive")["score"] >= HEARD)
