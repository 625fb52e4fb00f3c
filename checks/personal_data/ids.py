"""National id and tax numbers, passports, driving licences, and cards of health insurances."""

# ruff: noqa: RUF001 - people do write these characters.

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from stdnum import luhn
from stdnum.au import tfn
from stdnum.be import nn as be_nn
from stdnum.br import cpf
from stdnum.ch import ssn as ahv
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.ie import pps
from stdnum.it import codicefiscale
from stdnum.mx import curp
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.pt import nif
from stdnum.se import personnummer
from stdnum.us import itin

from checks.literals import may_be_in
from checks.personal_data.spans import UNLIKELY, Kind, Span
from checks.word_classes import filled

_NEAR = 60


@dataclass(frozen=True)
class _IdNumber:
    shape: re.Pattern[str]
    valid: Callable[[str], bool]
    #: A word that must stand shortly before; None where the shape and check digits tell enough.
    cue: re.Pattern[str] | None = None


def _always(_number: str) -> bool:
    return True


def _is_nino(number: str) -> bool:
    # HMRC NIM39110: never D F I Q U V as first letter, nor O as second; these prefixes are not issued.
    plain = re.sub(r"\W", "", number).upper()
    return (
        plain[0] not in "DFIQUV"
        and plain[1] not in "DFIQUVO"
        and plain[:2] not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}
    )


def _is_sin(number: str) -> bool:
    # Numbers that begin with 0 are given to nobody and stand in examples; beside the cue they are shown all the same.
    return luhn.is_valid(re.sub(r"\D", "", number))


