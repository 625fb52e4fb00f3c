"""How Spanish and Portuguese point an insult at somebody; the two share most of it."""

from __future__ import annotations

import re

from checks.harassment.grammar import Grammar
from checks.word_classes import pattern

ROMANCE = Grammar(
    # "Ustedes son …", "és uma …", "estás hecha una …".
    you_are=pattern(
        r"(?<![\w'])(?:(?:tu |vos )?(?:eres|sos|sois)|usted es|ustedes son"
        r"|(?:voces|vcs|ces) sao|(?:voce|vc|ce) (?:e|ta)|tu es"
        r"|es(?= (?:mesmo )?uma?(?!\w))|(?:estas|estais|esta) hech[oa]s?)(?:\s+{insult_fills_romance}){0,5}\s+$"
        r"|(?:^|(?<=[.!?,;:])\s?){called_romance}(?:\s+{insult_fills_romance}){0,3}\s+$"
    ),
    # "… eres!", "… que você é!"
    so_you_are=re.compile(
        r"\s(?:que )?(?:eres|sos|sois|estas hech[oa]|estais hech[oa]s|(?:voce|vc|tu) e|tu es|es tu)(?!\w)"
    ),
    # "No eres …", "ya no sos …".
    denied=re.compile(r"(?<!\w)(?:no|nunca|tampoco|nem|nao|ni|jamas|jamais)(?: (?:tu|vos|usted))? $"),
    spoken_to=pattern(r"(?<![\w']){spoken_to_romance}(?!\w)"),
    # "Si te dicen que …": what others say, or somebody may think of themselves.
    said_by_others=pattern(r"(?<!\w){said_by_others_romance}(?!\w)[^.!?]*$"),
    # "Soy una …", "me sinto …"; "… que soy", "… que eu sou".
    of_myself=pattern(r"(?<![\w']){of_myself_romance}(?:\s+{insult_fills_romance}){0,4}\s+$"),
    i_am=re.compile(r"(?:\s[\w'-]+)?\s(?:que )?(?:yo )?(?:soy|fui|sou|eu sou|de mi|de mim)(?!\w)"),
    nobody=re.compile(r"(?<!\w)(?:nadie|ninguna?|ninguem|nenhuma?)(?!\w)"),
    # "La directora es una …", "ela é uma …".
    person_is=pattern(
        r"(?<![\w']){people_romance}(?: (?:de|del|da|do) \w+(?: \w+)?)? (?P<verb>{being_romance})"
        r"(?:\s+{insult_fills_romance}){0,4}\s+$"
    ),
    # "Esa es una …", "todos são uns …".
    those_are=pattern(
        r"(?<![\w']){pointed_at_romance} (?P<verb>{being_romance})(?:\s+{insult_fills_romance}){0,4}\s+$"
    ),
    name_is=pattern(r"^\s+(?P<verb>{being_romance})(?:\s+{insult_fills_romance}){0,5}\s+$"),
    # "… impresora", "… ideia"; "… de la obra".
    thing_after=pattern(
        r"\s+(?:{called_names_romance}|{praised_romance})(?!\w)"
        r"|\s(?:de|del|en|do|da|na|no|em)(?: (?:la|el|las|los|un|una|uma?))?(?: \w+)?? {works_romance}(?!\w)"
    ),
    # "Una pregunta tan …", "que ideia …".
    thing_before=pattern(r"(?<!\w){called_names_romance}(?:\s(?:es|son|e|sao))?(?:\s{insult_fills_romance}){0,3}\s+$"),
    # "El lobo del cuento es un …".
    in_a_work=pattern(r"(?<!\w)(?:del|de la|en el|en la|da|do|na|no)(?: \w+)?? {works_romance}(?!\w)[^.!?]{0,24}$"),
)
