"""How a sentence is hostile to a group: which groups it names, and what is said of them.

A group is a noun ("immigrants"), an adjective with a noun for people ("deaf kids", "the elderly"), or "they" after one
of these. From a group the sentence is read word by word, forwards and backwards, over words that may stand between a
subject and what is said of it ("are all just", "should never"), until a hostile predicate of the lexicon stands there
or another word does. What the lexicon's senses mean for the sentence is told in `_SAID_AFTER` and `_SAID_BEFORE`.
"""

# ruff: noqa: E501 - grammars read better unbroken.

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from checks.lexicons import Hit
from checks.text import Text


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: Nouns for people that make a group of an adjective.
_PEOPLE = re.compile(
    r"[\s-](?P<head>people|persons?|folks?|men|women|man|woman|wom[xy]n|guys?|girls?|boys?|kids?|child(?:ren)?|babies"
    r"|families"
    r"|family|couples?|communit(?:y|ies)|students?|mothers?|moms?|mums?|fathers?|dads?|parents?|ladies|lady|males?"
    r"|females?"
    r"|immigrants?|migrants?|refugees?|workers?|teachers?|neighbou?rs?|individuals?|citizens?|colleagues?|lot|race"
    r"|population|ones|youths?|dudes?|minorit(?:y|ies)|wives|wife|husbands?|teens?|teenagers?|doctors?|drivers?"
    r"|politicians?"
    r"|athletes?|actors?|pastors?|priests?|tourists?|settlers?|believers?|schools?|neighbou?rhoods?|countries|culture"
    r"|americans?|asians?|africans?|europeans?|jews?|muslims?|christians?|employees?|bosses|boss|leaders?|nurses?"
    r"|clients?"
    r"|adults?|relationships?|marriages?|lifestyles?|rights|agenda|men and women|women and men)(?!\w)"
)
_ONE = frozenset(
    {"person", "man", "woman", "guy", "girl", "boy", "kid", "child", "family", "couple", "student", "mother", "mom"}
    | {"mum", "father", "dad", "parent", "lady", "male", "female", "immigrant", "migrant", "refugee", "worker", "wife"}
    | {"teacher", "neighbor", "neighbour", "individual", "citizen", "colleague", "youth", "dude", "teen", "boss", "jew"}
    | {"teenager", "doctor", "driver", "politician", "athlete", "actor", "pastor", "priest", "tourist", "leader"}
    | {"husband", "believer", "american", "asian", "african", "european", "muslim", "christian", "employee", "nurse"}
    | {"client", "adult", "settler"}
)
#: Adjectives that mean everybody of the kind after "the".
_COLLECTIVE = re.compile(
    r"(?:disabled|deaf|blind|elderly|mentally ill|homeless|obese|handicapped|autistic|unvaccinated)$"
)
#: "the gays": an adjective that took the plural.
_THEY = re.compile(
    r"(?<![\w'])(?:they|them|these people|those people|such people|people like (?:them|that|this))(?![\w])"
)
_PLURAL = re.compile(
    r"(?:s|men|people|folk|kids|children|jewry|chinese|japanese|vietnamese|portuguese|swiss|amish|roma|inuit|inuits"
    r"|french|irish|english|british|dutch|polish|welsh|spanish|disabled|deaf|blind|handicapped|elderly|poor|old"
    r"|homeless|obese|ill|womankind|wom[xy]n|wimmin|infirm|crippled|islam|judaism|catholicism|christianity|hinduism"
    r"|homosexuality|bisexuality|feminism|transgenderism|lgbt\w*\+?|agenda|lifestyle|migration|community|culture"
    r"|race|sex|brain|gen z|women with .*|people .*|men who .*|women who .*|women in .*|being \w+|blackness|whiteness"
    r"|autistic|latinx|bame|bipoc|unvaccinated|unemployed|caste|gayness|transness|love|marriage)$"
)
#: "my", "some", "two": not the group as such.
_SOME = re.compile(
    r"(?<![\w'])(?:my|our|your|his|her|their|its|some|few|two|three|four|five|six|seven|eight|nine|ten|several"
    r"|certain"
    r"|\d+|this|that|which|another|one)\s+(?!(?:opinion|view|experience|book|eyes|mind|honest opinion"
    r"|humble opinion)\s+$)"
    r"(?:\w+\s+)?$"
    r"|(?<![\w'])(?<!every )(?<!each )(?<!last )(?:one|two|three|four|five|six|some|few|several"
    r"|\d+) of (?:the|our|these|those)\s+$"
)
_ANY_ONE = re.compile(
    r"(?<![\w'])(?:an?|every|any|no|each|another|more|filthy|dirty|stupid|fucking|damn|goddamn|you)\s+$"
)
#: "girls who …" are some, not the group; "men's lunch" is a lunch.
_RESTRICTED = re.compile(r"\s+(?:who|that|which|whose|whom)(?!\w)|'s?(?!\w)|'(?=\s)")
_WORD = re.compile(r"\s*(?:[^\W_]+(?:['-][^\W_]+)*|[,=&])")
_LINK = re.compile(
    r"(?:\s*[(]|\s+(?:from|in|of|around|on|over|with)(?:\s+(?:the|this|that|our|my|all|a"
    r"|other))?\s+\w+(?:\s+\w+)?(?=\s+[\w'])"
    r"|\s+(?:and|or|&|/)(?:\s+\w+)?\s+\w+(?=\s+[\w'])|\s+who(?=\s+(?:are|is)\s+all))"
)

