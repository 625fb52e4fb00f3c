"""What the cases of the packs cannot tell of pictures: consents, times, likeness by degrees, compiling."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
import pytest

from chapterwatch.errors import InvalidFiles
from chapterwatch.model import Consent
from chapterwatch.policy import Case, Pack, Rule, load_pack
from checks.base import Context
from checks.engine import compile_pack, judge, no_profiles, run_case, table_posts
from checks.images import screenshot_score
from checks.pictures import field_of, gap, kept, text_in

LLL = load_pack("lll")

SHA = "ab" * 32
PEOPLE = {"role": "post", "status": "kept", "sha256": SHA, "faces": 2, "nudity_status": "read", "nudity": {}}


@cache
def lll() -> Pack:
    return load_pack("lll")


def verdict(*consents: Consent, at: str = "2026-10-14T15:00:00Z", **picture: Any) -> bool | None:
    """The answer of the consent rule on one post with one picture."""
    pack = lll()
    only = compile_pack(replaced(pack, {"lll.picture_consent": pack.rules["lll.picture_consent"]}))
    moment = pd.Timestamp(at)
    row = {
        "subject_id": "p1",
        "revision": 0,
        "is_current": True,
        "account_key": "x:1",
        "chapter": "c",
        "association": "lll",
        "platform": "x",
        "space": "official",
        "kind": "post",
        "lang": "en",
        "text": "Thank you all",
        "created_at": moment,
        "valid_from": moment,
        "permalink": "https://x.com/lll/status/p1",
        "pictures": [PEOPLE | picture],
    }
    posts = pd.DataFrame([row])
    contexts = {"lll": Context(association="LLL", consents=consents)}
    judged = judge(posts, posts.iloc[:0], only, contexts)
    [breach] = judged.verdicts["breach"]
    return None if pd.isna(breach) else bool(breach)


def replaced(pack: Pack, rules: dict[str, Rule]) -> Pack:

    return replace(pack, digest=repr(sorted(rules)), rules=rules)


def consent(**covers: Any) -> Consent:
    return Consent(people=2, signed_on=date(2026, 10, 1), kept="with the secretary", **covers)


def words_verdict(said: str) -> Any:
    """The answer of a rule on one post whose picture says this: a breach, clean, or why not."""
    pack = lll()
    only = compile_pack(replaced(pack, {"lll.picture_obscene": pack.rules["lll.picture_obscene"]}))
    picture = {"role": "post", "status": "kept", "sha256": SHA, "ocr_status": "read", "ocr_text": said}
    posts = table_posts(pd.DataFrame([{"id": "1", "text": "Thank you all"}]), pack)
    posts["pictures"] = [[picture]]
    judged = judge(posts, no_profiles(), only, {"table": Context(association="LLL")})
    [(breach, reason)] = judged.verdicts[["breach", "not_judged"]].to_numpy()
    return reason if pd.isna(breach) else bool(breach)


# --- words in pictures ----------------------------------------------------------------------------------------------


def test_the_words_in_a_picture_are_judged() -> None:
    """The near-miss first: harmless words are clean, obscene ones are not."""
    assert [False, True] == [words_verdict(said) for said in ("Meeting on Monday", "What the fuck")]


@pytest.mark.breaks_checks
def test_what_the_rule_for_words_breaks_on_in_a_picture_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Our bug is no clean picture, as little as it is a clean post."""

    def breaks(*_: object) -> float:
        raise KeyError

    monkeypatch.setattr("checks.profanity._quoted", breaks)
    assert "check_failed" == words_verdict("What the fuck")


# --- consents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "covers",
    [
        {"posts": ("p1",)},
        {"posts": ("https://x.com/lll/status/p1",)},
        {"pictures": (SHA,)},
        {"starts": date(2026, 10, 14), "ends": date(2026, 10, 14)},
        {"starts": date(2026, 10, 12), "ends": date(2026, 10, 20)},
    ],
)
def test_a_consent_on_record_answers_the_question(covers: dict[str, Any]) -> None:
    """The post, its address, the picture or the days of the event: any of them covers it."""
    assert verdict(consent(**covers)) is False


@pytest.mark.parametrize(
    "covers",
    [{"posts": ("p2",)}, {"pictures": ("cd" * 32,)}, {"starts": date(2026, 10, 1), "ends": date(2026, 10, 10)}],
)
def test_another_consent_does_not(covers: dict[str, Any]) -> None:
    """A consent for something else leaves the question standing."""
    assert verdict(consent(**covers)) is True


def test_a_day_is_the_chapters_own() -> None:
    """Two in the morning UTC is the evening before in America: the event's consent covers it."""
    event = consent(starts=date(2026, 10, 13), ends=date(2026, 10, 13))
    assert verdict(event, at="2026-10-14T02:00:00Z") is False


@pytest.mark.parametrize(("faces", "answer"), [(0, False), (1, True), (30, True), (31, False)])
def test_nobody_and_crowds_are_not_asked_about(faces: int, answer: bool) -> None:
    """One face to thirty are people to be asked; more is a crowd."""
    assert answer is verdict(faces=faces)


