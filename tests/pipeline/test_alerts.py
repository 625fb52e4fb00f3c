"""A critical finding reaches the person on duty the same night, once, without the post's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from chapterwatch.errors import UserError
from chapterwatch.model import DeliveryState, DispositionState, Severity
from chapterwatch.pipeline import alert_duty, how_it_goes_out, listed_deliveries, resend_delivery
from chapterwatch.settings import Mail
from tests.pipeline.test_deliver import Server, listening
from tests.pipeline.world import FIRST_NIGHT, LAKESIDE, REGISTRY, World, post

NIGHT = FIRST_NIGHT + timedelta(days=1)
THREAT = "Marta Ostrowe, we will kill you."
LINK = "https://x.example/ala_lakeside/status/7"


@pytest.fixture
def server() -> Iterator[Server]:
    with listening(Server()) as running:
        yield running


@pytest.fixture
def watched(light: World, server: Server) -> World:
    """A network whose person on duty is named, with a mail server."""
    before = "    headquarters: [audit@hq.example]\n"
    light.workplace.settings.registry.write_text(REGISTRY.replace(before, before + "    duty: [duty@hq.example]\n"))
    return light.at(NIGHT, mail=Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=server.port))


def alert(world: World) -> dict[str, int]:
    """Tell whoever is on duty; only the outcomes there are."""
    return {state: count for state, count in alert_duty(world.workplace).items() if count}


def letters(server: Server) -> list[EmailMessage]:
    """What was mailed, parsed."""
    return [BytesParser(policy=policy.default).parsebytes(body) for _, body in server.got]


def posted(world: World, native_id: str, text: str, **changes: str) -> None:
    """Lakeside posts something, and it is judged."""
    world.store(LAKESIDE, post(native_id, text, FIRST_NIGHT, **changes), at=NIGHT)
    world.audit(NIGHT)


@pytest.mark.parametrize(
    "text",
    ["We will kill it at the quiz on Monday, join us.", "The damn printer is broken again.", "Meeting at nine."],
    ids=["idiom", "not critical", "nothing"],
)
def test_what_is_not_critical_wakes_nobody(watched: World, server: Server, text: str) -> None:
    """The near-misses: a finding that can wait for the month's end waits."""
    posted(watched, "7", text)

    assert ({}, []) == (alert(watched), server.got)


def test_a_threat_reaches_duty_the_same_night_without_its_words(watched: World, server: Server) -> None:
    """The mail says where to look and what to do; the threat itself and the name in it do not travel again."""
    posted(watched, "7", THREAT, permalink=LINK)

    assert {"sent": 1} == alert(watched)
    (letter,) = letters(server)
    body = letter.get_body(("plain",)).get_content() + letter.get_body(("html",)).get_content()
    assert ["duty@hq.example"] == list(server.recipients)
    assert "Please look today: 1 critical finding, ala-lakeside" == letter["Subject"]
    assert "Lakeside Chapter" in body
    assert LINK in body
    assert not [word for word in ("Marta", "Ostrowe", "kill") if word in body]


def test_an_edit_nobody_saw_is_told_by_the_day_it_was_noticed(watched: World, server: Server) -> None:
    """The minute of our reading is none of the post's; where the platform gives a time, the mail says that."""
    posted(watched, "6", THREAT)
    alert(watched)
    posted(watched, "7", "Meeting at nine.")
    watched.store(LAKESIDE, post("7", THREAT, FIRST_NIGHT), at=NIGHT + timedelta(hours=1))
    watched.audit(NIGHT + timedelta(hours=1))
    alert(watched)
    moments = [re.search(r"ala_lakeside, (.*?):? Could", str(one.get_body(("plain",)))) for one in letters(server)]

    assert ["4 October, 21:15 (America/Chicago)", "noticed on 5 October"] == [found and found[1] for found in moments]


