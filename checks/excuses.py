"""What takes a word of abuse off a person: a part in a play, a warning of swindlers, a pet, teasing among friends.

The same word ("thief", "liar", "monster") accuses or does not by who is meant and by the frame it stands in. Each
pattern here is such a frame; words of abuse themselves stand in the lexicons. Patterns read `Text.words`: lower case,
without accents, handles and links masked.
"""

# ruff: noqa: E501 - grammars read better unbroken.

from __future__ import annotations

import re
from functools import lru_cache

from checks.lexicons import Hit
from checks.text import Text

#: How far a frame may stand from the word it excuses; a post can be one sentence of 60,000 characters.
_REACH = 160

_WORK = (
    r"(?:plays?|musicals?|operas?|operettas?|films?|movies?|novels?|books?|stor(?:y|ies)|tales?|comed(?:y|ies)|traged(?:y|ies)"
    r"|dramas?|sitcoms?|series|shows?|panto(?:mime)?s?|sketch(?:es)?|skits?|ballets?|comics?|cartoons?|manga|anime|games?|board game"
    r"|escape rooms?|larp|murder mystery|parades?|pageants?|costumes?|carnivals?|poems?|legends?|myths?|acts?|scenes?"
    r"|episodes?|sequels?|remakes?|productions?|quests?|fables?|nativity play|screenplay|plot)"
)
_ORDER = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|i+v?|\d+)"
#: "… in the first act", "… in our escape room", "… in Act Two"; "in my book" is a way of speaking.
_IN_A_WORK_AFTER = re.compile(
    rf"(?:\s[\w'-]+){{0,4}}?\s(?:in|of|on|for|from)\s(?:(?:the|this|that|our|an?|every|his|her|their|each|one|some)\s(?:[\w'-]+\s){{0,3}}?)?"
    rf"(?:{_WORK})(?![\w'])|(?:\s[\w'-]+){{0,4}}?\sby\sprofession(?![\w'])"
)
#: "In chapter four …", "In the game …", "On page one …".
_IN_A_WORK_BEFORE = re.compile(
    rf"(?:^|[,;:]\s)(?:in|on|by|throughout)\s(?:(?:the|this|that|our|an?|every|each)\s(?:[\w'-]+\s){{0,3}}?{_WORK}(?![\w'])"
    rf"|(?:act|scene|chapter|part|episode|season|book|volume)\s{_ORDER}(?![\w']))"
)
#: "plays the …", "dressed as a …", "in the role of the …", right before the word.
_PART = re.compile(
    r"(?<![\w'])(?:play(?:s|ed|ing)?|cast as|dress(?:es|ed|ing)?(?: up)? as|disguised as|(?:the|a) (?:role|part) of|(?:role|part) as"
    r"|(?:appear|star|stars|starring|auditions?|auditioned)(?:s|ed|ing)? (?:as|for)|portray(?:s|ed|ing)?|voices|sings)"
    r"(?:\s(?:the|an?|our|this|that|his|her|one|both|every|evil|wicked|old|young|mean|poor|[\w-]+ly|first|second|main|two|three)){0,4}\s$"
)
#: Who lives in a story: "the villain is a …", "the wolf is a …".
_CHARACTER = re.compile(
    r"(?<![\w'])(?:the|our|this|that|a|its|his|her)\s(?:[\w'-]+\s){0,2}?(?:villain|hero|heroine|antihero|narrator|protagonist|antagonist"
    r"|characters?|wolf|giant|dragon|butler|detective|knight|pirate|captain hook|sorcerer|stepmother|ogre|sheriff of nottingham"
    r"|prince|princess)(?:\s(?:of|in|from)(?:\s[\w'-]+){1,4}?)?\s(?:is|was|are|turns out|proves|becomes|remains)(?![\w'])[^.!?]{0,30}$"
)
_BEAST = (
    r"(?:cats?|kittens?|kitt(?:y|ies)|dogs?|pupp(?:y|ies)|pups?|hounds?|seagulls?|gulls?|raccoons?|racoons?|squirrels?|horses?|pon(?:y|ies)"
    r"|hamsters?|guinea pigs?|rabbits?|bunn(?:y|ies)|goats?|parrots?|budgies?|birds?|magpies?|crows?|geese|goose|swans?|ducks?|hens?"
    r"|chickens?|roosters?|cockerels?|foxe?s?|mouse|mice|bears?|monkeys?|ferrets?|tortoises?|turtles?|snails?|slugs?|bees?|wasps?"
    r"|mosquito(?:es)?|ants?|spiders?|alpacas?|llamas?|sheep|lambs?|piglets?|possums?|pigeons?|labradors?|terriers?|poodles?)"
)
_THING = (
    r"(?:printers?|copiers?|photocopiers?|projectors?|laptops?|computers?|phones?|machines?|cars?|vans?|bus|buses|trains?|bikes?|elevators?"
    r"|lifts?|weather|wind|rain|snow|winter|summer|traffic|software|app|apps|spreadsheets?|passwords?|wifi|internet|server|scanner"
    r"|toasters?|ovens?|kettles?|fridge|vacuums?|hoover|boiler|thermostat|alarm(?: clock)?|scales?|forecast|calendar|clock|virus|flu"
    r"|colds?|hangover|migraine|deadlines?|mondays?|meetings?|stapler|shredder|autocorrect|keyboard|monitor|chair leg|ladder|door|stairs?"
    r"|recipe|oven|traybake|pump|pumps|bottle|gps|satnav|sat nav|roof|carpet|jeans|shoes)"
)
#: Pets and things that are told off: "our cat Pig is a lazy …", "the printer is a …".
_NO_PERSON = re.compile(
    rf"(?<![\w'])(?:(?:the|our|my|your|his|her|their|this|that|these|those|an?|what an?|some|every|most|all)\s(?:[\w'-]+\s){{0,3}}?|^)"
    rf"(?:{_BEAST}|{_THING})(?:'s)?(?:\s[\w'-]+)?\s(?:is|are|was|were|acts like|looks like|sounds like|can be|remains)(?![\w'])[^.!?;]{{0,60}}$"
)
#: A weakness smiled at: "a coward about spiders", "an idiot with numbers", "a monster before coffee".
_MILD_MATTER = re.compile(
    r"\s(?:about|around|with|at|before|without|when it comes to|where|on)\s(?!(?:no|an?|the|this|that|these|those|his|her|their|our|your|my"
    r"|him|me|us|you|it|work|home|least|everything|everyone|money)(?![\w']))[\w'-]+"
)
_MILD_WORDS = frozenset(
    {
        "coward",
        "cowards",
        "wimp",
        "wimps",
        "idiot",
        "idiots",
        "moron",
        "fool",
        "fools",
        "monster",
        "beast",
        "maniac",
        "dunce",
        "snob",
    }
    | {
        "clown",
        "psycho",
        "lunatic",
        "klutz",
        "nerd",
        "sucker",
        "brat",
        "pig",
        "devil",
        "useless",
        "pathetic",
        "hopeless",
        "baby",
    }
)
#: Who calls himself names, and whom others call them: said of, not said.
_CALLED = re.compile(
    r"(?<![\w'])(?:call(?:s|ed|ing)?|nam(?:e|es|ed|ing)|label(?:s|l?ed|l?ing)?|nickname(?:s|d)?)\s(?:you|me|us|him|her|them|himself|herself"
    r"|themselves|itself|myself|ourselves|anyone|anybody|someone|somebody|people|others|newcomers|one another|each other|(?:my|our) [\w-]+)"
    r"\s(?:(?:an?|the|just|such|so|really|complete|total|absolute|\w+ly)\s){0,3}$"
)
_I_CALL = re.compile(r"(?<![\w'])(?:i|i'd|i'll|we|we'd|let's|let me|can only|would)(?:\s[\w']+){0,3}\s$")
#: "What an idiot! says the hero": a voice told of, right behind the words.
_VOICE = re.compile(
    r"[\s!?.,\"'”’)]{1,4}(?:says|said|cries|cried|shouts|shouted|thinks|thought|sings|asks|asked|laughs|laughed|whispers|whispered|goes|wrote"  # noqa: RUF001
    r"|yells|yelled)\s(?:the|an?|my|our|her|his|one|somebody|someone)\s"
    r"|,\s(?:i|we) (?:was|were|am|are|have been|had been|get|got) (?:often |once |always )?told(?![\w'])|,\s(?:they|she|he|people) (?:told|tell|tells) me(?![\w'])"
    r"|'s\s(?:nightmare|guide|paradise|dream|errand|tale|charter|bench|bargain)(?![\w'])"
)
#: Whose trade is telling lies on the phone: a warning names a way in and says what to do.
_SWINDLERS = frozenset(
    {
        "fraud",
        "frauds",
        "fraudster",
        "fraudsters",
        "crook",
        "crooks",
        "thief",
        "thieves",
        "scum",
        "scumbags",
        "criminal",
        "criminals",
        "liar",
    }
    | {
        "liars",
        "con man",
        "con men",
        "con artist",
        "con artists",
        "scammer",
        "scammers",
        "swindler",
        "swindlers",
        "crooked",
        "leeches",
    }
    | {"parasites", "vultures", "evil", "despicable", "dishonest", "lowlifes", "lowlife", "shameless"}
)
_WAY_IN = re.compile(
    r"(?<![\w'])(?:calls?|callers?|calling you|phone|texts?|text messages?|sms|e-?mails?|mails?|messages?|links?|websites?|sites?|profiles?"
    r"|accounts?|letters?|invoices?|door|doorstep|parcel|qr codes?|warranty|tax office|irs|bank|gift cards?|scams?|phishing|robocalls?|whatsapp)"
    r"(?![\w'])"
)
_WARNED = re.compile(
    r"(?<![\w'])(?:hang up|delete (?:it|them|the)|do(?:n't| not) (?:click|open|answer|reply|pay|pick up|fall|share|send|give|trust|call)"
    r"|never (?:click|open|answer|reply|pay|give|share|send|call|ask)|beware|watch out|be careful|careful|ignore (?:it|them|the)|block (?:it|them|the)"
    r"|report (?:it|them|the|such)|pretend(?:s|ing)?|claim(?:s|ing)? to be|impersonat\w+|fake|password|pin|scams?|phishing|warning|alert|stay safe"
    r"|warrant(?:y|ies)|protect yoursel(?:f|ves)|is not (?:us|from us)|isn't (?:us|from us)|swindle\w*)(?![\w'])"
)
#: What has been for long: figures of history and of scripture.
_HISTORY = re.compile(
    r"(?<![\w'])(?:histor(?:y|ies|ian|ians|ical|ic)|centur(?:y|ies)|medieval|tudors?|romans?|ancient|emperors?|kings?|queens?|pharaohs?"
    r"|dynast(?:y|ies)|museums?|castles?|palaces?|tour guide|guides?|literature|lectures?|shakespeare|napoleon|empires?|revolution|mytholog(?:y|ies)"
    r"|monuments?|statues?|biograph(?:y|ies|er)|bible|judas|brutus|nero|caesar|1[0-8]\d\d)(?![\w'])"
)
_WAS = re.compile(r"(?<![\w'])(?:was|were|had been|called|known as)(?:\s[\w'-]+){0,4}\s$")
_TODAY = re.compile(
    r"(?<![\w'])(?:our|your|my|the) (?:president|treasurer|chair|secretary|board|committee|leader|member|boss|manager)s?(?![\w'])"
)
_SPORT = re.compile(
    r"(?<![\w'])(?:goal(?:s|ie|keeper|keepers)?|striker|midfielder|defender|pitcher|batter|quarterback|linebacker|referee|league|season|matches"
    r"|match|inning|innings|playoffs?|tournament|penalty|offside|touchdown|tackle|relay|marathon|treadmill|sprint|laps|gym|crossfit|squash|tennis"
    r"|football|soccer|rugby|cricket|hockey|baseball|basketball|team mate|teammate|coach|points|yards|kilomet(?:er|re)s|km|miles)(?![\w'])"
)
#: Words of abuse that are as often a pat on the back.
_PLAYFUL = frozenset(
    {
        "monster",
        "beast",
        "animal",
        "animals",
        "devil",
        "scoundrel",
        "scoundrels",
        "rascal",
        "rogue",
        "goose",
        "goof",
        "goofball",
        "dork",
        "softie",
    }
    | {
        "menace",
        "villain",
        "muppet",
        "muppets",
        "brute",
        "maniac",
        "psycho",
        "freak",
        "nerd",
        "thief",
        "thieves",
        "witch",
        "savage",
        "weirdo",
    }
    | {
        "bad influence",
        "terrible influence",
        "doofus",
        "loon",
        "loons",
        "fruitcake",
        "punk",
        "punks",
        "machine",
        "lunatic",
        "nut",
        "clown",
    }
)
#: Those of them that need no friendly word beside them to be doubted.
_SOFT = _PLAYFUL - {
    "thief",
    "thieves",
    "witch",
    "psycho",
    "freak",
    "lunatic",
    "clown",
    "fruitcake",
    "punk",
    "punks",
    "savage",
    "weirdo",
    "animals",
}
_FRIENDLY = re.compile(
    r"(?<!\w)(?:(?:love|adore) (?:you|ya|him|her|them|this|it)|we love|love(?=[!.]*$)|miss (?:you|ya)|congrat\w*|thank you|thanks|proud of (?!yoursel)|you rock"
    r"|lol|haha+|hehe+|jk|just kidding|kidding|see (?:you|ya) (?:at|on|soon|tomorrow|later|there|then|next|tonight|all)|hugs?|xx+|xoxo|x(?=\s*$)"
    r"|happy birthday|bravo|well done|cheers|welcome back|good luck|get well|my dear|bless|darling|sweetie|mate|pal|buddy"
    r"|😂|🤣|😜|😉|❤️?|😘|🥰|🤗|😄|😆|😅|💕|💖|;\)|:\)|:p|:d)"
)
#: What was done with gusto, behind the comma: "you monster, you finished the cake".
_PRANK = re.compile(
    r"(?:\s*[,!.:-]+\s*)(?:you|who|that was)(?:'ve| have)?\s(?:again\s|just\s|really\s|actually\s)?(?:hid|finished|ate|stole|beat|baked|made|ran|won|took"
    r"|bought|nicked|got|knitted|brought|did it|remembered|walked|smashed|crushed|nailed|broke the)(?![\w'])|\s*!+\s(?:\d[\d,.]*|two|three|four|five|six"
    r"|seven|eight|nine|ten|twelve|twenty|thirty|forty|fifty|sixty|a hundred|one hundred|first place|gold)(?![\w'])"
)
_ASKS = re.compile(
    r"(?:^|[,:;]\s)(?:is|was|are|were|can|could|would|does|do|did|may|might|must)\s(?!it\s(?:true|right))"
)
_NO_QUESTION = re.compile(r"\bor (?:what|something|just)\b|\bhow (?:stupid|dumb)\b|\byou\b")
_IS_A = re.compile(
    r"(?<![\w'])(?:is|are|was|were|am|be|being|been|you|'s|'re|such|what|that|this|these|those|@\S+)(?:\s[\w'-]+){0,3}\s$"
)


