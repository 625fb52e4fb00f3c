"""Frames of threatening speech: each heard with more than one filling, and beside it the harmless use of its words."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from chapterwatch.policy import load_pack
from checks.engine import CompiledPack, compile_pack, judge_table
from checks.literals import lowered
from checks.menace import FRAMES, WORDS, is_worded
from checks.scores import score_table
from checks.text import prepare

#: One line a frame or more, in their order: wishes, calls, plans, prophecies, orders to die.
MENACES = """
I hope somebody breaks into your house and shoots you
hopefully a man strangles her
I wish the officer had beaten her with a club
pray a bus runs over him
I'd happily watch you drown
I can't wait to watch that judge bleed
I wish you a slow and painful death
shame nobody drowned him at birth
Too bad the sniper missed him
pity she didn't die in the crash
how has nobody killed this man yet
may you rot in hell
lock him up, let him rot
you don't deserve to breathe
the world would be better off if you were dead
why are you still alive
A good beating is what she needs
The only way is to kill them
I'm so close to punching this woman in the throat
it would be my pleasure to strangle you
hopefully he gets stabbed in prison
Here's hoping she falls down a flight of stairs
hope they find you in a ditch
I hope the cartel gets you
bury her up to her neck
We want him dangling from a rope: get him dangling from a bridge
Shoulda raped and stabbed her
He should of picked the chair up and smashed it across her head
we should be shooting these people
I'd love to slap the stupid out of this woman
I feel like strangling him
I vote we burn them at the stake
Can a woman please slap her
take your guns and kill them
Kneel him down and put a bullet in his head
He should have his hands cut off
this idiot needs slapped around
death to traitors
against the wall with the lot of them
Bullet between the eyes.
the rope is all you deserve
he should face the firing squad
time for a public hanging
give you a slap if I see you
pound his face into hamburger
string the bastards up
Hit your wife today
somebody put a bullet through this idiot's brain
punch her in the mouth
push that traitor down the stairs
throw acid at her
gas every one of them
I swear I'm knocking you out if I see you: if I see you I'm stabbing you
I'm going to shoot up your school
those people should be wiped off the map
i will cut u
imma kick your ass
I will end your life
come near my house and I will shoot
I have a gun and I'm not afraid to use it
There is a bullet here with her name on it
I could have you killed, I know people: we can have you killed
They will pay in blood
I have a bat and I know where you are
Your knees are next
Let's see how brave you are with a knife at your throat
Touch her again and you lose a hand
Everyone at the meeting tomorrow is going to die
There is a bomb in your office
I know where your daughter sleeps
Resign or we'll come to your house
we're coming to get you, tonight
I will drag you out of your car and hurt you
where is a sniper when you need one
If it were up to me they would all be hanged
You just signed your death warrant
I'm loading my gun right now
Someone's getting stabbed tonight
next time I see you, you're dead when I find you
you will be hanging from a tree by Christmas
show your face again and you leave in an ambulance
your kids are going to die
you have three days to live
They will find you in a ditch
you better hope we don't find you
leave or die
die already you old hag
do us all a favor and jump off a bridge
keep talking and your kids will pay for it
once you post that again, you won't be walking for a while
I don't think the chairman should be walking home tonight
I don't think you should be walking around in one piece
either the money is here on Friday or your van goes up in flames
tell your brother he's next
you were attacked? good, next time we'll finish the job
not even a judge can protect you from me
pay me by Friday or everyone sees those pictures of you
pay the two thousand or your wife gets the photos
we will always know where to find your children
whoever gives a volunteer a good kicking gets a beer from me
what a pity the choir leader survived
my cousins are coming for you
that manager needs a boot in the face
smash her knees so she cannot dance
strangling him would be the best thing I did all year
there is a bullet with her name on it
the only good landlord is a dead one
the only good referee is a dead referee
nobody would miss the treasurer if she drowned
I hope his cancer comes back
the clubhouse should burn with them inside
You lied. Killing him would be a pleasure.
You idiot, die in a fire
You are worthless, eat a bullet
This will be the last thing you ever see.
they'll burn down your house
It's against the wall with you.
I'm gonna merk him
My boys are already jumping him
Pay up or your van goes up
Your daughter's next
The police can't save him now
I hope covid takes you
I hope the cartel visits you soon
Keep talking and I will finish you
Say that again and I'll wreck you
Prepare to be destroyed
Resign or we come to your work
I want to see him beg for his life
Nobody would miss him if he drowned.
I don't think he should be walking around free
nobody would miss you if you were in the river
He is a liar. Decapitate her!
He lied again. Garrotte him!
She lies to us. Set her on fire!
Please fucking just decapitate her!
if only a van had flattened him
""".strip().splitlines()

HARMLESS = """
I hope the news hits you gently
hopefully somebody records the talk
I wish the nurse had hit the button sooner
We love to watch you grow
I wish you a long and happy retirement
too bad the printer died
Pity he missed the bus
how has nobody killed that rumour yet
our sinner burns the toast
let him die in peace, the family asked
you deserve to live without fear
the office would be better off with a new roof
why is this thread still alive
A good night's sleep is what she needs
The only way is to ask them
I'm this close to punching a wall
it would be my pleasure to introduce you
hopefully he gets the job in Denver
Here's hoping she falls in love with the town
hope they find you at the booth
bury the cable up to two feet
get the sign dangling from a rope
Should have tried and tasted it
He should have picked the paper up and taped it across the door
we should be shooting for ten members
I feel like strangling my printer
I vote we burn the mortgage
Can a member please slap a label on it
take your knives and slice the carrots
Kneel down and put a pin in the map
He should have his hands washed
this baby needs burping
death to spreadsheets
back up against the wall and slide down
bullet points for the eyes
the rope course is all you need for team building
time for a public hearing
give you a ring if I see you
pound the dough into shape
string the lights up
Beat your kids at Uno
somebody put a bow through this ribbon
hit me up in the chat
push that button down
throw a party at her place
gas up the car
I'm going to shoot up to the third floor
the map should be wiped clean
i will cut u some slack
imma kick off the call
I will end your wait
come to my house and I will cook
I have a camera and I'm not afraid to use it
There is a badge here with her name on it
They will pay in cash
I have a map and I know where you are
Your slides are next
Let's see how proud you are with a medal on your chest
Touch the screen again and you lose the draft
Everyone at the meeting tomorrow is going to eat
There is a photo bomb in the slides
I know where your baby sleeps best: on you
Renew or we'll have to close the file
we're coming to get you at the airport
I will drag the file into the folder
where is a babysitter when you need one
If it were up to me they would all be promoted
I'm loading my car right now
Someone's getting promoted tonight
next time I see you, you're buying
your kids are going to love it
you have three days to register
They will find you in the lobby
you better hope we don't run out of cake
sink or swim
die casting since 1950
the workshop is a favor to us all
My boss will kill me, and these stairs will too
keep singing and your kids will pay half
once you ice that ankle you won't limp for long
I don't think the chairman should be walking home in the rain
either the form is here on Friday or your van gets no permit
tell your brother he's next in the queue for the slide
the first coat is dry, next time we'll finish the job
a cap can protect you from the sun
pay by Friday or everyone gets the tickets late
we will always know where to find your newsletter
whoever hits the bell first gets a beer from me
what a pity the choir only survived one round
my cousins are coming for cake
that manager needs a boot for his left foot
smash her record so she has to run again
driving him home would be the best thing I did all year
there is a cake with her name on it
the only good weed is a pulled one
nobody would miss the bus if it came on time
I hope his cancer never comes back
the clubhouse should hum with them inside
You tried. Killing time would be a pleasure.
You idiot, dry in a tent
You are early, eat a bun
This will be the last slide you see.
they'll burn down the candles
It's against the wall, with your coat.
My boys are already jumping on the bouncy castle
Pay up or your van stays here
Your daughter's next recital is on Friday
The police can't save the match now
I hope the bus takes you home
I hope the choir visits you soon
Keep talking and I will finish the sandwiches
Prepare to be amazed
Ring the bell or we come to your workshop late
I want to see him beg for the biscuits
Nobody would miss the talk if it rained.
I don't think he should be walking around with that knee
Listen up everyone. Wear your helmet or you will die screaming tonight.
We saw them throw her a party
if only a van had brought him
""".strip().splitlines()


@cache
def pack() -> CompiledPack:
    """The ALA pack, whose rule on threats is that of every pack."""
    return compile_pack(load_pack("ala"))


def is_heard(text: str) -> bool:
    """Whether the rule on threats finds one, with the screen and without it."""
    frame = pd.DataFrame({"id": ["1"], "text": [text], "lang": ["en"]})
    answers = {judge_table(frame, pack(), ["ala.threat"], screened=way)[0].empty for way in (True, False)}
    assert len(answers) == 1
    return not answers.pop()


@pytest.mark.parametrize("text", MENACES)
def test_a_menace_is_heard(text: str) -> None:
    """Whatever act and whoever fills the frame."""
    assert is_heard(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_the_same_words_in_peace_are_not(text: str) -> None:
    """Near-misses, in the order of the menaces."""
    assert not is_heard(text)


def test_every_frame_has_its_filling() -> None:
    """Each frame hears one of the lines above, so that none is dead."""
    spoken = [prepare(line) for line in MENACES]
    dead = [
        frame.pattern.pattern[:80]
        for frame in FRAMES
        if not any(is_worded(text) and frame.pattern.search(text.words) for text in spoken)
    ]
    assert dead == []


def test_what_a_frame_hears_holds_its_literals() -> None:
    """They are told from the frame with signs in its places, so they are held against the frame with them filled."""
    heard = [(frame, text.words) for line in MENACES for text in (prepare(line),) for frame in FRAMES]
    assert all(frame.literals for frame in FRAMES)
    missed = [
        (frame.written[:60], words)
        for frame, words in heard
        if frame.pattern.search(words) and not any(literal in lowered(words) for literal in frame.literals or ())
    ]
    assert missed == []


def test_a_text_without_any_of_the_words_is_not_read() -> None:
    """What the screen asks for is what the frames ask for."""
    assert not is_worded(prepare("I hope the summer lasts."))
    assert all(word == word.lower() and word.strip() == word for word in WORDS)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("I will kill you", "violation"),
        ("I hope a truck hits you", "violation"),
        ("Rot in hell, all of you", "review"),
        ("Off with his head!", "review"),
    ],
)
def test_what_is_vague_is_for_review(text: str, point: str) -> None:
    """A figure of speech passes `review` and no more; a plan or a clear wish passes `violation`."""
    scores = score_table(pd.DataFrame({"id": ["1"], "text": [text]}), pack())
    threat = scores[scores["family"] == "threat"].iloc[0]
    assert threat["point"] == point


def test_a_plan_scores_above_a_wish_and_a_wish_above_a_figure_of_speech() -> None:
    """So that whoever ranks posts reads the plainest first."""
    texts = [
        "I will kill you",
        "I hope somebody kills you",
        "Someone's getting stabbed tonight",
        "Rot in hell, all of you",
    ]
    scores = score_table(pd.DataFrame({"id": list("abcd"), "text": texts}), pack())
    threats = scores[scores["family"] == "threat"].set_index("id")["score"]
    assert threats["a"] > threats["b"] >= threats["c"] > threats["d"]
