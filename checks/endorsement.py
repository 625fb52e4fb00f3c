"""Products of others: LLL-17 (no seeming endorsement unless announced) and LLL-18 (financial disclosure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from chapterwatch.policy import Rule
from checks.base import Batch, Evidence, Judgement, Params, Row, check, judge_each
from checks.composed import Cue, Recipe, meeting
from checks.cues import in_span
from checks.lexicons import Hit
from checks.screen import LISTED_LINKS, Need, Needs, Raw, Terms
from checks.web import Link, leads_to, links_of
from checks.word_classes import entries, pattern


class Promotion(Params):
    """`answered_by`: what makes a promotion fine: a link to the announcement, or a disclosure such as #ad.

    The lexicon's senses: `promo` (discount code), `disclosure` (#ad), `both` (affiliate link), `own` (our conference),
    `praise` (I swear by) of a `product` (pump) with the name of a brand, `offer` (link below) of one.
    """

    answered_by: Literal["announcement", "disclosure"]
    lexicon: str = "promotion"
    #: Cues that promote only together: what is sold, who sells, for less, praised, and what takes it back.
    wares: str = "wares"
    #: Hosts that exist to pay for referrals, and query parameters that name who is paid.
    hosts: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    #: Parameters that name who is paid only in the address of a shop.
    shop_parameters: tuple[str, ...] = ("ref", "aff", "via", "coupon", "promo", "discount", "partner")

    def lexicons(self) -> tuple[str, ...]:
        """The lexicons the rule names."""
        return (self.lexicon, self.wares)


_PROMOTES = frozenset({"promo", "both"})
_DISCLOSES = frozenset({"disclosure", "both"})
#: Words such as "code" promote only with a code or a share beside them.
_CODE = re.compile(
    r"(?i:\b(?:code|coupon|gutscheincode|codigo|cupon)\b):?\s+[\"“']?(?P<code>[A-Z][A-Z0-9]{3,15})\b"
    # "Código" is also what opens a meeting, so a discount must follow.
    r"|(?i:\b(?:código|cupón|cupom)\b):?\s+[\"“']?[A-Z][A-Z0-9]{3,15}\b(?=[^.!?\n]{0,60}(?i:%|descuento|desconto))"
)
#: The address of a shop, or of something in one.
_SHOP = re.compile(r"shop|store|boutique|product|/buy|/p/|\bcart\b", re.IGNORECASE)
#: A brand as the stored text shows it: two capitals in a word ("BabyGlow"), or a sign of a registered name.
_BRAND = re.compile(r"\b[A-Z][a-z]+[A-Z][a-zA-Z]+\b|\w[®™]")
#: A capitalised word behind another word, no place or person ("in Harwick", "to Anna").
#: No brand in German, which writes every noun so.
_CAPITAL = re.compile(
    r"(?<!\bto )(?<!\bin )(?<!\bat )(?<!\bon )(?<!\bby )(?<!\bthe )(?<!\bfor )(?<!\bnear )(?<!\bthat )"
    r"(?<=[a-z0-9,'’-] )(?P<name>[A-Z][a-z]{2,}(?:'s)?)\b"  # noqa: RUF001
)
#: "the Nestwell pump", "a Quillow ring carrier".
_THE_BRAND = re.compile(r"(?<=\w )(?P<name>[A-Z][\w-]{2,}) (?:[a-z-]+ )?$")
_NO_BRANDS = frozenset(entries("no_brands"))


def _needs(params: Promotion) -> Needs:
    paid = [*map(re.escape, params.hosts), *([r"\?\S*="] if params.parameters or params.shop_parameters else [])]
    links: list[Need] = [Raw(re.compile("|".join(paid), re.IGNORECASE)), LISTED_LINKS] if paid else []
    praised = (Terms(params.lexicon, ("praise",)), Terms(params.lexicon, ("product",)))
    composed = [
        (one, other) for first, second in _PAIRS for one in _told(params, first) for other in _told(params, second)
    ]
    return [
        Terms(params.lexicon, tuple(_PROMOTES)),
        praised,
        Terms(params.lexicon, ("offer",)),
        Raw(_CODE),
        *composed,
        *links,
    ]


def _told(params: Promotion, kind: str) -> list[Terms]:
    """Where a kind of cue is told: by the words of wares, and by those of promotion that count as it."""
    same = [sense for sense, counts_as in _COUNTS_AS.items() if counts_as == kind]
    return [Terms(params.wares, (kind,)), *([Terms(params.lexicon, tuple(same))] if same else [])]


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
        listed = [
            *(
                row.evidence(hit.start, hit.end, reason, 0.5 + 0.3 * hit.weight)
                for hit in hits
                if hit.sense in _PROMOTES and not row.text.is_negated(hit.start, reach=24) and not _is_asked(row, hit)
            ),
            *_praised(row, hits),
            *_offered(row, hits),
            *(Evidence("text", code.start(), code.end(), reason, 0.7) for code in _CODE.finditer(row.text.raw)),
            *(Evidence("text", link.start, link.end, "a link that pays for referrals", 0.8) for link in paid),
        ]
        # The parts of an offer say once more what its listed wording has said.
        return listed or _composed(row, params)

    return judge_each(batch, rule, find)


#: "Where do I enter the promo code?", "Does anyone know of a discount for …?"
_ASKS = re.compile(
    r"(?:\S+ )?"
    r"(?:where|how (?:do|can|would)|does|do (?:you|they)|is there|are there|anyone|can i|could i|why|which|when)"
    r"(?![\w'])"
)


def _is_asked(row: Row, hit: Hit) -> bool:
    """Whether an offer is asked for, not made."""
    start, end = row.text.sentence_at(hit.start)
    return (
        row.text.words[hit.end : end].rstrip().endswith("?")
        and _ASKS.match(row.text.words[start:].lstrip()[:60]) is not None
    )


def _is_answered(row: Row, hits: Iterable[Hit], params: Promotion) -> bool:
    if params.answered_by == "disclosure":
        return any(hit.sense in _DISCLOSES for hit in hits)
    return any(leads_to(link, row.context.official_domains) for link in links_of(row))


def _praised(row: Row, hits: Sequence[Hit]) -> Iterator[Evidence]:
    """Praise of a product in a sentence that names its brand."""
    text = row.text
    for praise in (hit for hit in hits if hit.sense == "praise"):
        sentence = text.sentence_at(praise.start)
        product = next((hit for hit in in_span(hits, sentence) if hit.sense == "product"), None)
        spoken = text.is_reported(praise.start, praise.end) or text.is_negated(praise.start, reach=16)
        if product is None or spoken or text.words[slice(*sentence)].rstrip().endswith("?"):
            continue
        if _names_brand(row, text.cut(*sentence)):
            start, end = min(praise.start, product.start), max(praise.end, product.end)
            yield row.evidence(start, end, "praises a product of a brand", 0.55)
            return


def _offered(row: Row, hits: Sequence[Hit]) -> Iterator[Evidence]:
    """An offer in a post that names a brand: of a product, or with a second offer beside it."""
    offers = [hit for hit in hits if hit.sense == "offer" and not row.text.is_negated(hit.start, reach=24)]
    product = next((hit for hit in hits if hit.sense == "product"), None)
    if not offers or (product is None and len(offers) == 1):
        return
    first = offers[0]
    other = product or offers[1]
    around = row.text.sentence_at(first.start)[0], row.text.sentence_at(other.start)[1]
    if _names_brand(row, row.text.cut(min(around), max(around))):
        yield row.evidence(
            min(first.start, other.start), max(first.end, other.end), "offers a product of a brand", 0.55
        )


#: What every recipe has two of.
_PAIRS = (("ware", "sell"), ("ware", "urge"), ("ware", "deal"), ("urge", "deal"), ("sell", "sell"), ("deal", "deal"))
#: What the words of promotion, which need more beside them, count as in a recipe.
_COUNTS_AS = {"product": "ware", "praise": "urge", "offer": "deal"}
#: Kinds of cue that offer something together, surest first; `brand` also asks for the name of a brand beside them.
_RECIPES = (
    Recipe.of("ware sell price", 0.65),
    Recipe.of("ware sell deal", 0.65),
    Recipe.of("ware urge deal price", 0.65, "brand"),
    Recipe.of("sell sell price", 0.6),
    Recipe.of("ware sell sell", 0.55),
    Recipe.of("sell sell sell", 0.55),
    Recipe.of("ware urge deal", 0.55),
    Recipe.of("ware urge price", 0.55),
    Recipe.of("ware urge urge", 0.55, "brand"),
    Recipe.of("ware urge", 0.55, "brand"),
    Recipe.of("ware deal", 0.55, "brand"),
    Recipe.of("ware sell", 0.55, "brand"),
    Recipe.of("urge deal", 0.55, "brand"),
    Recipe.of("deal deal", 0.55, "brand"),
)
_OFFER_REACH = 220
#: "£12", "15 dollars", "20 percent", "R850", "-30 %".
_PRICE = pattern(
    r"(?<![\w])(?:(?:[£€₹]|(?:us|r|mx|ar|s/)?\$)\s?\d|r\d{2,4}(?!\d)"
    r"|\d[\d.,]*\s?(?:[£$€₹%]|{currencies}|off\b)"
    r"|(?:five|ten|fifteen|twenty|thirty|forty|fifty|hundred) (?:dollars|bucks|quid|pounds|euros|percent|rand)"
    r")"
)


def _composed(row: Row, params: Promotion) -> Iterator[Evidence]:
    """An offer by its parts: a ware, who sells it, a price or a deal, praise, a brand."""
    hits = row.hits(params.wares, also=("en",))
    if any(hit.sense == "against" for hit in hits):
        return
    also = [hit for hit in row.hits(params.lexicon, also=("en",)) if hit.sense in _COUNTS_AS]
    cues = [
        Cue(hit.start, hit.end, _COUNTS_AS.get(hit.sense or "", hit.sense or ""))
        for hit in (*hits, *(hit for hit in also if not _in_any(hit, hits)))
        if not row.text.is_negated(hit.start, reach=16) and not row.text.is_reported(hit.start, hit.end)
    ]
    cues += [Cue(found.start(), found.end(), "price") for found in _PRICE.finditer(row.text.plain)]
    for recipe in _RECIPES:
        span = meeting(cues, recipe, _OFFER_REACH)
        if span is not None and _counts(row, recipe, span, cues):
            yield row.evidence(*span, "reads as an offer of a product or a service", recipe.confidence)
            return


def _in_any(hit: Hit, others: Sequence[Hit]) -> bool:
    """Whether a hit shares words with another, which then counts alone."""
    return any(hit.start < other.end and other.start < hit.end for other in others)


def _counts(row: Row, recipe: Recipe, span: tuple[int, int], cues: Sequence[Cue]) -> bool:
    """Whether a recipe that asks for a brand has one: anywhere in its sentences, or right before the ware."""
    start, end = row.text.sentence_at(span[0])[0], row.text.sentence_at(max(span[0], span[1] - 1))[1]
    if recipe.mark != "brand" or _names_brand(row, row.text.cut(start, end)):
        return True
    wares = (cue.start for cue in cues if cue.kind == "ware" and span[0] <= cue.start < span[1])
    return row.language != "de" and any(_is_branded(row.text.cut(max(0, at - 30), at)) for at in wares)


def _is_branded(before: str) -> bool:
    found = _THE_BRAND.search(before)
    return found is not None and found["name"].casefold() not in _NO_BRANDS


def _names_brand(row: Row, stored: str) -> bool:
    if _BRAND.search(stored):
        return True
    if row.language == "de":
        return False
    own = {word.casefold() for name in (row.context.association, *row.context.people) for word in name.split()}
    names = (found["name"].removesuffix("'s").casefold() for found in _CAPITAL.finditer(stored))
    return any(name not in _NO_BRANDS and name not in own for name in names)


def _pays(link: Link, params: Promotion) -> bool:
    told = set(link.parameters)
    in_shop = bool(told & set(params.shop_parameters)) and bool(_SHOP.search(link.url))
    return leads_to(link, params.hosts) or bool(told & set(params.parameters)) or in_shop
