"""What Dutch says of a group before it names it: "ze stinken, die …", "dieven zijn het, die …"."""

from __future__ import annotations

import re
from itertools import product

from checks.hostility.groups import NAMED_WITH, Group
from checks.hostility.predicates import Predicates, Said

#: The group called at last, and what may stand between it and what is said.
_CALLED_AT_LAST = re.compile(
    r"(?: (?:zijn|waren))?(?: (?:het|dat))?(?: (?:allemaal|toch|gewoon|echt))*,? (?:die"
    r"|al die|deze|de)?\s*$"
)
#: Of whom it was said already: "ze …", "dat zijn …", or nobody.
_OPENING = re.compile(
    r"(?:^|[.!?:;,\n\"(]\s*)(?:(?:ze|zij|dat|het)(?: (?:zijn|waren|hebben|komen|moeten|willen))?|wat(?: een)?|weer"
    r"|typisch|vuil|vuile|allemaal)?"
    r"(?: (?:allemaal|toch|gewoon|echt|altijd|weer|maar|een|stel|bende|hoop))*\s*$"
)
_SENSES = frozenset({"noun", "label", "crime", "adjective", "trait", "verb"})


#: "Ze moeten al die … terugsturen": who is to do it, before the group.
_OUGHT = re.compile(
    r"(?<![\w'])(?:(?:ze|we|wij|men|iemand|de (?:overheid|regering|politie|staat)) (?:moeten|moet|moesten|moest"
    r"|zouden|zou|mogen|mag)"
    r"|(?:moeten|moet|zouden|mogen) (?:ze|we|wij))(?: (?:gewoon|eens|dringend|allemaal|eindelijk|nu|toch))*(?: (?:al"
    r"|alle|die|de|deze|zulke|dat))*\s+$"
)
_BETWEEN = re.compile(
    r"(?: (?:gewoon|eens|dringend|allemaal|eindelijk|nu|toch|zonder pardon|onmiddellijk|terug"
    r"|direct))* "
)


#: "Wij moeten die … niet", "we willen geen … in onze straat": the words of which one is needed.
WE_WANT = (
    *map(
        " ".join,
        product(("wij", "we", "ik"), ["moeten", "moet", "willen", "wil", "hoeven", "hoef", "dulden", "lusten"]),
    ),
    *map(" ".join, product(("moeten", "willen", "hoeven"), ("wij", "we"))),
)
_WE = re.compile(
    rf"(?<![\w'])(?:{'|'.join(WE_WANT)})(?: \w+)??"
    r"(?P<no> geen(?: enkele)?)?(?: (?:al|die|de|deze|zulke|van die|vieze|vuile))*\s+$"
)
_NOT_HERE = re.compile(
    r"(?: hier| bij ons| in (?:ons|onze) \w+)? niet(?: hier| bij ons| in (?:ons|onze) \w+"
    r"| meer)?(?=\s*(?:[.!,]|$))"
)
_HERE = re.compile(
    r"(?: (?:hier|bij ons|meer|in (?:ons|onze|deze) \w+|naast (?:ons|mij)|als (?:buren"
    r"|buur)))+(?![\w'])|\s*(?:[.!]|$)"
)


#: "Wie … haat", "iemand die … uitscheldt": German has its own "wie".
_WHOEVER = re.compile(
    r"(?<![\w'])(?:wie|iemand die|niemand mag|mensen die)(?: \w+){0,2}?(?: (?:alle|de|onze|die|deze))*\s+$"
)


def is_done_by_some(group: Group, before: str) -> bool:
    """Whether Dutch tells what whoever does it does to a group."""
    return group.language == "nl" and _WHOEVER.search(before) is not None


def said_in_dutch(words: str, group: Group, predicates: Predicates, before: str) -> Said | None:
    """What is said of a Dutch group by the order of the words; `before` stands before it in its sentence."""
    if group.language != "nl" or group.pronoun:
        return None
    return (
        _called_at_last(words, group, predicates, before)
        or _to_be_removed(words, group, predicates, before)
        or _unwanted(words, group, before)
    )


def _called_at_last(words: str, group: Group, predicates: Predicates, before: str) -> Said | None:
    first = group.start - len(before)
    joined = _CALLED_AT_LAST.search(before) if "," in before else None
    ends = [first + joined.start(), first + joined.start() + _verb_of(joined)] if joined else []
    hit = next((hit for end in ends if (hit := predicates.ending(end)) and hit.start >= first), None)
    if hit is None or hit.sense not in _SENSES or not _OPENING.search(words[first : hit.start]):
        return None
    return Said(hit.start, group.end, group, 0.65 * hit.weight)


def _verb_of(joined: re.Match[str]) -> int:
    """How long "zijn" is at the beginning of what joins, which some predicates hold."""
    verb = re.match(r" (?:zijn|waren)", joined.group())
    return verb.end() if verb else 0


def _to_be_removed(words: str, group: Group, predicates: Predicates, before: str) -> Said | None:
    ought, between = _OUGHT.search(before), _BETWEEN.match(words, group.end)
    hit = predicates.at(between.end()) if ought and between else None
    if ought is None or hit is None or hit.sense != "fate":
        return None
    return Said(group.start - len(before) + ought.start(), hit.end, group, 0.75 * hit.weight)


def _unwanted(words: str, group: Group, before: str) -> Said | None:
    if group.status not in NAMED_WITH or (wanted := _WE.search(before)) is None:
        return None
    then = (_HERE if wanted["no"] else _NOT_HERE).match(words, group.end)
    return Said(group.start - len(before) + wanted.start(), then.end(), group, 0.65) if then else None
