"""Payment cards and bank accounts."""



from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban, luhn

from checks.personal_data.spans import Kind, Span

_CARD = re.compile(r"(?<![\w.-])(?:\d[ -]?){12,18}\d(?![\w-]|\.\d)")
_CARD_CUE = re.compile(
    r"\b(?:card|visa|master ?card|amex|american express|credit|debit|cvv|tarjeta|carte|karte|cart[aã]o|carta)\b",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?!\w)")
#: An account for gifts or dues is published on purpose.
_PUBLIC_ACCOUNT = re.compile(
    r"\b(?:donat\w+|dues|membership fee|our account|chapter account|spende\w*|beitrag\w*|don(?:s|ation)?|cotisation|"
    r"donativos?|donaci[oó]n\w*|cuota|doa[cç][aã]o|doa[cç][oõ]es|quota|donazion\w+)\b",
    re.IGNORECASE,
)
_CARD_LENGTHS = (
    (r"3[47]", (15,)),
    (r"4", (13, 16, 19)),
    (r"5[1-5]|2[2-7]", (16,)),
    (r"6(?:011|4|5)|35|30|36|38", (14, 16)),
)
_NEAR = 60


def find_cards_and_accounts(text: str) -> Iterator[Span]:
    """Payment cards (issuer prefix and Luhn check digit) and IBANs that are not published for gifts or dues."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if _is_card(digits) and luhn.is_valid(digits):
            cued = bool(_CARD_CUE.search(text[max(0, match.start() - _NEAR) : match.start()]))
            yield Span(match.start(), match.end(), Kind.CARD, 0.95 if cued else 0.75)
    for match in _IBAN.finditer(text):
        around = text[max(0, match.start() - _NEAR) : match.end() + _NEAR]
        if iban.is_valid(match.group()) and not _PUBLIC_ACCOUNT.search(around):
            yield Span(match.start(), match.end(), Kind.BANK_ACCOUNT)


def _is_card(digits: str) -> bool:
    return any(re.match(prefix, digits) and len(digits) in lengths for prefix, lengths in _CARD_LENGTHS)