_BE = frozenset(
    {"are", "is", "were", "was", "r", "be", "being", "been", "remain", "seem", "look", "sound", "smell", "feel"}
    | {"they're", "theyre", "you're", "youre", "ur", "=", "am", "acting", "act", "behave", "called", "look", "looks"}
    | {"seems", "become", "became", "becoming", "have been", "smells", "acts", "behaves", "makes", "considered"}
)
#: The same in Spanish, French, German and Portuguese, as the plain view shows them: without accents.
_BE_ELSEWHERE = _words("son eran sois sont etaient sind waren sao eram parecen parecem")
_NOT_ELSEWHERE = _words("ne pas jamais nunca nicht nie kein keine keinen nao jamas n'est ni")
_GLUE_ELSEWHERE = _words(
    "todos todas unos unas solo solamente nada mas que como muy tan la el los las de un una tous toutes des les "
    "une comme tres rien si alle nur nichts als wie ein eine die der das sehr so doch eh um uma uns umas apenas "
    "muito muitos tao o a os as realmente vraiment wirklich simplemente siempre toujours immer sempre"
)
_MODAL = frozenset(
    {
        "should",
        "must",
        "shall",
        "ought",
        "need",
        "needs",
        "has",
        "have",
        "deserve",
        "deserves",
        "better",
        "gotta",
        "can",
    }
    | {"will", "could", "may", "needed", "oughta", "supposed", "would", "they'll", "they'd", "hope", "please", "just"}
)
_NOT = frozenset(
    {"not", "never", "no", "aint", "ain't", "aren't", "arent", "isn't", "isnt", "don't", "dont", "doesn't", "doesnt"}
    | {"shouldn't", "shouldnt", "can't", "cant", "cannot", "won't", "wont", "weren't", "wasn't", "haven't", "hasn't"}
    | {"mustn't", "couldn't", "wouldn't", "without", "neither", "nor", "hardly", "barely", "lack"}
)
_BE_NOT = frozenset({"aint", "ain't", "aren't", "arent", "isn't", "isnt", "weren't", "wasn't"})
_BELONG = frozenset(
    {"belong", "belongs", "stay", "stays", "go", "goes", "live", "sit", "remain", "put", "kept", "keep"}
)
#: Words that change nothing between a subject and what is said of it.
_GLUE = _words(
    "all just such so nothing but more than a an the bunch of like literally basically simply always too really "
    "fucking fuckin mostly by nature only no better naturally born pure total absolute real complete full "
    "disgusting filthy dirty stupid lazy worthless little big and even still also ever do does did truly honestly "
    "actually probably generally usually often obviously clearly all-in-all to be being very quite pretty rather "
    "some kind sort type form worst biggest most least same goddamn damn bloody freaking frickin effing "
    "absolutely completely totally utterly inherently genetically biologically innately forever everywhere today "
    "now these days here their our your us my in at for with as much them themselves ones people men creatures "
    "beings things or both either one thing it's it about every single each any other evil sick ugly nasty old "
    "new own place belong belongs stay go back live sit keep kept put remain get gets got that's what is are "
    "seriously frankly lot lots many well anyway again day time away together"
)
_MOST_WORDS = 9
#: From this weight on a noun of contempt is one whatever it stands beside.
_PLAIN = 0.9
_ASKED = re.compile(
    r"(?<!\w)(?:why|how come|how|when)\s+(?:\w+\s+)?(?:are|is|do|did|must|were|can't|don't|does)?(?:\s+(?:all|the"
    r"|these|those|so|most))*\s*$"
)
#: "Why are … still allowed to", "since when can … vote": a right is asked about so that it be taken away.
_WHO_LETS = re.compile(
    r"(?<!\w)(?:why(?: on earth| the hell| the fuck)?|how come|since when|who|whose idea was it that)"
    r"(?: do we| do they| does anyone| would anyone| the hell| the fuck)*\s+(?:are|is|were|do|can|let|lets|allow"
    r"|allows|allowed|gave"
    r"|give)(?:\s+(?:all|the|these|those|any|so many|filthy|dirty|stupid|fucking))*\s*$"
)
_ALLOWED = re.compile(
    r"\s+(?:even |still |all |actually |always )*(?:(?:allowed|permitted|free|entitled)(?: to (?!suffer|be (?:treated"
    r"|hurt|paid less))|(?= (?:in|"
    r"into|near|around|out|here|anywhere)\b) )|(?=(?:vote|drive|lead|marry|adopt|breed|teach our|hold office"
    r"|reproduce)\b))"
    r"[\w']+(?: [\w']+){0,2}"
)
_ASKED_BE = re.compile(r"(?<!\w)(?:are|is|aren't|isn't)(?!\w)")
_EXCLAIMED = re.compile(
    r"(?:how|what)\s+(?P<said>[\w'-]+(?:\s+[\w'-]+)?)\s+(?:these\s+|those\s+|all\s+|the\s+|most\s+)*$"
)
#: "should be …": somebody moved like a thing, wherever to.
REMOVED = re.compile(
    r"(?:thrown|chased|driven|shipped|sent|kicked|tossed|hurled|pushed|forced|marched|dumped|locked|hauled|dragged"
    r"|herded|packed"
    r"|loaded|shoved|chained|flung|bundled|carted|dropped|booted|swept|wiped|washed|cleared|flushed)"
    r"(?: \w+){0,2}? (?:away|out|off|back|across|into|in|overboard|from|to|on|onto|down|under|behind|over|up)(?!\w)"
)
_AS_A = re.compile(r"(?<!\w)as an?\s+(?:\w+\s+)?$|(?<!\w)(?:you(?:'re| are)?|ur)\s+(?:just\s+|only\s+)?an?\s+$")
_YOU_AFTER = re.compile(r"\s*,?\s*you(?=(?:'re|\s|'ll|'d))")
_MANY = re.compile(r"(?:(?<!i)s|men|people|folks|kids|children)$")
_SUPPOSED = re.compile(r"(?<!\w)(?:if|unless|suppose|imagine|whether|until)\s+(?:all\s+|only\s+|these\s+)?$")

