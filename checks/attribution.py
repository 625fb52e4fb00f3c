"""Whether words are given as others' view ("the myth that …"), or turned down right after them ("… is racist")."""

from __future__ import annotations

import re
from typing import NamedTuple

from checks.text import Text
from checks.word_classes import pattern

#: How far such words may stand from what they speak of; a post can be one sentence of 60,000 characters.
_REACH = 140


class _Talk(NamedTuple):
    """How a language speaks of what others say."""

    #: Others' words and views, before what they say.
    attributed: re.Pattern[str]
    #: The speaker's own view, which is not somebody else's.
    own_view: re.Pattern[str]
    #: Others' view, which the speaker shares.
    stood_by: re.Pattern[str]
    #: A verdict on such words, after them, or who said them.
    rejected: re.Pattern[str]


_ENGLISH = _Talk(
    # "Anyone who thinks", "the myth that", "stop saying".
    attributed=pattern(
        r"(?:(?<![\w']){others}(?: \w+){0,3} {others_hold}"
        r"|(?<![\w']){wrong_to} (?:just )?{say_or_treat}"
        r"|(?<!just )(?<![\w']){uttering}"
        r"|(?<![\w'])(?:the|a|an|this|that|your|their|his|her|such|any|old|tired) (?:\w+ )?{form_of_words}"
        r"(?: \w+){0,2} (?:that|like|saying|which|about|as|is|was|of)"
        r"|(?<![\w']){bigots}(?: \w+){0,3} (?:who|that|and)"
        r"|(?<![\w'])(?:called|calling|calls?|labelled|labeled|named)"
        r" (?:me|us|him|her|them|my \w+|our \w+|people|\w+ women|women|somebody|someone|a \w+|the \w+)"
        r"|(?<![\w'])(?:who|anyone|anybody) (?:says|said|thinks|believes|claims|calls|hates|wants)"
        r"|(?<![\w'])as if|(?<![\w'])according to"
        r"|(?<![\w'])imagine (?:saying|thinking|believing|telling|calling)"
        r"|(?<![\w'])told (?:me|us|him|her|that|my|our)"
        # Whoever says it in the third person is not the author, unless it is everybody or an authority.
        r"|(?<![\w'])(?!{authorities}\b)[a-z][\w'-]* {states}"
        r"|(?<![\w'])(?!(?:i|we|history|science|bible|god|nature|experience|they)\b)[a-z][\w'-]*"
        r" (?:told|tells|taught|teaches|taunts?|assures|assured) (?:\w+ ){1,4}that"
        r")(?![\w'])(?!\s*,?\s*(?:i|we) (?:think|say|believe))"
    ),
    # "I think", "I'm saying".
    own_view=pattern(
        r"(?<![\w'])(?:i|we|i'm|im|i am|i'll|just)(?: \w+){0,2} {own_saying}(?![\w'])"
        r"|(?<![\w'])(?:everyone|everybody|we all|as they) (?:knows?|say|says)(?![\w'])"
        r"|(?<![\w'])(?:prove|proves|proved|right|hope) (?:that|they|to)(?![\w'])"
        r"|(?<![\w'])(?:the only (?:one|person|man|woman|guy)|(?:who|anyone|anybody|everyone|everybody) else)(?: \w+)?"
        r" (?:who |that )?(?:thinks?|feels?|says?|believes?|hates?)(?![\w'])"
    ),
    # "… and he is absolutely right", "… and I have to agree with her".
    stood_by=pattern(
        r"(?<![\w'])(?:(?:he|she|they|it|who)(?:'s|'re| is| are| was| were)"
        r"(?: (?:so|absolutely|totally|completely|quite|dead|damn|perfectly|of course))? {is_right}"
        r"(?! about (?:nothing|little))"
        r"|i (?:(?:have to|must|do|fully|totally|completely|can only) )?agree(?! to)"
        r"|(?:can't|cannot|won't) (?:argue|disagree) with"
        r")(?![\w'])"
    ),
    # "… is racist", "That's a lie", "Not true".
    rejected=pattern(
        r"(?<![\w'])(?:(?:is|are|was|were|that's|thats|it's|its|this is|sounds?|seems?|how|such|so|pure|utter|what|="
        r"|absolutely|not|isn't|calling that|reported|called|a|an|these|those"
        r")(?: (?:{so_very}|downright ?)){0,4} {rejected_as}"
        r"|(?:this|that) {words_judged}"
        r"|condemn(?:s|ed)?|denounced?|must be challenged|has to stop|needs to stop|must stop|have no place"
        r"|has no place|not welcome here"
        r"|makes? me (?:sad|angry|furious)"
        r"|is why we|breaks my heart"
        r"|shame on (?:you|him|her|them)"
        r"|said no one|said nobody|said no .{1,20} ever"
        r")(?![\w'])"
    ),
)