def is_excused(text: Text, hit: Hit, *, spoken_to: bool) -> bool:
    """Whether a word of abuse is said of nobody who could be hurt by it.

    Args:
        text: the whole post.
        hit: the word.
        spoken_to: whether it is said to "you", to a handle or of a name of the roster: then only frames count that say
            so in so many words.
    """
    start, end = text.sentence_at(hit.start)
    before, after = (
        text.words[max(start, hit.start - _REACH) : hit.start],
        text.words[hit.end : min(end, hit.end + _REACH)],
    )
    if _PART.search(before) or _is_told(text, hit, before) or _is_of_swindlers(text, hit):
        return True
    if _is_teasing(text, hit):
        return True
    if spoken_to:
        return False
    return (
        _is_in_a_work(before, after)
        or bool(_NO_PERSON.search(before))
        or (hit.term in _MILD_WORDS and bool(_MILD_MATTER.match(after)))
        or _is_of_history(text, before)
        or _is_asked(before, text.words[hit.end : end])
        or (hit.term in _PLAYFUL and bool(_SPORT.search(text.words[start:end])))
        or _is_a_title(text, hit, before)
    )


def doubt(text: Text, hit: Hit, *, spoken_to: bool) -> float:
    """What a word of abuse still counts, 0..1: friendly words stand around it, or it is said softly to somebody."""
    friendly = 0.6 if is_friendly(text) else 1.0
    return friendly * (0.55 if spoken_to and hit.term in _SOFT else 1.0)