#: Words that may stand between what is said and the group after it.
_BEFORE_GLUE = _words(
    "all the these those any more out every each fucking fuckin damn goddamn of you a an them single such as for "
    "about by to up down filthy dirty stupid illegal ugly nasty lazy little old bloody freaking most and with "
    "from our this that los las les des aux die den der os alle todos todas tous in away off back fat on at so "
    "your so-called other one last smelly disgusting evil rich poor young next first"
)
_MOST_BEFORE = 5
#: "no more", "ban", "kill": only as an order or as the speaker's own feeling.
_SPEAKER = re.compile(
    r"(?:^|[.!?:;\n\"(]\s*|(?<![\w'])(?:i|we|i'm|im|i am|we're|we are|let's|lets|should|must|please|(?:time|need|want"
    r"|love|like|going|got|have|ought"
    r"|best|best thing is|how about we) to|can't|just|really|gonna|will|i'll|we'll|i'd|would|could|wanna|so|always"
    r"|still|better|dont|don't|truly"
    r"|absolutely|honestly|personally|go|ever|never|even|totally|utterly|why i|gotta|now|yo|je|ich|eu|que|wir)\s+)$"
)
#: "I really have", "we are so": the speaker before a feeling of the speaker's own.
_I_FEEL = re.compile(
    r"(?<![\w'])(?:i|we)(?:'ve|'d|'ll|'m|'re|m|ve)?(?: (?:have|got|feel|am|are|will|would|do|just|still|so|too|also"
    r"|only"
    r"|pretty|kinda|always|even|must say i|openly|fucking|\w+ly)){0,4}\s+$"
)
_NO_SPEAKER = re.compile(
    r"(?<![\w'])(?:who|that|which|he|she|they|you|people|men|women|anyone|someone|somebody|everyone|nobody|not|never"
    r"|no one"
    r"|don't|didn't|doesn't|won't|wouldn't|refuse|stop|wanted|tried|used|trying|try|want|wants|tends?|to not|cannot"
    r"|can't"
    r"|isn't|aren't)\s+(?!(?:should|must|ought|needs?|has|please)\b)(?:\w+\s+){0,3}$"
)
_HERE = re.compile(
    r"\s+(?:around |anywhere |allowed |living |moving |coming )?(?:here|out|away|in (?:our|my|this|the|charge|power"
    r"|office)|on (?:our|my)"
    r"|near|as (?:my|our)|at (?:our|my|this)|allowed|to (?:move|live|lead|vote|teach|work|come))(?!\w)|[.!]*$"
)
_GENTLE = frozenset({"hurt", "harm", "beat", "kick", "deny", "control", "stop the", "blame", "put all", "send all"})


#: The group belongs to somebody else's doing: "those who hate …", "lies about …", "nobody should bully …".
_OTHERS_DOING = re.compile(
    r"(?<![\w'])(?:(?:who|whoever|nobody|no one|anyone|anybody)(?: \w+){0,2}? (?:hates?|hated|despises?|mocks?|mocked"
    r"|insults?|insulted|attacks?|attacked|hurts?|harms?|threatens?|bull(?:y|ies)|fears?|abuses?|blames?"
    r"|kills?|killed"
    r"|calls?|discriminates? against)"
    r"|(?:murders?|killings?|abuse|mistreatment|persecution|exclusion|mocking|bullying|beating|insulting|lies"
    r"|jokes|prejudices?|hatred|hate|rumou?rs|myths|news|stories|remarks|comments|slurs|violence|attacks?"
    r"|crimes?|insults|laws|discrimination|stereotypes|propaganda|nonsense) (?:about|against|towards?|on|of))"
    r"(?: all| the| our| these| those)*\s+$"
    r"|(?<![\w'])because (?:he|she|they|we|i)(?:'s|'re|'m| is| are| was| were| am)(?: an?| all)?\s+$"
    r"|(?<![\w'])(?:let's|lets|we must|help|please|to) (?:end|stop)(?: the| all)? (?:\w+ing|hate|hatred|murder"
    r"|abuse)(?: of| against)?\s+$"
)
_MY_HATRED = re.compile(
    r"(?<![\w'])(?:my|our) (?:\w+ )?(?:hatred|contempt|disgust|loathing|hate) (?:for|of|towards?)(?: all| the"
    r"| these| those)*\s+$"
)
#: "The world would be nicer if there were no …", "the fewer … the better": they are wished away.
_NO_SUCH = re.compile(
    r"(?<![\w'])(?:better|nicer|cleaner|safer|happier|richer|paradise|heaven|bliss|wonderful|peaceful"
    r"|perfect)(?: \w+){0,3}?"
    r" (?:if (?:there (?:were|was)|we had) (?:no|none of(?: the| these)?|fewer)|without(?: any| all)?(?: the"
    r"| these)?)\s+$"
)
_FEWER = re.compile(r"(?<![\w'])the (?:fewer|less)\s+$")
_THE_BETTER = re.compile(r"[^.!?\n]{0,40}? the better(?!\w)")
#: "Nobody wants …", "no decent person would hire …", and then nothing more or "here".
_UNWANTED = re.compile(
    r"(?<![\w'])(?:nobody|no one|no-one|none of us|no (?:normal|decent|sane|sensible|real|self-respecting"
    r"|right-minded) (?:\w+))"
    r" (?:wants?|likes?|needs?|asked for|respects?|misses|would (?:ever )?(?:miss|want|like|hire|marry|trust)"
    r"|will (?:ever )?(?:miss|love|want|trust)|can (?:ever )?(?:trust|stand|respect))(?: any| those| these| all)*\s+$"
)
_NOTHING_MORE = re.compile(
    r"(?:\s+(?:here|around|anyway|anymore|any more|any longer|near|in (?:our|my|this|their|his|her)|on (?:our"
    r"|my|this)"
    r"|at (?:our|my|this)|if they|when they)(?!\w)|\s*[.!,;]|\s*$)"
)
#: "I see … as a tumour".
_SEEN_AS = re.compile(
    r"(?<![\w'])(?:i|we)(?: just| only| always| really| will always)? (?:see|regard|view|consider|think of"
    r"|look upon)\s+(?:all |the |these |those )?$"
)
_AS_WHAT = re.compile(r"\s+(?:as|like)\s+(?:(?:an?|the|nothing but|mere|just)\s+)*(?:(?:\w+)\s+)?")
#: "… must go", and nothing after it.
_MUST_GO = re.compile(
    r"\s+(?:all )?(?:must|have to|need to|has to|gotta|should) (?:all |just )?(?:go|leave|disappear|vanish)"
    r"(?: now| already| for good| forever| today| at last| away)?\s*(?:[.!]|$)"
)
#: "Why do we still have … here?"
_STILL_HERE = re.compile(
    r"(?<![\w'])(?:why|how come) (?:do we (?:still |even )?(?:have|need|keep|let in|tolerate|feed|hire)"
    r"|must we (?:put up with"
    r"|tolerate|live with|feed)|should we (?:tolerate|put up with|feed|keep|help)|are there (?:still |so many |any ))"
    r"(?: all| any| these| those| so many| the)*\s+$"
)
#: "Ship … off to", "get … out of our country": moved away by an order.
_MOVING = re.compile(
    r"(?:^|[.!?:;,\n\"(]\s*|(?<![\w'])(?:i|we|let's|lets|should|must|please|to|just|can't we|gonna|will|and|now)\s+)"
    r"(?P<verb>ship|send|kick|throw|drive|chase|get|pack|deport|keep|force|toss|lock|herd|haul|put)\s+"
    r"(?:all |the |these |those |every |filthy |dirty |damn |fucking |goddamn )*$"
)
_MOVED_AWAY = re.compile(
    r"\s+(?:(?:straight |right |all )?(?:off|back|out|away)(?: of| from| to)? (?:(?:our|my|this|the|your)"
    r" (?:country|nation|land|town|city|neighbou?rhood|streets?|schools?|club|office|workplace|government|army"
    r"|military"
    r"|sport|building|hospital|west|homeland)|where(?:ver)?\b|whence|some island|the desert|the jungle"
    r"|the desert|the sea)"
    r"|in (?:camps|cages|a cage|a camp|chains|ghettos|ovens)|behind (?:bars|fences|barbed wire))"
)
#: "Take the right to vote away from …".
_RIGHTS_TAKEN = re.compile(
    r"(?<![\w'])take (?:[\w']+ ){0,3}?(?:rights?|vote|freedoms?|citizenship|jobs|kids|children|licen[cs]es?)"
    r" (?:[\w']+ ){0,3}?(?:away )?from(?: all| the| these| those)*\s+$"
)
_DEPRIVED = re.compile(r"(?<![\w'])(?:strip|deprive|deny|refuse)(?: all| the| these| those)*\s+$")
_OF_RIGHTS = re.compile(
    r"\s+(?:of )?(?:their |the |all |any |every )*(?:rights?|vote|citizenship|freedoms?|jobs|homes|healthcare"
    r"|children)(?!\w)"
)


