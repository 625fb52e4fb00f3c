"""How Dutch points an insult at somebody, in the Netherlands ("je bent een …") and in Flanders ("gij zijt nen …")."""

from __future__ import annotations

import re

from checks.harassment.grammar import Grammar
from checks.word_classes import pattern

DUTCH = Grammar(
    # "Je bent een …", "gij zijt nen …", "ben jij een …", "wat bent u voor een …", "jij …", "vuile …".
    you_are=pattern(
        r"(?<![\w'])(?:(?:je|jij|u|jullie|ge|gij|gulder|gulle) (?:bent|ben|zijt|zijn|blijft|lijkt(?: wel)?|was|waren"
        r"|waart|wordt)"
        r"|(?:ben|bent|zijt|zijn|was|waart) (?:je|jij|u|jullie|ge|gij|gulle)|(?:zij|ben|benne)de?(?: gij"
        r"| gulle)?(?= (?:toch|een|ne|nen|'n|zo|echt)\b)"
        r"|(?:ik|wij|we) (?:vind|vinden|noem|noemen) (?:je|jou|u|jullie)|(?:jij|gij|jullie|jou"
        r"|u)(?= (?:{called_dutch}|bende|stelletje|zootje|hoop|stuk)))"
        r"(?: voor)?(?:\s+{insult_fills_dutch}){0,5}\s+$"
        r"|(?<![\w'])(?:jij|gij)\s+$|^{hails_dutch},? (?:{insult_fills_dutch} ){0,2}$"
        r"|(?:^|(?<=[.!?,;:])\s?)(?:(?:{calls_out_dutch}"
        r"|{sent_away_dutch}),? )?{called_dutch}(?:\s+{insult_fills_dutch}){0,3}\s+$"
        r"|(?<![\w']){sent_away_dutch},?\s+(?:{insult_fills_dutch}\s+){0,3}$"
    ),
    # "… dat je bent", "… ben jij", "… zijt ge", "… als jij".
    so_you_are=re.compile(
        r"(?:\s[\w-]+)?,?\s(?:(?:dat|die) (?:je|jij|ge|gij|u|jullie) (?:bent|ben|zijt|zijn)|(?:ben|bent) (?:je|jij|u)"
        r"|zijt (?:ge|gij)|zijde(?: gij)?"
        r"|zijn jullie|(?:als|zoals|gelijk) (?:jij|jou|jullie|gij|u))(?!\w)"
    ),
    # "…, je hebt alles verpest", "… leer eens lezen": what opens the sentence is called out, and so is a lone word.
    you_behind=pattern(
        r"\s*[,!.:-]+\s*(?:[\w']+ ){0,3}?{spoken_to_dutch}(?!\w)"
        r"|\s(?:rot|ga|leer|hou|zwijg|lees|doe|blijf|bemoei|oprotten)(?!\w)"
    ),
    alone=re.compile(r"\s*[!.]*\s*$"),
    denied=re.compile(r"(?<!\w)(?:niet|nooit|noch)(?: dat)? $"),
    spoken_to=pattern(r"(?<![\w'])(?:je|jij|jou|jouw|jullie|u|uw|ge|gij|{sent_away_dutch})(?!\w)"),
    # "Als iemand zegt dat je een … bent": what others say, or somebody may think of themselves.
    said_by_others=pattern(r"(?<![\w'])(?<!ik )(?<!wij ){said_by_others_dutch}(?!\w)(?! (?:ik|wij)(?!\w))[^.!?]*$"),
    # "Ik ben zo'n …", "wat ben ik een …"; "… dat ik ben".
    of_myself=pattern(r"(?<![\w'])(?:{of_myself_dutch})(?:\s+{insult_fills_dutch}){0,5}\s+$"),
    i_am=re.compile(
        r"(?:\s[\w'-]+)?,?\s(?:(?:dat|die) ik (?:ben|was)|ben ik|was ik|als ik|zoals ik|van mij"
        r"|van me)(?!\w)"
    ),
    nobody=re.compile(r"(?<!\w)(?:niemand|geen enkele?|geen mens|geen een)(?!\w)"),
    # "De voorzitter is een …", "ze is echt een …".
    person_is=pattern(
        r"(?<![\w']){people_dutch}(?: (?:van|in|uit|bij|daar|hier|die)(?: [\w-]+){1,3}?)? (?P<verb>{being_dutch})"
        r"(?:\s+{insult_fills_dutch}){0,5}\s+$"
    ),
    # "Karin is een …", "het bestuur bestaat uit …": of nouns for people alone.
    those_are=pattern(
        r"(?<![\w'])[\w-]+ (?P<verb>is|zijn|was|waren|blijft|bestaat uit)(?:\s+{insult_fills_dutch}){0,5}\s+$"
    ),
    # "Wat een …", "die …", "zo'n …".
    pointed=pattern(r"(?<![\w'])(?:{pointing_dutch})(?:\s+{insult_fills_dutch}){0,4}\s+$"),
    # On the stored text: "Karin Claes is zo …", "… en Karin is zo …".
    named_is=pattern(
        r"(?:[A-Z][\w'-]+ (?:van |de |den |der |van de |van den |van der |ten |ter |uit |op )?[A-Z][\w'-]+"
        r"|(?<=[a-z,] )[A-Z][a-z'-]+) (?:is|was|blijft|lijkt)(?: {insult_fills_dutch}){0,5} $"
    ),
    name_is=pattern(
        r"^,?\s+(?P<verb>{being_dutch}|je bent|jij bent|gij zijt|ge zijt|jij|gij|wat ben je|ben je"
        r"|zijt ge)(?:\s+{insult_fills_dutch}){0,5}\s+$"
    ),
    # "… printer", "… vraag"; "… uit het toneelstuk".
    thing_after=pattern(
        r"\s+(?:{called_names_dutch}|{praised_dutch})(?!\w)"
        r"|\s(?:van|uit|in|op)(?: (?:het|de|een|ons|onze|mijn|jullie))?(?: [\w-]+)?? {works_dutch}(?!\w)"
    ),
    # "… van een voorzitter".
    of_whom=pattern(
        r"\s(?:van|als) (?:een|ne|nen|de|die|dat|onze|ons|mijn) (?:\w+ )?{people_dutch}(?!\w)"
        r"|\s{people_dutch}(?!\w)"
    ),
    # "Een leugenaar is ze", "oplichters zijn het".
    so_they_are=re.compile(r",?\s(?:is|was|zijn|waren) (?:het|dat|die|hij|zij|ze|me dat)(?=\s*(?:[.!,]|$))"),
    # "Die printer is een …", "wat een … vraag".
    thing_before=pattern(
        r"(?<!\w){called_names_dutch}(?:\s(?:is|zijn|was|waren|blijft))?(?:\s{insult_fills_dutch}){0,3}\s+$"
        r"|(?<!\w)(?:{praised_dutch})\s+$"
    ),
    # "De wolf in het sprookje is een …".
    in_a_work=pattern(
        r"(?<!\w)(?:van|uit|in|op|bij)(?: (?:het|de|een|ons"
        r"|onze))?(?: [\w-]+)?? {works_dutch}(?!\w)[^.!?]{0,30}$"
    ),
    reads_english_self=False,
    reads_others_abroad=False,
)
