"""Products of others: LLL-17 (no seeming endorsement unless announced) and LLL-18 (financial disclosure)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.lexicons import Hit
from checks.screen import LISTED_LINKS, Need, Needs, Raw, Terms
from checks.web import Link, leads_to, links_of


class Promotion(Params):
    """`answered_by`: what makes a promotion fine: a link to the announcement, or a disclosure such as #ad.

    The lexicon's senses: `promo` (discount code), `disclosure` (#ad), `both` (affiliate link), `own` (our conference).
    """

    answered_by: Literal["announcement", "disclosure"]
    lexicon: str = "promotion"
    #: Hosts that exist to pay for referrals, and query parameters that name who is paid.
    hosts: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()

    def lexicons(self) -> tuple[str, ...]:
        """The lexicon the rule names."""
        return (self.lexicon,)


_PROMOTES = frozenset({"promo", "both"})
_DISCLOSES = frozenset({"disclosure", "both"})
#: Words such as "code" promote only with a code or a share beside them.
_CODE = re.compile(r"(?i:\b(?:code|coupon|gutscheincode|codigo|cupon)\b):?\s+[\"“']?(?P<code>[A-Z][A-Z0-9]{3,15})\b")


def _needs(params: Promotion) -> Needs:
    paid = [*map(re.escape, params.hosts), *([r"\?\S*="] if params.parameters else [])]
    links: list[Need] = [Raw(re.compile("|".join(paid), re.IGNORECASE)), LISTED_LINKS] if paid else []
    return [Terms(params.lexicon, tuple(_PROMOTES)), Raw(_CODE), *links]


@check("promotion", params=Promotion, screen=_needs)
def promotion(batch: Batch, rule: Rule, params: Promotion) -> Judgement:
    """Looks for discount codes, affiliate links and paid praise of other people's products.

    The association's own events, books and donations are left out, and so is what the rule says answers it.
    """

    def find(row: Row) -> Iterable[Evidence]:
        hits = row.hits(params.lexicon, also=("en",))
        if _is_answered(row, hits, params) or any(hit.sense == "own" for hit in hits):
            return []
        paid = [link for link in links_of(row) if _pays(link, params)]
        reason = "promotes a product that is not the association's"
        return [
            *(
                row.evidence(hit.start, hit.end, reason, 0.5 + 0.3 * hit.weight)
                for hit in hits
                if hit.sense in _PROMOTES
            ),
            *(Evidence("text", code.start(), code.end(), reason, 0.7) for code in _CODE.finditer(row.text.raw)),
            *(Evidence("text", link.start, link.end, "a link that pays for referrals", 0.8) for link in paid),
        ]

    return judge_each(batch, rule, find)


def _is_answered(row: Row, hits: Iterable[Hit], params: Promotion) -> bool:
    if params.answered_by == "disclosure":
        return any(hit.sense in _DISCLOSES for hit in hits)
    return any(leads_to(link, row.context.official_domains) for link in links_of(row))


def _pays(link: Link, params: Promotion) -> bool:
    return leads_to(link, params.hosts) or bool(set(link.parameters) & set(params.parameters))