@dataclass(frozen=True)
class Group:
    """A group named in a text, or "they" for one: the span counts characters of `Text.plain`."""

    start: int
    end: int
    status: str
    weight: float
    #: Whether the words mean the group as such; a single one ("a woman", "filthy Jew") does only in some frames.
    whole: bool = True
    #: The group stands for an earlier one.
    pronoun: bool = False
    #: Already hostile by itself.
    slur: bool = False


@dataclass(frozen=True)
class Said:
    """Something hostile said of a group: the span from the first to the last of its words, and how sure it is."""

    start: int
    end: int
    group: Group
    confidence: float


@dataclass
class _State:
    many: bool = False
    be: bool = False
    modal: bool = False
    negated: bool = False
    belong: bool = False
    comma: bool = False
    words: int = 0
    #: A word that is none of those, right before the predicate: "are major liars".
    strange: bool = False

    def take(self, word: str) -> bool:
        """Take a word between subject and predicate; False where it is none of those that may stand there."""
        self.words += 1
        if word == ",":
            self.comma = True
            return self.words == 1
        negative = word in _NOT or word in _NOT_ELSEWHERE
        if self.many and word in ("is", "was"):
            return False
        if self.strange:
            return False
        self.negated |= negative
        being = word in _BE or word in _BE_ELSEWHERE
        self.be |= being or word in _BE_NOT
        self.modal |= word in _MODAL or (negative and not word.startswith(("are", "is", "ain", "do", "was", "were")))
        self.belong |= word in _BELONG
        if negative or being or word in _MODAL or word in _GLUE or word in _GLUE_ELSEWHERE or word.endswith("ly"):
            return True
        self.strange = self.be and not word.endswith(("ing", "ed", ",")) and word.isalpha()
        return self.strange


def groups_in(text: Text, nouns: Iterable[Hit], adjectives: Iterable[Hit], slurs: Iterable[Hit]) -> list[Group]:
    """Every group a text names, in text order, "they" included where it stands for one named just before."""
    words = text.words
    named = [_noun(words, hit) for hit in nouns]
    named += [group for hit in adjectives if (group := _adjective(words, hit))]
    named += [Group(hit.start, hit.end, hit.sense or "", hit.weight, slur=True) for hit in slurs]
    apart: list[Group] = []
    for group in sorted(named, key=lambda item: (item.start, -item.end)):
        if not apart or group.start >= apart[-1].end:
            apart.append(group)
    return sorted([*apart, *_pronouns(text, apart)], key=lambda item: item.start)


#: "the old chairs": an adjective before the thing it is said of is no group.
_OF_A_THING = re.compile(
    r"\s+(?!(?:are|is|were|was|be|should|must|can|cannot|could|would|will|may|have|had|do|don't|never|always"
    r"|just|all|only|who"
    r"|and|or|in|of|to|at|for|on|with|as|from|need|deserve|cost|get|got|live|die|suffer|vote|among|than|but"
    r"|because|so|again"
    r"|now|here|out|off|back|away|first|too|either|please|make|take|eat|steal|smell)(?!\w))[a-z]+"
)
_SAID_OF_ALL = re.compile(
    r"the (?:old|young|poor|blind|deaf|sick|ill|weak|black|blacks?|white|disabled|homeless|elderly|obese)$"
)


def _noun(words: str, hit: Hit) -> Group:
    named = words[hit.start : hit.end]
    whole = bool(_PLURAL.search(named))
    if _SAID_OF_ALL.search(named) and _OF_A_THING.match(words, hit.end) and not _PEOPLE.match(words, hit.end):
        whole = False
    return Group(hit.start, hit.end, hit.sense or "", hit.weight, whole=whole or hit.language != "en")


