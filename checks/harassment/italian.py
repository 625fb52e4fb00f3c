"""How Italian points an insult at somebody."""

from __future__ import annotations

import re

from checks.harassment.grammar import Grammar
from checks.word_classes import pattern

#: What stands between the verb and the insult, an article glued to it included: "sei proprio un'…".
_FILLS = r"(?:\s+{insult_fills_italian}){0,5}\s+(?:un'|l'|dell'|d')?$"

ITALIAN = Grammar(
    # "Sei una …", "siete dei …"; "i sei …" and "alle sei …" are six. "Brutta …", "taci, …": without the verb.
    you_are=pattern(
        r"(?<![\w'])(?<!\bi )(?<!\ble )(?<!\balle )(?<!\bdi )(?<!\bper )(?<!\bda )(?<!\ba )(?<!\bin )(?<!\bdei )"
        r"(?:tu |voi |te |ve )?(?:sei|siete|eri|eravate|sarai|sarete|sembri|sembrate|si'|site|resti|rimani)"
        rf"(?: (?:stata|stato|state|stati))?{_FILLS}"
        r"|(?:^|(?<=[.!?,;:])\s?)(?:ma |e )?{called_italian},?(?:\s+{insult_fills_italian}){0,3}\s+$"
        r"|(?<![\w'])(?:tu|voi)(?:,|\s)\s*(?:{insult_fills_italian}\s+){0,3}(?:un'|l')?$"
    ),
    # "… che sei!", "… che non siete altro".
    so_you_are=re.compile(r"\s(?:che )?(?:non )?(?:sei|siete)(?!\w)"),
    # "Ridicola, ti credi …", "balena, copriti": the word opens the sentence.
    you_behind=pattern(r"\s?[,!](?:\s[\w',!-]+){0,4}?\s{spoken_to_italian}(?!\w)"),
    # "Non sei …".
    denied=re.compile(
        r"(?<!\w)(?:non|nun|mica|mai|nemmeno|neanche|ne|nessun[oa])(?: (?:tu|voi|ti|te|ci|di|tra|e che|e vero che))? $"
    ),
    spoken_to=pattern(r"(?<![\w']){spoken_to_italian}(?!\w)"),
    # "Se ti dicono che …", "mi ha detto che …", "smetti di pensare di essere …".
    said_by_others=pattern(r"(?<!\w){said_by_others_italian}(?!\w)[^.!?]*$"),
    # "Sono una …", "mi sento …"; "… che sono", "… io", "…, ho dimenticato …". "Sono dei …" are others.
    of_myself=pattern(
        rf"(?:(?<![\w']){{of_myself_italian}}|(?:^|[.!?,;:(]\s?|(?<!\w)(?:ma|che|e|scusate)\s)sono){_FILLS}"
    ),
    i_am=pattern(r"(?:(?:\s[\w'-]+)?\s{i_am_italian}|\s?[,!]\s{own_slip_italian})(?!\w)"),
    nobody=pattern(r"(?<!\w){nobody_italian}(?!\w)"),
    # "La presidente è una …", "quella consulente è una …".
    person_is=pattern(
        r"(?<!\w)(?:{people_italian}"
        r"(?: (?:d[aei]|del|della|dello|dell'|dei|delle)\s?\w+(?: (?:d[aei] |del |della )?\w+)?"
        r"| [\w-]+)??|que(?:ll|st)[aoie](?= (?:e'?|sono|era|erano) (?:un|de|tutt|sol|propri)))"
        rf" (?P<verb>{{being_italian}}){_FILLS}"
    ),
    # "Questa è una …".
    those_are=pattern(rf"(?<![\w']){{pointed_at_italian}} (?P<verb>{{being_italian}}){_FILLS}"),
    # "Quella …", "che branco di …", "quell'…", "sono tutti dei …".
    pointed=pattern(
        r"(?<![\w']){pointing_italian}(?:\s+{insult_fills_italian}){0,3}\s+$|(?<![\w'])(?:quell'|quest'|st')$"
        r"|(?<!\w)sono (?:tutt[ie]|de[il]|delle|degli|solo)(?:\s+{insult_fills_italian}){0,3}\s+$"
    ),
    # "… della coordinatrice", "… del mio capo".
    of_whom=pattern(
        r"\s(?:di|del|della|dell'|dello)\s?(?:mi[ao] |tu[ao] |su[ao] |nostr[ao] |vostr[ao] )?{people_italian}(?!\w)"
    ),
    name_is=pattern(rf"^\s+(?P<verb>{{being_italian}}){_FILLS}"),
    # On the stored text: "Anna Rossi è una …".
    named_is=pattern(
        r"(?:[A-Z][\w'-]+ ){1,2}(?:è|e'|È|era|resta|rimane|sembra|si è rivelat[oa])"
        r"(?: (?:un|una|uno|proprio|solo|davvero|veramente|la|il|sempre|così|troppo|stat[oa]|brutt[oa]|gran))*"
        r" (?:un')?$"
    ),
    # "… stampante", "… del navigatore", "… meravigliosa"; "… della recita".
    thing_after=pattern(
        r"\s+(?:{called_names_italian}|{praised_italian})(?!\w)"
        r"|\s(?:di|del|della|dello|dell'|dei|delle|il|lo|la|l'|i|gli|le|sto|sta|sti|ste|questo|questa|questi|queste)\s?"
        r"(?:{called_names_italian})(?!\w)"
        r"|\s(?:di|del|nel|dal|al|in|della|nella|alla|dello|nello|dell'|nell'|dei|delle|a)"
        r"(?: (?:un|una|quel|quella|nostro|nostra))?\s?(?:\w+ )??{works_italian}(?!\w)"
    ),
    # "Una domanda …", "che idea …", "maledetta stampante, è una …".
    thing_before=pattern(
        r"(?<!\w){called_names_italian},?(?:\s(?:[\w']+\s){0,2}?{being_italian})?(?:\s{insult_fills_italian}){0,3}\s+(?:un')?$"
    ),
    # "La strega della recita è una …", "nel film la …".
    in_a_work=pattern(
        r"(?<!\w)(?:del|della|dell'|dello|nel|nella|nell'|nello|di|la|il)\s?(?:\w+ )??{works_italian}(?!\w)"
        r"[^.!?]{0,40}$"
    ),
    reads_english_self=False,
)