def test_without_the_reader_people_are_not_judged() -> None:
    """Where nobody counted faces, nobody can say that there are none."""
    assert verdict(faces=None, nudity_status="no_reader") is None


# --- gaps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pictures", "reason"),
    [
        ([], None),
        ([{"status": "kept", "ocr_status": "read"}], None),
        ([{"status": "kept", "ocr_status": "no_reader"}], "no_picture_reader"),
        ([{"status": "kept", "ocr_status": "failed"}], "picture_not_read"),
        ([{"status": "too_large"}], "pictures_not_captured"),
        ([{"status": "recording"}], "recordings"),
        ([{"status": "recording"}, {"status": "gone"}], "pictures_not_captured"),
    ],
)
def test_a_gap_is_told_by_its_reason(pictures: list[dict[str, Any]], reason: str | None) -> None:
    """Clean is said only where everything was looked at."""
    assert reason == gap({"pictures": pictures}, "ocr_status")


def test_no_picture_says_nothing_where_none_would_show() -> None:
    """An export without pictures is not judged; one picture seen all the same is judged by itself."""
    unshown = {"unshown": ["edits", "pictures"]}
    assert "pictures_not_shown" == gap({"pictures": []} | unshown, "ocr_status")
    assert gap({"pictures": [], "unshown": ["edits"]}, "ocr_status") is None
    assert gap({"pictures": [{"ocr_status": "read"}]} | unshown, "ocr_status") is None


@pytest.mark.parametrize("screened", [True, False])
@pytest.mark.parametrize(
    "rule", [rule for rule in LLL.rules.values() if rule.check.startswith("picture_")], ids=lambda rule: rule.id
)
def test_no_rule_about_pictures_is_clean_where_none_would_show(rule: Rule, screened: bool) -> None:
    """Whatever it looks for, of posts and of profiles."""
    for unshown, expected in ((["pictures"], "pictures_not_shown"), ([], None)):
        case = Case(clean="See you there", given={"unshown": unshown, "pictures": []})
        assert expected == run_case(LLL, rule, case, screened=screened).not_judged


def test_a_picture_shown_twice_is_judged_once() -> None:
    """The same bytes twice in a post are one picture, and its text is found by its name."""
    one = {"sha256": SHA, "ocr_text": "words"}
    assert [one] == list(kept({"pictures": [one, dict(one)]}))
    assert ("words", "") == (text_in([one], field_of(one)), text_in([one], "picture:000000000000"))


# --- screenshots ----------------------------------------------------------------------------------------------------


def test_marks_weigh_more_than_shape() -> None:
    """A phone's shape and flat colour alone never reach the threshold; two marks of a chat do."""
    shape = {"width": 720, "height": 1440, "flat": 0.9}
    assert 0.45 == screenshot_score(shape | {"ocr_text": "MEETING TONIGHT"})
    assert 0.65 == screenshot_score(shape | {"ocr_text": "Hello 10:02\nHi 10:05"})
    assert 0.85 == screenshot_score(shape | {"ocr_text": "Today\nHello 10:02\nHi 10:05"})


# --- compiling ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "params", "complaint"),
    [
        ("lll.picture_logo", {"set": "seals", "senses": ["logo"]}, "needs picture set seals"),
        ("lll.picture_obscene", {"check": "no_such_check"}, "there is no check 'no_such_check'"),
        ("lll.picture_obscene", {"check": "profanity", "params": {"weight": 1}}, "weight"),
        ("lll.picture_obscene", {"check": "profanity", "params": {"lexicon": "nowhere"}}, "needs lexicon nowhere"),
        ("lll.picture_nudity", {"labels": {}}, "labels"),
    ],
)
def test_a_rule_with_mistaken_parameters_does_not_compile(rule: str, params: dict[str, Any], complaint: str) -> None:
    """A misspelt set, check or parameter is told when the pack is loaded, not at night."""
    pack = lll()
    changed = pack.rules[rule].model_copy(update={"params": params})
    with pytest.raises(InvalidFiles, match=complaint):
        compile_pack(replaced(pack, {rule: changed}))


@pytest.mark.parametrize(("phash", "expected"), [("0" * 16, (False, None)), (None, (None, "picture_not_read"))])
def test_a_picture_without_hashes_is_like_nothing_and_not_clean(phash: str | None, expected: Any) -> None:
    """Where likeness could not be read, a complete set of pictures cannot say that none of them is shown."""
    rule = lll().rules["lll.picture_logo"]
    known = {name: one.model_copy(update={"complete": True}) for name, one in lll().pictures.items()}
    shown = {"role": "avatar", "status": "kept", "sha256": SHA, "phash": phash, "dhash": phash}
    vouched = replace(lll(), digest="vouched", pictures=known)
    result = run_case(vouched, rule, Case(clean="Mum", given={"pictures": [shown]}))
    assert expected == (result.verdict, result.not_judged)