@lru_cache(maxsize=16)
def is_friendly(text: Text) -> bool:
    """Whether a post has words or signs of affection."""
    return bool(_FRIENDLY.search(text.plain))


def _is_teasing(text: Text, hit: Hit) -> bool:
    if hit.term not in _PLAYFUL:
        return False
    return is_friendly(text) or bool(_PRANK.match(text.words, hit.end))


def _is_in_a_work(before: str, after: str) -> bool:
    if "in my book" in after:
        return False
    return bool(_IN_A_WORK_AFTER.match(after) or _IN_A_WORK_BEFORE.search(before) or _CHARACTER.search(before))


def _is_told(text: Text, hit: Hit, before: str) -> bool:
    called = _CALLED.search(before)
    if called and not _I_CALL.search(before[: called.start()]):
        return True
    return bool(_VOICE.match(text.words, hit.end))


def _is_of_swindlers(text: Text, hit: Hit) -> bool:
    return hit.term in _SWINDLERS and _is_a_warning(text)


@lru_cache(maxsize=16)
def _is_a_warning(text: Text) -> bool:
    return bool(_WARNED.search(text.words)) and bool(_WAY_IN.search(text.words))


def _is_of_history(text: Text, before: str) -> bool:
    return bool(_WAS.search(before)) and not _TODAY.search(before) and bool(_HISTORY.search(text.words))


def _is_asked(before: str, rest: str) -> bool:
    asks = _ASKS.search(before)
    if not asks or not rest.rstrip().endswith("?"):
        return False
    return not _NO_QUESTION.search(before[asks.start() :] + rest)


def _is_a_title(text: Text, hit: Hit, before: str) -> bool:
    """A word with a capital in the middle of a sentence, where nobody is said to be it: "The Miser", "Lazy Cows"."""
    written = text.cut(hit.start, hit.end)
    if not before.strip() or not written[:1].isupper() or written.isupper() or _IS_A.search(before):
        return False
    words = [word for word in text.cut(*text.sentence_at(hit.start)).split() if word[:1].isalpha()]
    return sum(word[0].isupper() for word in words) * 2 <= len(words) + 2