def test_a_time_is_the_chapters_and_says_so(watched: World, server: Server) -> None:
    """The chapter's report gives the same hour; whoever is on duty may live in another zone."""
    registry = watched.workplace.settings.registry
    registry.write_text(registry.read_text().replace("country: US\n", "country: US\n        timezone: Asia/Tokyo\n", 1))
    posted(watched.at(NIGHT, mail=watched.workplace.settings.mail), "7", THREAT)
    alert(watched.at(NIGHT, mail=watched.workplace.settings.mail))

    assert "ala_lakeside, 5 October, 11:15 (Asia/Tokyo): Could" in str(letters(server)[0].get_body(("plain",)))


def test_two_places_of_a_post_are_one_thing_to_look_at(watched: World, server: Server) -> None:
    """Without the post's words each place would read the same; both findings are named."""
    posted(watched, "7", f"{THREAT} And I will burn down your house.", permalink=LINK)
    keys = [found.key for found in watched.archive.findings(account_key=LAKESIDE)]

    assert {"sent": 1} == alert(watched)
    body = letters(server)[0].get_body(("plain",)).get_content()
    assert 2 == len(keys)
    assert (1, 1, 1) == (body.count(LINK), *map(body.count, keys))


def test_judging_again_tells_nobody_twice(watched: World, server: Server) -> None:
    """An audit runs whenever the archive changes; only what is new is told."""
    posted(watched, "7", THREAT)
    first = alert(watched)
    watched.audit(NIGHT + timedelta(hours=1))
    again = alert(watched)
    posted(watched, "8", "I will shoot you, Marta Ostrowe.")

    assert ({"sent": 1}, {"already": 1}, {"sent": 1}) == (first, again, alert(watched))
    assert ["1 critical", "1 critical"] == [" ".join(one["Subject"].split()[3:5]) for one in letters(server)]


def test_a_threat_that_is_shown_again_after_its_deletion_is_told_again(watched: World, server: Server) -> None:
    """Its body was erased meanwhile; what stands there now is read as it is."""
    posted(watched, "7", THREAT)
    alert(watched)
    for days in (1, 2):
        watched.miss(LAKESIDE, "7", at=NIGHT + timedelta(days=days))
    watched.audit(NIGHT + timedelta(days=2))
    gone = alert(watched)
    watched.store(LAKESIDE, post("7", THREAT, FIRST_NIGHT), at=NIGHT + timedelta(days=3))
    watched.audit(NIGHT + timedelta(days=3))

    assert ({}, {"sent": 1}) == (gone, alert(watched))
    assert 2 == len(letters(server))


def edited(world: World, *texts: str) -> list[dict[str, int]]:
    """Lakeside's post as it read every two days, judged each time; how each alert ended."""
    ends = []
    for number, text in enumerate(texts):
        at = NIGHT + timedelta(days=2 * number)
        world.store(LAKESIDE, post("7", text, FIRST_NIGHT), at=at)
        world.audit(at)
        ends.append(alert(world))
    return ends


def test_a_threat_that_comes_back_is_told_again(watched: World, server: Server) -> None:
    """It was edited away and stands again: each time it comes back is told once."""
    ends = edited(watched, THREAT, "Have a nice day", THREAT, THREAT + " Soon.", "Have a nice day", THREAT)

    assert [{"sent": 1}, {}, {"sent": 1}, {"already": 1}, {}, {"sent": 1}] == ends
    assert 3 == len(server.got)


def test_an_edit_beside_a_threat_tells_nobody_twice(watched: World) -> None:
    """The near-miss: the words never went."""
    assert [{"sent": 1}, {"already": 1}] == edited(watched, THREAT, THREAT + " See you at nine.")