def _adjective(words: str, hit: Hit) -> Group | None:
    people = _PEOPLE.match(words, hit.end)
    if people:
        one = people.group("head") in _ONE
        return Group(hit.start, people.end(), hit.sense or "", hit.weight, whole=not one)
    if words[max(0, hit.start - 4) : hit.start] == "the " and _COLLECTIVE.search(words[hit.start : hit.end]):
        return Group(hit.start, hit.end, hit.sense or "", hit.weight)
    return Group(hit.start, hit.end, hit.sense or "", hit.weight, whole=False)


def _pronouns(text: Text, named: list[Group]) -> Iterator[Group]:
    """Where "they" and "them" stand: in the sentence of a whole group, after it, and in the next sentence."""
    at = 0
    for found in _THEY.finditer(text.words) if named else ():
        while at + 1 < len(named) and named[at + 1].end <= found.start():
            at += 1
        before = named[at]
        if before.end > found.start() or not before.whole or _is_some(text.words, before):
            continue
        here, there = text.sentence_at(found.start()), text.sentence_at(before.start)
        if here == there or here[0] - there[1] in range(3):
            yield replace(before, start=found.start(), end=found.end(), pronoun=True, slur=False)


def is_others_doing(text: Text, start: int) -> bool:
    """Whether a group that begins at `start` is spoken of as what others hate, attack or tell lies about."""
    before = text.words[max(text.sentence_at(start)[0], start - _OTHERS_REACH) : start]
    return bool(_OTHERS_DOING.search(before)) and not _MY_HATRED.search(before)


_OTHERS_REACH = 60


def is_hostile(text: Text, hit: Hit) -> bool:
    """Whether a hostile word is meant: not somebody else's, not denied; what is good to be, only where it is denied."""
    if text.is_reported(hit.start, hit.end):
        return False
    if _SUFFERED.search(text.words[max(0, hit.start - 24) : hit.start]) and _DONE.search(
        text.words[hit.start : hit.end]
    ):
        return False
    return text.is_negated(hit.start) is (hit.sense == "denied")


#: "were murdered": told of those who suffered it; "should be murdered" is something else.
_SUFFERED = re.compile(
    r"(?<![\w'])(?:was|were|been|being|got|get|gets|are|is)(?: \w+ly| often| still| once| never)?\s+$"
)
_DONE = re.compile(r"(?:\w+(?:ed|en)|shot|hung|beat|burnt|put down)$")


def _is_some(words: str, group: Group) -> bool:
    return bool(_SOME.search(words[max(0, group.start - 24) : group.start]) or _RESTRICTED.match(words, group.end))