_GERMAN_AND_FRENCH = _Talk(
    # "Wer sagt", "der Mythos, dass", "dire que", "on m'a dit que".
    attributed=pattern(
        r"(?<![\w'])(?:(?:wer|wenn (?:jemand|einer|leute)|niemand,? der"
        r"|(?:leute|menschen|manche|einige|alle|jeder|jene|die), (?:die|der))(?: \w+){0,3}? {others_say_german}"
        r"|(?:{form_of_words_german})(?: \w+){0,2}?,? (?:dass|wie|von|uber|ist|sei|lautet|alle|die|der)"
        r"|(?:ceux|celui|celle|celles|quiconque|les gens|quelqu'un|personne|si (?:quelqu'un|on))(?: qui)?(?: \w+){0,3}?"
        r" {others_say_french}"
        r"|(?:{form_of_words_french})(?: \w+){0,2}? (?:que|qu'|selon|comme|est)"
        r"|(?:fruher|damals|jahrelang) (?:hiess es|galten|dachte man|sagte man)|galten lange|{told_me_abroad}"
        r"|(?:autrefois|jadis)(?: \w+){0,2} (?:disait|pensait|croyait)|on disait"
        r"|(?:vous|te|nous|lui|leur) dire)(?![\w'])"
    ),
    own_view=re.compile(
        r"(?<![\w'])(?:ich|wir|man (?:muss|darf|wird)|je|j'ose|il faut|faut|on (?:peut|doit|va))(?: \w+){0,3}?"
        r" (?:sage|sagen|meine|finde|denke|glaube|behaupte|dis|dire|pense|trouve|crois|affirme|maintiens)(?![\w'])"
    ),
    stood_by=re.compile(
        r"(?<![\w'])(?:(?:hat|haben|hatte|hatten|habt)(?: \w+){0,2} recht|recht (?:hat|haben|hatte)\w*"
        r"|stimmt (?:genau|auch|ja)|a(?:vait|vaient)? (?:bien |tellement |tout a fait )?raison|ont (?:bien )?raison"
        r"|d'accord avec)(?![\w'])"
    ),
    rejected=pattern(
        r"(?<![\w'])(?:(?:ist|sind|war|ware|bleibt|das ist|so ein|solcher|reiner|est|c'est|sont|etait|quelle?)"
        r"(?: (?:doch|einfach|schlicht|schlichtweg|reiner|reine|ein|eine|der|die|alte|une?|le|la|pure?"
        r"|tout simplement))*"
        r" {rejected_as_abroad}"
        r"|{said_who_abroad} (?!(?:ich|wir|je)(?![\w']))\w+)(?![\w'])"
    ),
)

_ITALIAN = _Talk(
    # "Chi dice che", "la bufala che", "dirmi che".
    attributed=pattern(
        r"(?<![\w'])(?:{others_italian}(?: \w+){0,3}? {others_say_italian}"
        r"|{form_of_words_italian}(?: \w+){0,2}? (?:che|secondo|di|per)"
        r"|(?:{form_of_words_italian})\W*|{told_that_italian})(?![\w'])"
    ),
    own_view=pattern(r"(?<![\w']){own_view_italian}(?![\w'])"),
    stood_by=pattern(r"(?<![\w']){stood_by_italian}(?![\w'])"),
    # "… è razzismo", "che vergogna", "questo è odio".
    rejected=pattern(
        r"(?<![\w'])(?:e|e'|sono|era|erano|che|quanto|questo e|questa e|si chiama|solo|puro|pura)"
        r"(?: (?:solo|proprio|davvero|puro|pura|semplicemente|un|una|uno|tutto|tutta|sempre|cosi))*"
        r" {rejected_as_italian}(?![\w'])"
    ),
)

