"""National id and tax numbers, passports and driving licences."""

# ruff: noqa: E501 - grammars and word lists read better unbroken, and people do write these characters.

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stdnum.be import nn as be_nn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.it import codicefiscale
from stdnum.mx import curp
from stdnum.nl import bsn
from stdnum.us import itin, ssn

from checks.personal_data.spans import Kind, Span

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


def _cue(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b[^\n]{{0,25}}$", re.IGNORECASE)


_ID_NUMBERS = (
    _IdNumber(re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])"), lambda n: ssn.is_valid(n) or itin.is_valid(n)),
    _IdNumber(re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])"), _always, _cue(r"ssn|social security")),
    _IdNumber(re.compile(r"(?<![\w-])\d{9}(?![\w-])"), ssn.is_valid, _cue(r"ssn|social security")),
    _IdNumber(re.compile(r"(?<!\w)[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)"), _is_nino),
    _IdNumber(re.compile(r"(?<![\w-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-])"), nhs.is_valid, _cue(r"nhs (?:number|no)")),
    _IdNumber(re.compile(r"(?<![\w-])\d{8}[- ]?[A-Z](?!\w)"), dni.is_valid),
    _IdNumber(re.compile(r"(?<![\w-])[XYZ][- ]?\d{7}[- ]?[A-Z](?!\w)"), nie.is_valid),
    _IdNumber(re.compile(r"(?<![\w-])[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?![\w-])"), nir.is_valid),
    _IdNumber(
        re.compile(r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z](?!\w)"),
        codicefiscale.is_valid,
    ),
    _IdNumber(re.compile(r"(?<![\w-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])"), cpf.is_valid),
    _IdNumber(re.compile(r"(?<!\w)[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d(?!\w)"), curp.is_valid),
    _IdNumber(
        re.compile(r"(?<![\w-])\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\w-])"), idnr.is_valid, _cue(r"steuer-?(?:id|nummer)\w*")
    ),
    _IdNumber(re.compile(r"(?<![\w-])\d{3}[- ]?\d{3}[- ]?\d{3}(?![\w-])"), sin.is_valid, _cue(r"sin|social insurance")),
    _IdNumber(re.compile(r"(?<![\w-])\d{9}(?![\w-])"), bsn.is_valid, _cue(r"bsn|burgerservicenummer")),
    _IdNumber(re.compile(r"(?<![\w-])\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?![\w-])"), be_nn.is_valid),
    _IdNumber(
        re.compile(r"(?<!\w)(?=[A-Z0-9]{0,4}\d{4})[A-Z0-9]{7,9}(?!\w)"),
        _always,
        re.compile(
            r"\b(?:passport|pasaporte|passeport|reisepass|passaporte|passaporto|paspoort)"
            r"(?:[- ]?(?:number|num|no|nr|id|n[uú]mero|nummer))?\b\.?[^\w\n]{0,3}(?:(?:is|was|es|est|ist|è|é)\b ?)?[^\w\n]{0,2}$",
            re.IGNORECASE,
        ),
    ),
    _IdNumber(
        re.compile(r"(?<!\w)(?=[A-Z0-9-]{0,12}\d{4})[A-Z0-9-]{6,18}(?!\w)"),
        _always,
        re.compile(
            r"\b(?:driver'?s? licen[cs]e|driving licen[cs]e)(?: (?:number|no|id))?\b\.?[^\w\n]{0,3}(?:is )?#?$",
            re.IGNORECASE,
        ),
    ),
)


def find_id_numbers(text: str) -> Iterator[Span]:
    """National ids, tax ids, passports and driving licences, by shape, check digit and, where both are weak, a cue."""
    if not re.search(r"\d{2}", text):
        return
    for number in _ID_NUMBERS:
        for match in number.shape.finditer(text):
            before = text[max(0, match.start() - _NEAR) : match.start()]
            if number.valid(match.group()) and (number.cue is None or number.cue.search(before)):
                yield Span(match.start(), match.end(), Kind.ID_NUMBER)