class Predicates:
    """The hostile predicates found in a text, to ask what begins or ends at a place."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._starts: dict[int, Hit] = {}
        self._ends: dict[int, Hit] = {}
        for hit in hits:
            self._starts[hit.start], self._ends[hit.end] = hit, hit

    def at(self, start: int) -> Hit | None:
        """The predicate that begins at a place."""
        return self._starts.get(start)

    def ending(self, end: int) -> Hit | None:
        """The predicate that ends at a place."""
        return self._ends.get(end)


def said_of(text: Text, group: Group, predicates: Predicates) -> Said | None:
    """The first hostile thing a sentence says of a group; None where it says none."""
    words = text.words
    start, end = text.sentence_at(group.start)
    if _RESTRICTED.match(words, group.end):
        return None
    before = words[max(start, group.start - 60) : group.start]
    if (not group.pronoun and not group.slur and _SOME.search(before)) or _SUPPOSED.search(before):
        return None
    if group.status in _EVERYDAY and _THE.search(before) and _WERE.match(words, group.end):
        return None
    if _OTHERS_DOING.search(before) and not _MY_HATRED.search(before):
        return None
    return (
        _set_phrase(text, group, predicates, end)
        or _after(words, group, predicates, before, end)
        or _before(words, group, predicates, start)
        or _exclaimed(words, group, predicates, before)
    )


#: "The boys were pigs at the buffet": told is of some of them, once.
_THE, _WERE = re.compile(r"(?<!\w)the\s+$"), re.compile(r"\s+(?:were|had|got|looked|acted|did|came|went)(?!\w)")
#: Farthest back that a set phrase before a group begins.
_PHRASE_REACH = 90


def _set_phrase(text: Text, group: Group, predicates: Predicates, end: int) -> Said | None:
    """What is said of a group in phrases around it: they are wished away, unwanted, sent off, stripped of rights."""
    words = text.words
    if not group.whole or group.pronoun:
        return None
    first = max(text.sentence_at(group.start)[0], group.start - _PHRASE_REACH)
    before = words[first : group.start]
    for opening, closing, sure in _PHRASES:
        found = opening.search(before)
        then = closing.match(words, group.end, end) if found and closing else None
        if found and (then or closing is None):
            start = first + found.end() - len(found.group().lstrip(_LOOSE))
            told = then.end() if then and closing is not _NOTHING_MORE else group.end
            return Said(start, told, group, sure)
    return _must_go(words, group, before, end) or _seen_as(words, group, predicates, before, end)


#: What stands around a group: before it, behind it (None: whatever), and how sure it is.
_PHRASES: tuple[tuple[re.Pattern[str], re.Pattern[str] | None, float], ...] = (
    (_MY_HATRED, None, 0.75),
    (_NO_SUCH, None, 0.75),
    (_FEWER, _THE_BETTER, 0.75),
    (_UNWANTED, _NOTHING_MORE, 0.65),
    (_STILL_HERE, None, 0.6),
    (_MOVING, _MOVED_AWAY, 0.7),
    (_RIGHTS_TAKEN, None, 0.65),
    (_DEPRIVED, _OF_RIGHTS, 0.65),
)
#: Signs before a phrase that are no part of it.
_LOOSE = ' .!?:;,\n"('


def _must_go(words: str, group: Group, before: str, end: int) -> Said | None:
    if group.status not in _SENT_OFF or _PART_OF.search(before):
        return None
    then = _MUST_GO.match(words, group.end, end)
    return Said(group.start, then.end(), group, 0.6) if then else None


def _seen_as(words: str, group: Group, predicates: Predicates, before: str, end: int) -> Said | None:
    found, then = _SEEN_AS.search(before), _AS_WHAT.match(words, group.end, end)
    if found is None or then is None:
        return None
    # The pattern may have taken the noun itself for an adjective before it.
    last = then.start() + len(then.group().rstrip()) - len(then.group().split()[-1])
    hit = predicates.at(then.end()) or predicates.at(last)
    if hit is None or hit.sense not in ("noun", "label"):
        return None
    return Said(group.start - len(before) + found.start(), hit.end, group, 0.65 * hit.weight)


#: What some set phrase cannot do without: a text without it and without a hostile word is not read.
SET_PHRASES = re.compile(
    r"(?:(?:hatred|contempt|disgust|loathing|my hate|our hate) (?:for|of|toward)|if (?:there (?:were|was)"
    r"|we had) (?:no|none|fewer)|the (?:fewer|less) |the better|(?:nobody|no one|no-one|none of us|no normal"
    r"|no decent|no sane|no sensible|no real|no self-respecting|no right-minded)[^.!?]{1,40}(?:want|like|need"
    r"|ask|respect|miss"
    r"|hire|marry|trust|love|stand)|(?:why|how come)[^.!?]{1,14}(?:still have|even have|put up with|tolerate"
    r"|live with|let in"
    r"|feed|are there)|(?:must|have to|need to|has to|gotta|should) (?:all |just )?(?:go|leave|disappear"
    r"|vanish)(?![\w'])"
    r"|(?:off|back|out|away) (?:of|from|to)? ?(?:our|my|this|the|your) (?:country|nation|land|town|city"
    r"|neighbou?rhood|street"
    r"|school|club|office|workplace|government|army|military|sport|building|hospital|west|homeland)|to where"
    r"|of where|off where"
    r"|back where|in camps|in cages|in a cage|in a camp|in chains|in ghettos|in ovens|behind bars|behind fences"
    r"|away from|strip |deprive|deny )"
)
_PART_OF = re.compile(r"(?<![\w'])(?:of (?:the|our|these|those)|some|several|few|both|two|three)\s+$")
#: Whom "must go" sends away; of the old, the sick and the disabled it may be an evacuation.
_SENT_OFF = frozenset({"race", "nationality", "religion", "orientation", "gender identity", "sex"})


def _after(words: str, group: Group, predicates: Predicates, before: str, end: int) -> Said | None:
    state, at = _State(many=bool(_MANY.search(words[group.start : group.end]))), group.end
    address = _AS_A.search(before) and _YOU_AFTER.match(words, at, end)
    if not (group.whole or address or _ANY_ONE.search(before)):
        return _compound(words, group, predicates)
    left = group.start
    if (none := _NO_SUCH_ONE.search(before)) and _IS_EVER.match(words, group.end, end):
        state.negated, left = True, group.start - len(before) + none.start()
    if allowed := _ALLOWED.match(words, group.end, end):
        asked_who = _WHO_LETS.search(before)
        if asked_who and group.status != "age":
            return Said(group.start - len(before) + asked_who.start(), allowed.end(), group, 0.65)
    if address:
        # From "as a …" on, for the words are said to the reader and not by one of the kind.
        at, left = address.end(), group.start - len(before) + _AS_A.search(before).start()  # type: ignore[union-attr]
    elif asked := _ASKED.search(before):
        state.be, left = bool(_ASKED_BE.search(asked.group())), group.start - len(before) + asked.start()
    elif link := _LINK.match(words, at, end):
        found = _walk(words, group, left, link.end(), end, predicates, replace(state))
        if found:
            return found
    return _walk(words, group, left, at, end, predicates, state) or _compound(words, group, predicates)


#: "No … can be trusted": what follows is denied.
_NO_SUCH_ONE = re.compile(r"(?<![\w'])(?:no|not one of these|not one of those)\s+$")
_IS_EVER = re.compile(
    r"\s+(?:should|can|could|are|is|will|deserves?|must)(?: ever)?(?: be)?(?: ever)? (?:trusted|worth\w*|fit"
    r"|welcome|allowed|wanted"
    r"|human|normal|decent|clean|honest|loved|hired|respected|believed|pity|mercy|rights)(?!\w)"
)


def _walk(words: str, group: Group, left: int, at: int, end: int, predicates: Predicates, state: _State) -> Said | None:
    for _ in range(_MOST_WORDS):
        step = _WORD.match(words, at, end)
        if step is None:
            return None
        token = step.group()
        begin = step.end() - len(token.lstrip())
        hit = predicates.at(begin)
        sure = _SAID_AFTER[hit.sense](state, hit) if hit and hit.sense in _SAID_AFTER else 0.0
        if hit and sure:
            return Said(left, hit.end, group, sure * hit.weight * (0.85 if group.pronoun else 1.0))
        if hit is None and (loose := _loosely(words, begin, end, state)):
            return Said(left, loose, group, 0.55 * (0.85 if group.pronoun else 1.0))
        removed = REMOVED.match(words, begin, end) if state.modal and state.be and not state.negated else None
        if removed:
            return Said(left, removed.end(), group, 0.7)
        if not state.take(token.lstrip()):
            return None
        at = step.end()
    return None


#: Words of contempt that no list has: formed like them, or measured by a low mark.
_CONTEMPT = re.compile(
    r"(?:un(?:worthy|trust\w+|fit|wash\w+|civil\w+|clean\w*|wanted|employable|teachable|educable|likable|likeable"
    r"|lov(?:e)?able|bearable|godly|holy|principled|scrupulous|moral\w*|desirable\w*|decent)"
    r"|(?:brain|mind|spine|gut|ball|soul|heart|shame|worth|use|god|moral|honou?r|law|talent|taste|clue|feck|root"
    r"|character|wit|skill|conscience|decency|value)less"
    r"|(?:sub|in|less-than-)human\w*|\w+(?:-like|ish|-infested|-ridden|-brained|-witted|-minded|-faced)"
    r"(?<!british)(?<!irish)(?<!jewish)(?<!scottish)(?<!turkish)(?<!polish)(?<!finnish)(?<!danish)(?<!swedish)"
    r"(?<!spanish)(?<!english)(?<!kurdish)(?<!selfish)(?<!open-minded)(?<!like-minded)(?<!stylish)(?<!child-like)"
    r"|too (?:stupid|dumb|thick|dim|slow|weak|lazy|soft|dirty|ugly|primitive|backward|emotional|irrational|hysterical"
    r"|greedy|violent|aggressive|fragile|proud|corrupt|crazy|unstable|selfish|vain|hormonal|simple|sensitive"
    r"|moody) to"
    r" \w+"
    r"|(?:not|never) (?:smart|clever|bright|strong|rational|civili[sz]ed|clean|human|evolved"
    r"|intelligent) enough(?: to \w+)?"
    r"|(?:not|hardly|barely) (?:worth|fit) (?:for|of|to|the|a) \w+"
    r"|(?:the|a|an|pure|utter|complete) (?:scum|dregs|filth|shame|stain|insult|disgrace|curse|plague|cancer|blight"
    r"|waste"
    r"|burden|ruin|downfall|threat|danger|enem(?:y|ies)) (?:of|on|to|for) (?:the |our |this |all |every )?\w+"
    r"|(?:no better|lower|worse|dumber|dirtier|uglier|stupider|filthier|lazier|less|more dangerous"
    r"|more disgusting) than"
    r" (?:an? |the |any )?(?:\w+)"
    r")(?![\w'-])"
)
#: "Women are not less than men": a comparison that is denied never gets here; "less than half" counts.
_COUNTED = re.compile(
    r"(?:less|worse|lower) than (?:half|\d|one|two|ten|twenty|a (?:third|quarter|half|percent)|percent|ever|before"
    r"|expected|men|usual|last)"
)


def _loosely(words: str, begin: int, end: int, state: _State) -> int | None:
    """Where contempt that no list has ends: "are all spongebrained", "are too dim to vote"."""
    if (
        not state.be
        or state.strange
        or state.comma
        or (state.negated and not words.startswith(("not ", "never "), begin))
    ):
        return None
    found = _CONTEMPT.match(words, begin, end)
    return found.end() if found and not _COUNTED.match(words, begin, end) else None


def _noun_said(state: _State, _: Hit) -> float:
    return 0.8 if state.be and not state.negated else 0.0


def _sure(said: Callable[[_State, Hit], float]) -> Callable[[_State, Hit], float]:
    """A sense that allows no strange word before it."""
    return lambda state, hit: 0.0 if state.strange else said(state, hit)


def _fate_said(state: _State, _: Hit) -> float:
    if state.negated or state.words > _MOST_WORDS:
        return 0.0
    return 0.8 if state.modal or (state.comma and state.words == 1) else 0.0


def _denied_said(state: _State, _: Hit) -> float:
    return 0.75 if state.negated and not (state.comma and not state.modal and not state.be) else 0.0


def _verb_said(state: _State, _: Hit) -> float:
    return 0.75 if not state.negated else 0.0


def _hurt_said(state: _State, _: Hit) -> float:
    return 0.8 if state.modal and state.be and not state.negated else 0.0


def _place_said(state: _State, _: Hit) -> float:
    return 0.8 if (state.belong or state.modal) and not state.negated else 0.0


#: How sure a predicate of each sense is after the words between: each looks at what was read on the way.
_SAID_AFTER = {
    "noun": _noun_said,
    "label": _noun_said,
    "crime": _sure(_noun_said),
    "adjective": _sure(_noun_said),
    "trait": _sure(_noun_said),
    "fate": _sure(_fate_said),
    "denied": _sure(_denied_said),
    "verb": _sure(_verb_said),
    "feeling": _sure(_verb_said),
    "place": _sure(_place_said),
    "strong": _sure(_hurt_said),
    "weak": _sure(_hurt_said),
}


#: "Russian trolls" are trolls from Russia; "immigrant scum" is all immigrants.
_NAMED_WITH = frozenset({"race", "nationality", "religion", "orientation", "gender identity"})


def _compound(words: str, group: Group, predicates: Predicates) -> Said | None:
    """Find a compound ("immigrant scum"): a group's name before a noun for what is worthless."""
    hit = predicates.at(group.end + 1) if words[group.end : group.end + 1] in (" ", "-") else None
    if hit is None or hit.sense != "noun" or group.pronoun or group.status not in _NAMED_WITH:
        return None
    return Said(group.start, hit.end, group, 0.7 * hit.weight)


