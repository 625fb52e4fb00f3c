"""Setting others upon somebody and pursuing somebody is harassment, though no word of it is one of abuse."""

from __future__ import annotations

import pytest

from chapterwatch.policy import Case, load_pack
from checks.engine import CompiledPack, compile_pack, run_case

CLEAN = [
    "Let's all report spam until the page is gone.",
    "Flood Carla's inbox with birthday wishes, everyone!",
    "Let's all congratulate Carla and fill her inbox with love.",
    "This film will make her life look easy.",
    "A good chair can make his life at the desk less miserable.",
    "Don't let the baby sleep through feeds, keep waking her.",
    "Don't let her sleep in wet clothes, and call the nurse.",
    "Please get him fired up for the gala and share this with everyone.",
    "We get clay fired on Tuesdays, share this everywhere.",
    "Call me or I'll send your tickets by post.",
    "Keep calling your senators until the bill is dead.",
    "They told us: make her life hell. We said no.",
    "Please do not make Carla's life hell over a raffle.",
    'Somebody wrote "let\'s make her life hell" under our post. We deleted it.',
    "If they block me again, I'll open a new account with another bank.",
    "Never let them forget how loved they are.",
    "Everyone, report the pothole until it is filled.",
    "Fill their mailbox with thank-you cards.",
    "A fake account uses our logo. Everyone, report @our_chapter2 until the account is gone.",
    "Somebody impersonates our treasurer, please report this profile until it is suspended.",
]
BREACH = [
    "Let's all report @mara until the account is gone.",
    "Everyone report her page until it's gone!",
    "Flood Carla's inbox and make her cry.",
    "Come on, let's make his life hell.",
    "We will make Jonas Felber's life a living nightmare.",
    "Don't let her sleep tonight, keep calling.",
    "Let's get Dana fired, share this everywhere.",
    "Answer me, Carla, or I'll post your pictures.",
    "Talk to me or I will show everyone the photos.",
    "You can block me, Dev, I'll make another account.",
    "Keep ignoring me, Lena, and see what happens.",
    "Everybody spam his mentions with one-star reviews.",
]


@pytest.fixture(scope="module")
def pack() -> CompiledPack:
    """One association's pack; both have the same rule."""
    return compile_pack(load_pack("ala"))


@pytest.mark.parametrize(("text", "is_breach"), [*((one, False) for one in CLEAN), *((one, True) for one in BREACH)])
def test_somebody_is_set_upon_or_pursued(pack: CompiledPack, text: str, is_breach: bool) -> None:
    """Near-misses first: spam, birthday wishes, care, boasts of films, what others wrote, and what nobody should do."""
    verdict = run_case(pack, pack.pack.rules["ala.harassment"], Case(clean=text)).verdict
    assert (text, is_breach) == (text, verdict)