_DUTCH = _Talk(
    # "Wie zegt dat", "het vooroordeel dat", "hou op met roepen dat"; "volgens mij" is the speaker.
    attributed=pattern(
        r"(?<![\w'])(?:(?:wie|(?:iedereen|iemand|niemand|mensen|lui|zij|degenen|diegenen|vrouwen|mannen|er zijn er) die"
        r"|als (?:iemand|mensen|ze|men)|sommigen|sommige mensen|veel mensen|anderen)(?: \w+){0,3}? {others_say_dutch}"
        r"|(?:{form_of_words_dutch})(?: \w+){0,3}? (?:dat|als zouden|over|van|is|als)"
        r"|(?:stop|stoppen|hou|houd|ophouden) (?:eens |toch |nu |)(?:op )?met (?:te )?(?:zeggen|roepen|beweren"
        r"|schrijven|denken|doen)"
        r"|doen alsof|alsof|volgens(?! (?:mij|ons|me)(?!\w))|klopt (?:helemaal |gewoon )?niet dat"
        r"|(?:is|was) (?:helemaal |gewoon |echt )?(?:niet (?:waar|juist)|onzin|een leugen) dat"
        r"|{told_me_dutch})(?![\w'])"
    ),
    own_view=re.compile(
        r"(?<![\w'])(?:ik|wij|we)(?: \w+){0,2}? (?:zeg|zeggen|vind|vinden|denk|denken|geloof|geloven|blijf|bedoel"
        r"|weet)(?![\w'])"
        r"|(?<![\w'])(?:iedereen|we) (?:weet|weten)(?![\w'])"
    ),
    stood_by=re.compile(
        r"(?<![\w'])(?:(?:heeft|hebben|had|hadden) (?:\w+ ){0,2}?gelijk|gelijk (?:heeft|hebben|had|hadden)|groot gelijk"
        r"|en terecht|is (?:gewoon |ook )?zo|klopt (?:als een bus|ook|gewoon|helemaal(?! niet)))(?![\w'])"
    ),
    rejected=pattern(
        r"(?<![\w'])(?:(?:is|zijn|was|waren|blijft|vind ik|vinden wij|vinden we|noem ik|wat een|pure|puur|zo'n)"
        r"(?: (?:dat|echt|gewoon|pure|puur|zo|een|de|oude|klinkklare|totale|toch|absoluut|helemaal"
        r"|ronduit))* {rejected_as_dutch}"
        r"|{said_who_dutch} (?!(?:ik|wij|we)(?![\w']))\w+|zeggen ze|zegt men|wordt (?:er )?gezegd|daar doen (?:wij"
        r"|we) niet aan mee|wij zeggen nee)(?![\w'])"
    ),
)


def is_attributed(text: Text, start: int) -> bool:
    """Whether what stands at `start` is given as others' view: "anyone who says", "the myth that", "stop calling"."""
    sentence, end = text.sentence_at(start)
    before = text.words[max(sentence, start - _REACH) : start]
    for talk in (_GERMAN_AND_FRENCH, _ITALIAN, _DUTCH):
        if talk.attributed.search(before) and not talk.own_view.search(before):
            return not talk.stood_by.search(text.words, start, min(len(text.words), start + _REACH))
    if not _ENGLISH.attributed.search(before) or _ENGLISH.own_view.search(before):
        return False
    # English also stands by it in the sentence after.
    _, end = _next_sentence(text, end)
    return not _ENGLISH.stood_by.search(text.words, start, min(end, start + _REACH))


def is_rejected(text: Text, end: int, *, language: str = "") -> bool:
    """Whether what ends at `end` is judged right after, in its sentence or the next: "… is racist", "That's a lie".

    Where `language` is Dutch, French has no say: its "dit" is Dutch for "this".
    """
    _, sentence_end = text.sentence_at(max(0, end - 1))
    _, next_end = _next_sentence(text, sentence_end)
    after = text.words[end : min(max(sentence_end, next_end), end + _REACH)]
    abroad = (_ITALIAN, _DUTCH) if language == "nl" else (_GERMAN_AND_FRENCH, _ITALIAN, _DUTCH)
    if any(talk.rejected.search(after) and not talk.stood_by.search(after) for talk in abroad):
        return True
    return _ENGLISH.rejected.search(after) is not None


def _next_sentence(text: Text, end: int) -> tuple[int, int]:
    return text.sentence_at(min(end + 1, max(0, len(text.words) - 1)))