def _before(words: str, group: Group, predicates: Predicates, start: int) -> Said | None:
    at = group.start
    for _ in range(_MOST_BEFORE):
        at -= _blanks(words, at)
        hit = predicates.ending(at)
        sure = _SAID_BEFORE[hit.sense](words, group, hit, start) if hit and hit.sense in _SAID_BEFORE else 0.0
        if hit and sure:
            return Said(hit.start, group.end, group, sure * hit.weight * (0.85 if group.pronoun else 1.0))
        word = _LAST_WORD.search(words, max(start, at - 20), at)
        if word is None or word.group() not in _BEFORE_GLUE:
            return None
        at = word.start()
    return None


_LAST_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*,?$")


def _blanks(words: str, at: int) -> int:
    count = 0
    while at - count > 0 and words[at - count - 1].isspace():
        count += 1
    return count


#: "you stupid …", "these lazy …", "fucking …"
_POINTED = re.compile(
    r"(?<![\w'])(?:you|these|those|all|fucking|goddamn|damn|bloody|fuckin|most|typical)\s+(?:\w+\s+){0,3}$"
)


def _is_own(words: str, hit: Hit, start: int) -> bool:
    """Whether the speaker says it: of the speaker's own feeling, or as an order."""
    before = words[max(start, hit.start - 48) : hit.start]
    if _I_FEEL.search(before):
        return True
    return bool(_SPEAKER.search(before) or not before.strip()) and not _NO_SPEAKER.search(before)


