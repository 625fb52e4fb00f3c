"""Payment cards and bank accounts, told by issuer prefix, length and check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban, luhn

from checks.personal_data.spans import UNLIKELY, URL, Kind, Span, within
from checks.word_classes import filled

_CARD = re.compile(r"(?<![\w./+-])(?:\d[ \u00a0._/\u2010-\u2013-]?){11,24}\d(?![\w-]|[.,/]\d| ?[%€$£])")
_ROW = re.compile(r"\d(?:[ \u00a0._/\u2010-\u2013-]?\d){11}")
_CARD_CUE = re.compile(
    filled(r"\b(?:{card_words}|expir\w{1,4}|pay\w{0,4}|charge\w?|{card_words_abroad}|kreditkarte\w?)\b"), re.IGNORECASE
)
_PAPER = re.compile(filled(r"\b{papers_beside_cards}\b[^\n]{0,24}$"), re.IGNORECASE)
#: Issuer prefixes with the lengths they are issued in (ISO/IEC 7812 ranges as the schemes publish them).
_ISSUERS = tuple(
    (re.compile(prefix), lengths)
    for prefix, lengths in (
        (r"3[47]", {15}),  # American Express
        (r"4", {13, 16, 19}),  # Visa
        (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", {16}),  # Mastercard
        (r"6011|64[4-9]|65|622", {16, 19}),  # Discover
        (r"35(?:2[89]|[3-8])", {16, 17, 18, 19}),  # JCB
        (r"2131|1800", {15}),  # JCB, older
        (r"30[0-5]|3095|36|3[89]", {14, 16, 19}),  # Diners Club
        (r"62|81", {16, 17, 18, 19}),  # UnionPay, RuPay
        (r"220[0-4]", {16, 17, 18, 19}),  # Mir
        (r"508|6(?:0|52)|82|353|356", {16}),  # RuPay
        (r"9792|5019|4571|5060|6065|606282|3841", {16, 19}),  # Troy, Dankort, Verve, Hipercard
        (r"5018|5020|5038|5[0678]|6(?:0|3|7)|6304|6759|676[1-3]", set(range(12, 20))),  # Maestro
    )
)
#: Maestro's odd lengths are shared with parcels and barcodes; they need a word beside them.
_USUAL = frozenset({14, 15, 16})
#: Looked for from the digits, which are rarer than letters.
_LETTERS_AND_DIGITS = re.compile(r"\d\d(?<=[A-Za-z]{2}\d\d)")
#: Looked ahead at, so that a flat's "AB12" takes no account number that stands behind it along.
_IBAN = re.compile(r"(?<![A-Za-z0-9])(?=([A-Za-z]{2}\d{2}(?:[ \u00a0.-]?[A-Za-z0-9]){11,30}))")
#: An account for gifts or dues is published on purpose.
_PUBLIC_ACCOUNT = re.compile(filled(r"\b{gifts_and_dues}\b"), re.IGNORECASE)
_NEAR = 60
_DIGIT = re.compile(r"\d")
#: As `_CARD` has them.
_FEWEST_DIGITS = 12


def may_hold(text: str) -> bool:
    """Whether there can be anything for `find_cards_and_accounts` to find."""
    return bool(_LETTERS_AND_DIGITS.search(text) and _IBAN.search(text)) or _ROW.search(text) is not None


def find_cards_and_accounts(text: str) -> Iterator[Span]:
    """Payment cards (issuer prefix, length, Luhn check digit) and IBANs (length by country, mod 97).

    Accounts published for gifts or dues have the confidence `spans.UNLIKELY`.
    """
    for match in _IBAN.finditer(text) if _LETTERS_AND_DIGITS.search(text) else ():
        end = _iban_end(match[1])
        if end:
            around = text[max(0, match.start() - _NEAR) : match.start() + end + _NEAR]
            yield Span(
                match.start(),
                match.start() + end,
                Kind.BANK_ACCOUNT,
                UNLIKELY if _PUBLIC_ACCOUNT.search(around) else 0.95,
            )

    if len(_DIGIT.findall(text)) < _FEWEST_DIGITS:
        return
    urls = [match.span() for match in URL.finditer(text)]
    for match in _CARD.finditer(text):
        for start, end in _windows(match):
            confidence = None if within(start, urls) else _card_confidence(text, start, end)
            if confidence is not None:
                yield Span(start, end, Kind.CARD, confidence)
                break


_DECIMAL = re.compile(r"\d{1,3}\.\d+")
_GROUPS = re.compile(r"\d+")
#: So many numbers may stand before or after the card in one row.
_STRAY = 2


def _windows(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The row of digits, then the row without a number or two at its ends."""
    groups = [(match.start() + group.start(), match.start() + group.end()) for group in _GROUPS.finditer(match.group())]
    for stray in range(min(_STRAY, len(groups) - 1) + 1):
        for first in range(stray + 1):
            start, end = groups[first][0], groups[len(groups) - 1 - stray + first][1]
            if match.string[start - 1 : start] not in (".", "-") or start == match.start():
                yield start, end


def _card_confidence(text: str, start: int, end: int) -> float | None:
    digits = re.sub(r"\D", "", text[start:end])
    separators = set(re.sub(r"\d", "", text[start:end]))
    if (
        len(separators) > 1
        or _DECIMAL.fullmatch(text[start:end])
        or len(set(digits)) == 1
        or not _is_issued(digits)
        or not luhn.is_valid(digits)
    ):
        return None
    before = text[max(0, start - _NEAR) : start]
    if _CARD_CUE.search(before) or _CARD_CUE.match(text[end : end + 24].lstrip(" ,.;(-")):
        return 0.97
    if _PAPER.search(before):
        return None
    return (0.85 if separators else 0.75) if len(digits) in _USUAL else 0.6


def _is_issued(digits: str) -> bool:
    return any(len(digits) in lengths and prefix.match(digits) for prefix, lengths in _ISSUERS)


def _iban_end(raw: str) -> int:
    """Where the account number ends in a row of letters and digits that may run on into words; 0: there is none."""
    places = [place + 1 for place, character in enumerate(raw) if character.isalnum()]
    for length in range(len(places), 14, -1):
        end = places[length - 1]
        closed = end == len(raw) or not raw[end].isalnum()
        # Only the international check: which national check digits a bank uses is no concern of ours.
        if closed and iban.is_valid(raw[:end], check_country=False):
            return end
    return 0