def test_what_was_told_before_reopenings_were_kept_is_not_told_twice(watched: World, server: Server) -> None:
    """Its first mail left after it had come back, under the day it first stood: that is how an upgrade finds it."""
    for day, text in ((0, THREAT), (2, "Have a nice day"), (4, THREAT)):
        watched.store(LAKESIDE, post("7", text, FIRST_NIGHT), at=NIGHT + timedelta(days=day))
    watched.audit(NIGHT + timedelta(days=5))
    [found] = [one for one in watched.archive.findings(account_key=LAKESIDE) if one.severity is Severity.CRITICAL]
    place = (f"alert:{found.key}", f"{found.opened_at:%Y-%m-%d}", 0, "duty@hq.example")
    watched.archive.claim_delivery(*place, "<1@hq.example>", watched.workplace.now)
    watched.archive.settle_delivery(*place, DeliveryState.SENT, "", watched.workplace.now)

    assert ({"already": 1}, []) == (alert(watched), server.got)


def test_what_a_person_has_settled_wakes_nobody(watched: World, server: Server) -> None:
    """Somebody looked before the mail left, and it was no threat."""
    posted(watched, "7", THREAT)
    for finding in watched.archive.findings(account_key=LAKESIDE):
        watched.archive.add_disposition(
            finding.key, DispositionState.FALSE_POSITIVE, "a line of a play", "staff", NIGHT
        )

    assert ({}, []) == (alert(watched), server.got)


def test_without_a_person_on_duty_headquarters_is_told(light: World, server: Server) -> None:
    """Nobody named means headquarters, not nobody."""
    world = light.at(NIGHT, mail=Mail(sender="chapterwatch@hq.example", host="127.0.0.1", port=server.port))
    posted(world, "7", THREAT)

    assert ({"sent": 1}, ["audit@hq.example"]) == (alert(world), list(server.recipients))


def test_a_mail_that_could_not_leave_is_tried_again(watched: World, server: Server) -> None:
    """Deferred is not told: the task is repeated, and then the mail goes out once."""
    server.refuses["duty@hq.example"] = "451 come back later"
    posted(watched, "7", THREAT)
    deferred = alert(watched)
    server.refuses.clear()

    assert ({"deferred": 1}, {"sent": 1}, 1) == (deferred, alert(watched), len(server.got))


def test_an_alert_that_was_refused_is_sent_again_when_a_person_says_so(watched: World, server: Server) -> None:
    """The mail server let nobody through to duty that day; by itself it is never tried again."""
    server.refuses["duty@hq.example"] = "550 blocked"
    posted(watched, "7", THREAT)
    refused = alert(watched)
    server.refuses.clear()
    by_itself = alert(watched)
    [stuck] = listed_deliveries(watched.workplace, None)
    again = resend_delivery(watched.workplace, stuck.key, "Dana, office", "their filter is mended")

    assert ({"refused": 1}, {"already": 1}, True) == (refused, by_itself, stuck.can_be_sent_again)
    assert "the next `chapterwatch alert` sends it" == how_it_goes_out(again)
    assert ({"sent": 1}, {"already": 1}, 1) == (alert(watched), alert(watched), len(server.got))


def test_an_alert_another_one_followed_is_not_sent_again(watched: World, server: Server) -> None:
    """The near-miss: the threat came back meanwhile and was told, which stands in its place."""
    server.refuses["duty@hq.example"] = "550 blocked"
    edited(watched, THREAT, "Have a nice day")
    server.refuses.clear()
    watched.store(LAKESIDE, post("7", THREAT, FIRST_NIGHT), at=NIGHT + timedelta(days=5))
    watched.audit(NIGHT + timedelta(days=5))
    told = alert(watched)
    [refused] = listed_deliveries(watched.workplace, None, states=["refused"])

    assert {"sent": 1} == told
    with pytest.raises(UserError, match="a later mail stands in its place"):
        resend_delivery(watched.workplace, refused.key, "Dana, office", "asked")


def test_a_threat_without_a_way_to_mail_is_a_mistake_to_mend(light: World) -> None:
    """Staying silent about a threat must not look like a quiet night."""
    world = light.at(NIGHT, mail=None)
    posted(world, "7", THREAT)

    with pytest.raises(UserError, match="no mail is configured"):
        alert_duty(world.workplace)