def _attribute_before(words: str, group: Group, hit: Hit, start: int) -> float:
    if group.pronoun or (not group.whole and group.status not in _NAMED_WITH):
        return 0.0
    if hit.sense == "adjective":
        return 0.7
    # Of a people, a faith or newcomers a trait right before the name is said of all of them.
    if group.whole and group.status in _NAMED_WITH and not words[hit.end : group.start].strip():
        return 0.55
    return 0.6 if _POINTED.search(words[max(start, hit.start - 24) : group.start]) else 0.0


def _verb_before(words: str, group: Group, hit: Hit, start: int) -> float:
    if not (group.whole or group.pronoun or _ANY_ONE.search(words[max(0, group.start - 10) : group.start])):
        return 0.0
    if group.pronoun and hit.term in _GENTLE:
        return 0.0
    if hit.term in ("fuck", "screw") and words[start : hit.start].strip() and group.status in _EVERYDAY:
        return 0.0
    if _EVERYDAY_END.match(words, group.end) or not _is_own(words, hit, start):
        return 0.0
    # "The girls" are mostly those of a team, a class or a night out.
    return 0.55 if group.status in _EVERYDAY and words[hit.end : group.start].strip() == "the" else 0.75


#: Statuses whose words are also said of the people one meets: "the girls", "the kids".
_EVERYDAY = frozenset({"sex", "age"})
_GAMES = (
    r"(?:final|finals|semi\w*|quarter\w*|league|cup|relay|race|match|game|games|derby|tournament|playoffs?|heats?|chess|cards|dominoes|netball|football"
    r"|soccer|tennis|hockey|rugby|cricket|darts|bowling|bowls|trivia|quiz|scrabble|poker|pool|karaoke|charades|bingo|golf|basketball|volleyball)"
)
#: What ends an order or a report as a harmless one: "split the women into two teams", "shoot the girls at noon".
_EVERYDAY_END = re.compile(
    rf"(?:\s+(?:of|from)\s+[\w'-]+)?(?:\s+(?:team|side|squad|choir|crew|group|class|club|league))?\s+(?:(?:in|at)\s+(?:(?:the|a|our|this|every)\s+)?(?:\w+\s+)?{_GAMES}"
    r"|by\s+\w+\s+(?:points?|goals?|runs?|minutes?|seconds?|metres?|shots?)"
    r"|into\s+(?:(?:groups|teams|pairs|squads|lines|shape|song|cars)|(?:(?:a|two|three|four|five|six|small|equal|\d+)\s+)+(?:groups?|teams?|pairs|squads|lines?|rows|circles?|halves))"
    r"|for\s+(?:(?:a|an|the|our|some|two|three|four|\d+)\s+)?(?:\w+\s+)?(?:photos?|pictures?|portraits?|lunch|dinner|coffee|tea|drinks?|breakfast|brunch|supper|sale|tickets?"
    r"|raffle|walk|ride|show|concert|birthday|party|picnic|recital|rehearsal|shoot|calendar|ice cream|cake)"
    r"|an?\s+(?:kiss|hand|cheer|bone|party|drink|favou?r|hug|wave|card|cake|lift)"
    r"|at\s+(?:noon|dawn|sunset|sunrise|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|\d)"
    r"|to\s+(?:lunch|dinner|brunch|breakfast|bed|school|practice|the (?:pool|park|cinema|movies|beach|zoo|game|match|theatre|theater|library|station)))(?!\w)"
)


def _fate_before(words: str, group: Group, hit: Hit, start: int) -> float:
    # "They should hang" and "hang them": of all fates only these two are also done to somebody.
    return _verb_before(words, group, hit, start) if hit.term in ("hang", "burn") else 0.0


def _keep_out_before(words: str, group: Group, hit: Hit, start: int) -> float:
    return 0.75 if group.whole and _HERE.match(words, group.end) and _is_own(words, hit, start) else 0.0


def _noun_before(words: str, group: Group, hit: Hit, _: int) -> float:
    """Of what a group is called right before its name: "parasite immigrants"; not "rats and women"."""
    if group.pronoun or group.status not in _NAMED_WITH or not (group.whole or hit.weight >= _PLAIN):
        return 0.0
    apart = words[hit.end : group.start].strip()
    return 0.0 if apart or hit.term.endswith("s") else 0.6


def _wish_before(words: str, group: Group, hit: Hit, _: int) -> float:
    # "Nobody wants women to wait": something else is not wanted.
    if hit.term.endswith(("wants", "want", "likes", "needs")) and _TO_DO.match(words, group.end):
        return 0.0
    return 0.75 if not group.pronoun and (group.whole or " a" in words[hit.end : group.start]) else 0.0


_TO_DO = re.compile(r"\s+(?:to|being|who|that|as|for)(?!\w)")


#: How sure a predicate of each sense is before the group.
_SAID_BEFORE = {
    "adjective": _attribute_before,
    "trait": _attribute_before,
    "noun": _noun_before,
    "hostile_verb": _verb_before,
    "strong": _verb_before,
    "weak": _verb_before,
    "fate": _fate_before,
    "keep_out": _keep_out_before,
    "wish_away": _wish_before,
}


def _exclaimed(words: str, group: Group, predicates: Predicates, before: str) -> Said | None:
    """What is exclaimed: "how disgusting these people are", "what animals immigrants are"."""
    found = _EXCLAIMED.search(before)
    if found is None or not re.match(
        r"\s+(?:are|is|look|act|smell|can be|really are)(?!\w)", words[group.end : group.end + 20]
    ):
        return None
    hit = predicates.at(group.start - len(before) + found.start("said"))
    if hit is None or hit.sense not in ("adjective", "trait", "noun", "label", "crime"):
        return None
    return Said(hit.start, group.end, group, 0.7 * hit.weight)