def _cue(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b[^\n]{{0,25}}$", re.IGNORECASE)


def _shape(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){pattern}(?![\w-])", flags)


_ANY_CASE = re.IGNORECASE
#: The letters of US Medicare numbers: none that looks like a digit.
_MBI = "[AC-HJ-KM-NP-RT-Y]"
_ID_NUMBERS = (
    _IdNumber(_shape(r"9\d{2}-\d{2}-\d{4}"), itin.is_valid),
    _IdNumber(_shape(r"[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]"), _is_nino),
    _IdNumber(
        _shape(r"[A-Z]{2}[ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]", _ANY_CASE),
        _is_nino,
        _cue(r"national insurance|nino?|ni (?:number|no)"),
    ),
    _IdNumber(_shape(r"\d{3}[ -]?\d{3}[ -]?\d{4}"), nhs.is_valid, _cue(r"nhs(?: number| no)?")),
    _IdNumber(_shape(r"\d{8}[- ]?[A-Z]"), dni.is_valid),
    _IdNumber(_shape(r"\d{2}\.\d{3}\.\d{3}[- ]?[A-Z]", _ANY_CASE), dni.is_valid),
    _IdNumber(_shape(r"\d{8}[- ]?[a-z]"), dni.is_valid, _cue(r"dni|nif")),
    _IdNumber(_shape(r"[XYZ][- ]?\d{7}[- ]?[A-Z]"), nie.is_valid),
    _IdNumber(_shape(r"[12] ?\d{2} ?\d{2} ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}"), nir.is_valid),
    _IdNumber(_shape(r"[A-Z]{6} ?\d{2}[A-EHLMPR-T]\d{2} ?[A-Z]\d{3}[A-Z]", _ANY_CASE), codicefiscale.is_valid),
    _IdNumber(_shape(r"\d{3}\.\d{3}\.\d{3}-\d{2}"), cpf.is_valid),
    _IdNumber(_shape(r"\d{11}"), cpf.is_valid, _cue(r"cpf")),
    _IdNumber(_shape(r"[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d", _ANY_CASE), curp.is_valid),
    _IdNumber(_shape(r"756\.\d{4}\.\d{4}\.\d{2}"), ahv.is_valid),
    _IdNumber(
        _shape(r"\d{2} ?\d{3} ?\d{3} ?\d{3}"),
        idnr.is_valid,
        _cue(r"steuer-?(?:id|nummer|identifikationsnummer)\w*|steuerliche|idnr|tax id"),
    ),
    _IdNumber(_shape(r"\d{3}[- ]?\d{3}[- ]?\d{3}"), _is_sin, _cue(r"sin|social insurance")),
    _IdNumber(_shape(r"\d{3} ?\d{3} ?\d{3}"), tfn.is_valid, _cue(r"tfn|tax file number")),
    _IdNumber(_shape(r"\d{3}[ .]?\d{3}[ .]?\d{3}"), nif.is_valid, _cue(r"nif|contribuinte|n[uú]mero fiscal")),
    _IdNumber(_shape(r"\d{9}|\d{4}\.\d{2}\.\d{3}"), bsn.is_valid, _cue(r"bsn|burgerservicenummer|sofinummer")),
    _IdNumber(_shape(r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"), be_nn.is_valid),
    _IdNumber(_shape(r"\d{7}[A-W][AHWTX]?", _ANY_CASE), pps.is_valid, _cue(r"ppsn?(?: number| no)?")),
    _IdNumber(_shape(r"\d{11}"), pesel.is_valid, _cue(r"pesel")),
    _IdNumber(
        _shape(r"(?:\d{2})?\d{6}[-+]\d{4}"), personnummer.is_valid, _cue(r"person(?:nummer|al (?:identity )?number)")
    ),
    _IdNumber(_shape(r"\d{6}-?\d{4}"), cpr.is_valid, _cue(r"cpr(?:-?nummer|-?nr| number)?")),
    _IdNumber(
        _shape(r"\d{6}[-+A-FU-Y]\d{3}[0-9A-Y]"), hetu.is_valid, _cue(r"hetu|henkilötunnus|personal identity code")
    ),
    _IdNumber(_shape(r"\d{6} ?\d{5}"), fodselsnummer.is_valid, _cue(r"fødselsnummer|personnummer|f\.?nr")),
    _IdNumber(
        _shape(r"(?=(?:[A-Z]{0,4}\d){4})[A-Z0-9]{7,9}"),
        _always,
        re.compile(
            r"\b(?:passport|pasaporte|passeport|reisepass|passaporte|passaporto|paspoort)"
            r"(?:[- ]?(?:number|num|no|nr|id|n[uú]mero|nummer))?\b\.?"
            r"[^\w\n]{0,3}(?:(?:is|was|es|est|ist|è|é)\b ?)?[^\w\n]{0,2}$",
            re.IGNORECASE,
        ),
    ),
    _IdNumber(
        _shape(r"(?=[A-Z0-9-]{0,12}\d{4})[A-Z0-9-]{6,18}"),
        _always,
        re.compile(
            r"\b(?:driver[’']?s? licen[cs]e|driving licen[cs]e|dl)(?: (?:number|no|id))?\b\.?[^\w\n]{0,3}(?:is )?#?$",
            re.IGNORECASE,
        ),
    ),
    # US Medicare: the form of a Medicare Beneficiary Identifier (Centers for Medicare and Medicaid Services).
    _IdNumber(
        _shape(rf"[1-9]{_MBI}[A-Z0-9]\d-?{_MBI}[A-Z0-9]\d-?{_MBI}{_MBI}\d\d", _ANY_CASE), _always, _cue(r"medicare|mbi")
    ),
    # Australia's, and cards of other health insurances, which are long and of no common form.
    _IdNumber(
        _shape(r"(?=(?:[A-Z]?[ -]?\d){6})[A-Z]?\d[\d -]{5,14}\d(?:[ -]?[A-Z]{1,2})?"),
        _always,
        re.compile(
            r"\b(?:(?:medicare|medicaid|ohip|health (?:card|insurance)|krankenversicherung|krankenkasse|carte vitale)"
            r"(?:[- ]?s?(?:number|num|no|nr|nummer|id|card))+|versicherten-?(?:nummer|nr))\b\.?"
            r"[^\w\n]{0,3}(?:(?:is|ist|est) )?$",
            re.IGNORECASE,
        ),
    ),
    _IdNumber(
        _shape(r"(?=(?:[A-Z]{0,4}\d){4})[A-Z0-9]{8,12}"),
        _always,
        re.compile(
            r"\b(?:personalausweis(?:nummer)?|ausweisnummer|carte d[’']identit[ée]|carta d[’']identit[àa]|c[ée]dula"
            r"|(?:national )?(?:id|identity) card)(?:[- ]?(?:number|num|no|nr|n[uú]mero|num[ée]ro|nummer|n[°º]))?"
            r"[.°º]?[^\w\n]{0,3}(?:(?:is|est|ist|es|è|é) )?$",
            re.IGNORECASE,
        ),
    ),
)
_SELF_TELLING = tuple(number for number in _ID_NUMBERS if number.cue is None)
_ANY_CUE = re.compile(
    r"national insurance|nino?|\bni |\bnhs\b|\bdni\b|\bnif\b|\bcpf\b|steuer|idnr|tax |\bsin\b|social insurance|\btfn\b"
    r"|contribuinte|fiscal|\bbsn\b|burgerservice|sofinummer|\bpps|pesel|person|\bcpr|hetu|henkil|fødsel|\bf\.?nr"
    r"|pass|pasaporte|licen[cs]e|\bdl\b|medicar|medicaid|\bmbi\b|ohip|health |versicherte|kranken[kv]|vitale|ausweis"
    r"|identit|c[ée]dula|\bid card",
    re.IGNORECASE,
)
#: Every number holds six digits close together or letters among its digits.
_ENOUGH = re.compile(
    r"\d(?:(?:[ ._/\u2010-\u2013-]?\d){5}|(?<=[A-Za-z-]\d)\d{3}|\d{3}[A-Za-z]|[A-Za-z]\d|[A-Za-z]{2}\d-?[A-Za-z])"
)
#: What every number that tells itself holds: six digits close together, or those of an Italian tax code.
_MANY_DIGITS = re.compile(r"(?:\d[ .-]?){6}|\d\d[A-Z]\d\d ?[A-Z]\d{3}", re.IGNORECASE)
_SSN = re.compile(r"(?<![\w./-])(\d{3})([- ._/\u2010-\u2013]?)(\d{2})\2(\d{4})(?![\w-]|[.,/]\d)")
#: Every digit by itself, as people write who hide a number from machines.
_SSN_APART = re.compile(r"(?<![\w./-])\d(?:[ .-]\d){8}(?![\w-]|[ .,/-]\d)")
_SSN_WORDS = (
    r"\bs\.?s\.?n\b|\bss ?#|\bsocial security\b|\bsocial\b(?= (?:is|number|#))|\bsoc(?:ial)? sec\b|\bss number\b"
)
_SSN_CUE = re.compile(rf"(?:(?:{_SSN_WORDS})[^\n]{{0,40}}|\bsocial[:,]? ?)$", re.IGNORECASE)
_SSN_CUE_AFTER = re.compile(
    rf" ?[(\[-]?(?: ?is | ?as | )?(?:my |his |her |their |the )?(?:{_SSN_WORDS})", re.IGNORECASE
)
_PAPER = re.compile(filled(r"\b{papers_beside_ids}\b[^\n]{0,16}$"), re.IGNORECASE)


#: The patterns that `may_hold` asks for by their literals.
CUES = (_ANY_CUE,)


def may_hold(text: str, possible: Container[int] | None = None) -> bool:
    """Whether there can be anything for `find_id_numbers` to find. `possible`: which of `CUES` may match."""
    if _ENOUGH.search(text) is None:
        return False
    return bool(_MANY_DIGITS.search(text) or _SSN.search(text) or _is_cued(text, possible))


def _is_cued(text: str, possible: Container[int] | None = None) -> bool:
    return may_be_in(_ANY_CUE, text, possible) and _ANY_CUE.search(text) is not None


def find_id_numbers(text: str, possible: Container[int] | None = None) -> Iterator[Span]:
    """National ids, tax ids, passports and driving licences, by shape, check digit and, where both are weak, a cue.

    `possible`: which of `CUES` may match.
    """
    if not _ENOUGH.search(text):
        return
    yield from _social_security(text)
    cued = _is_cued(text, possible)
    if not cued and not _MANY_DIGITS.search(text):
        return
    for number in _ID_NUMBERS if cued else _SELF_TELLING:
        for match in number.shape.finditer(text):
            before = text[max(0, match.start() - _NEAR) : match.start()]
            if (number.cue is None or number.cue.search(before)) and number.valid(match.group()):
                yield Span(match.start(), match.end(), Kind.ID_NUMBER, 0.95 if number.cue else 0.9)


def _social_security(text: str) -> Iterator[Span]:
    for match in _SSN_APART.finditer(text):
        if _is_called_ssn(text, match):
            yield Span(match.start(), match.end(), Kind.SSN, 0.9)
    for match in _SSN.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        cued = _is_called_ssn(text, match)
        confidence = _ssn_confidence(match, cued=cued)
        if confidence is not None:
            paper = not cued and _PAPER.search(before)
            yield Span(match.start(), match.end(), Kind.SSN, min(confidence, UNLIKELY) if paper else confidence)


def _is_called_ssn(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _NEAR) : match.start()]
    return bool(_SSN_CUE.search(before) or _SSN_CUE_AFTER.match(text, match.end()))


def _ssn_confidence(match: re.Match[str], *, cued: bool) -> float | None:
    area, separator, group, serial = match.groups()
    # SSA: areas 000, 666 and 900 to 999, group 00 and serial 0000 are never issued.
    if area in ("000", "666") or area.startswith("9") or group == "00" or serial == "0000":
        return None
    if cued:
        return 0.97 if separator else 0.9
    if not separator:
        return None
    return 0.4 if separator in " ._/" else 0.85
