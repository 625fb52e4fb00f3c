# ruff: noqa: PLR2004, RUF001, SIM905 - a script's module; thresholds are explained where they stand
"""Every set the models are trained on: read, labelled, split. What is not known is masked, never guessed.

`load(data)` gives one frame: `text`, `source`, `group` (kept whole by the split), `held_out`, `weight`, and one column
a family with 1, 0 or -1 (not known). A missing set is refused: a model trained on less is another model.
"""

from __future__ import annotations

import csv
import hashlib
import importlib.util
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
FAMILIES = (
    "offensive",
    "hate",
    "harassment",
    "threat",
    "complaint",
    "disparagement",
    "politics",
    "religion",
    "rumour",
    "confidential",
    "promotion",
    "pii.health",
)
ABUSE = ("offensive", "hate", "harassment", "threat")
HEALTH = "pii.health"
TOPICS = ("complaint", "disparagement", "rumour", "confidential", "promotion")
UNKNOWN = -1
#: One group in this many is held out for calibration, thresholds and the figures of the model card.
HELD_OUT_ONE_IN = 5
#: Sources that are never trained on, not even as negatives: the false positives there are the honest ones.
UNSEEN = ("wnut17", "broad_twitter_h")


#: How often an own sentence counts: the sets know little of a topic, and of hate that groups are named, the own ones
#: what is said of them. Chosen by leaving out each file of own sentences, and each set, in turn.
OWN_COUNTS = {"offensive": 2.0, "threat": 2.0, "complaint": 2.0}
USUAL_OWN_COUNTS = 4.0


def own_counts(family: str) -> float:
    """How often an own sentence counts for a family."""
    return OWN_COUNTS.get(family, USUAL_OWN_COUNTS)


class MissingSet(Exception):
    """A data set is not there; the message names it and where it was looked for."""


def load(data: Path) -> pd.DataFrame:
    """All rows of all sources, in a fixed order.

    Raises:
        MissingSet: naming every set that is not there.
    """
    missing = sorted({name for name in FOLDERS if not (data / name).is_dir()})
    if missing:
        raise MissingSet(f"not in {data}: {', '.join(missing)}; see training/README.md for their origins")
    frames = [_filled(read(data), name) for name, read in READERS.items()]
    rows = pd.concat(frames, ignore_index=True)
    rows = rows[rows["text"].str.strip().str.len() > 0].drop_duplicates(["source", "text"], ignore_index=True)
    rows["held_out"] = [
        source in UNSEEN or _bucket(f"{source}:{group}", HELD_OUT_ONE_IN) == 0
        for source, group in zip(rows["source"], rows["group"], strict=True)
    ]
    return rows


def _filled(rows: pd.DataFrame, source: str) -> pd.DataFrame:
    given = {name: rows[name] for name in rows.columns}
    defaults = {"source": source, "group": rows["text"], "weight": 1.0, **dict.fromkeys(FAMILIES, UNKNOWN)}
    filled = pd.DataFrame({**defaults, **given}, index=rows.index)
    filled[list(FAMILIES)] = filled[list(FAMILIES)].astype("int8")
    return filled[["text", "source", "group", "weight", *FAMILIES]].reset_index(drop=True)


def _bucket(text: str, count: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:4], "big") % count


def thinned(rows: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most `most` rows, chosen by their own text, so that other rows do not change the choice."""
    order = rows["text"].map(lambda text: hashlib.sha256(str(text).encode("utf-8", "surrogatepass")).hexdigest())
    return rows.loc[order.sort_values(kind="stable").index[:most]].sort_index()


def _labelled(texts: Iterable[str], **labels: object) -> pd.DataFrame:
    return pd.DataFrame({"text": list(texts)}).assign(**labels)


def _all(families: Sequence[str], label: int) -> dict[str, int]:
    return dict.fromkeys(families, label)


# --- abuse -----------------------------------------------------------------------------------------------------------


def _davidson(data: Path) -> pd.DataFrame:
    rows = pd.read_csv(data / "davidson/data__labeled_data.csv", usecols=["class", "tweet"])
    kind = rows["class"]
    found = _labelled(
        rows["tweet"],
        offensive=np.where(kind == 2, 0, 1),
        # Slurs for women count as "offensive" there and as hate elsewhere: only some of these rows say "no hate".
        hate=np.select([kind == 0, (kind == 1) & ~_some(rows["tweet"])], [1, UNKNOWN], 0),
        threat=np.where(kind == 2, 0, UNKNOWN),
        harassment=np.where(kind == 2, 0, UNKNOWN),
        weight=np.where(kind == 1, 0.7, 1.0),
    )
    kept = [found[kind == 0], thinned(found[kind == 1], 7000), found[kind == 2]]
    return pd.concat(kept).sort_index()


#: One row in this many of Davidson's offensive ones is taken for no hate.
_NO_HATE_ONE_IN = 3


def _some(texts: pd.Series) -> pd.Series:
    return texts.map(lambda text: _bucket(str(text), _NO_HATE_ONE_IN) == 0)


_ADDRESSED = re.compile(r"(?i)\b(?:you|your|you're|ur|u|yourself)\b|@\w")


#: Share of the raters who found nothing toxic from which a comment is taken to be inoffensive.
_MOSTLY = 0.6


def _toxic_spans(data: Path) -> pd.DataFrame:
    folder = data / "toxic_spans"
    comments = pd.read_csv(folder / "data__comments.csv").drop_duplicates("comment_id").set_index("comment_id")
    comments = comments["comment_text"]
    given = pd.read_csv(folder / "data__annotations.csv")
    spans = pd.read_csv(folder / "data__spans.csv").merge(given[["annotation", "comment_id"]], on="annotation")
    not_toxic = given.groupby("comment_id")["not toxic"].mean().reindex(comments.index)

    def raters(kind: str) -> pd.Series:
        chosen = spans[spans["type"].str.startswith(kind)]
        return chosen.groupby("comment_id")["annotation"].nunique().reindex(comments.index).fillna(0)

    insult, identity, threat = raters("Insu"), raters("Identity"), raters("Threat")
    addressed = comments.str.contains(_ADDRESSED)
    weak = _topics_of(comments)
    return _labelled(
        comments,
        offensive=np.select([insult + raters("Profane") >= 2, not_toxic >= _MOSTLY], [1, 0], UNKNOWN),
        hate=np.select([identity >= 2, identity == 0], [1, 0], UNKNOWN),
        threat=np.select([threat >= 2, threat == 0], [1, 0], UNKNOWN),
        harassment=np.select([(insult >= 2) & addressed, ~addressed], [1, 0], UNKNOWN),
        # Comments under the news: political without saying so, hence no zeros.
        politics=np.where(weak["politics"] == 1, 1, UNKNOWN),
        religion=weak["religion"],
        weight=0.8,
    )


def _wiki(data: Path) -> pd.DataFrame:
    rows = pd.read_csv(
        data / "unintended_bias/archive__unintended_ml_bias__eval_datasets__toxicity_nonfuzzed_testset.csv"
    )
    toxic = rows["toxic"].astype(int)
    others = np.where(toxic == 0, 0, UNKNOWN)
    return _labelled(rows["comment"], offensive=toxic, hate=others, threat=others, harassment=others)


def _edos(data: Path) -> pd.DataFrame:
    rows = pd.read_csv(data / "edos/data__edos_labelled_aggregated.csv")
    vector, sexist = rows["label_vector"].str[:3], rows["label_sexist"] == "sexist"
    rude = vector.isin(["1.1", "1.2", "2.2", "2.3", "3.1"])
    return _labelled(
        rows["text"],
        # What is not sexist may still be rude, so only what has no coarse word is taken to be inoffensive.
        offensive=np.select([rude, ~sexist & ~rows["text"].str.contains(_COARSE)], [1, 0], UNKNOWN),
        hate=np.select([vector.isin(["3.3", "3.4"]), sexist], [UNKNOWN, 1], 0),
        threat=np.where(vector.isin(["1.1", "1.2"]), 1, 0),
        weight=np.where(sexist, 1.0, 0.6),
        group=rows["rewire_id"],
    )


def _madlibs(data: Path) -> pd.DataFrame:
    rows = pd.read_csv(data / "unintended_bias/archive__unintended_ml_bias__eval_datasets__bias_madlibs_77k.csv")
    bad, template = rows["Label"] == "BAD", rows["Template"]
    of_group = template.isin(["verb_adj", "being_adj", "am_hate_adj"])
    found = _labelled(
        rows["Text"],
        **{family: np.where(bad, UNKNOWN, 0) for family in ("threat", "harassment")},
        offensive=bad.astype(int),
        hate=np.select([~bad, of_group], [0, 1], UNKNOWN),
        weight=0.3,
    )
    chosen = [thinned(found[template == name], most) for name, most in _MADLIBS.items()]
    return pd.concat(chosen).sort_index()


#: 72,000 rows of one pattern would drown everything else.
_MADLIBS = {
    "verb_adj": 400,
    "am_hate_adj": 100,
    "being_adj": 600,
    "name_adj": 1000,
    "you_are_adj": 600,
    "you_occupation": 400,
}

# --- ordinary and official posts -------------------------------------------------------------------------------------

_POLITICAL = re.compile(
    r"(?i)\b(?:obamacare|republicans?|democrats?|gop|congress\w*|senat\w+|bills?|vot(?:e|es|ed|ing)|president|governor|"
    r"legislat\w+|polic(?:y|ies)|tax(?:es)?|budget|immigra\w+|amendment|supreme court|scotus|election\w*|campaign\w*|"
    r"house passed|white house|federal|government|conservative\w*|liberals?|medicare|minimum wage|gun|abortion|"
    r"healthcare|debt|constitution\w*|committee|hearing|caucus)\b"
)
_RELIGIOUS = re.compile(
    r"(?i)\b(?:god|jesus|christ|christian\w*|church\w*|bible|pray(?:er|ers|ing)?|muslims?|islam\w*|mosque|jewish|jews?|"
    r"judaism|catholic\w*|pope|faith|religio\w+|atheis\w+|gospel|scripture|allah|quran|koran|rabbi|pastor|sermon|hindus?)\b"
)


def _topics_of(texts: pd.Series) -> dict[str, np.ndarray]:
    """Weak labels by many words: politics and religion are 1 with two such words, 0 with none."""
    counts = {"politics": texts.str.count(_POLITICAL), "religion": texts.str.count(_RELIGIOUS)}
    return {name: np.select([count >= 2, count == 0], [1, 0], UNKNOWN) for name, count in counts.items()}


_OF_HEALTH = re.compile(
    r"(?i)\b(?:sick\w*|ill|illness\w*|disease\w*|cancer\w*|tumou?r\w*|surg\w+|operation|hospital\w*|doctor\w*|diagnos\w+|"
    r"pregnan\w+|birth|baby|babies|breast\w*|nurs\w+|miscarr\w+|depress\w+|anxi\w+|rehab|addict\w*|stroke|heart|pain\w*|"
    r"hurt\w*|injur\w+|medic\w+|therap\w+|autis\w+|adhd|hiv|aids|flu|covid|virus|fever|recover\w*|well soon|died|"
    r"death)\b"
)


def _health_of(texts: pd.Series) -> dict[str, np.ndarray]:
    """Nobody's health is told where no word is of health; where one is, it is not known."""
    return {HEALTH: np.where(texts.str.contains(_OF_HEALTH), UNKNOWN, 0)}


def _political(data: Path) -> pd.DataFrame:
    rows = pd.read_csv(data / "political_social_media/political_social_media.csv", encoding="utf-8-sig")
    texts = rows["text"].map(_unbroken)
    partisan = rows["bias"] == "partisan"
    weak = _topics_of(texts)
    return _labelled(
        texts,
        **_all(ABUSE, 0),
        **_all(("rumour", "confidential"), 0),
        **_health_of(texts),
        **{family: np.where(partisan, UNKNOWN, 0) for family in ("complaint", "disparagement", "promotion")},
        politics=np.select([partisan.to_numpy(), weak["politics"] == 1], [1, 1], UNKNOWN),
        religion=np.where(weak["religion"] == 1, UNKNOWN, weak["religion"]),
    )


def _unbroken(text: str) -> str:
    """Undo a wrong decoding (UTF-8 read as Windows-1252), where it is one."""
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


#: Customers of a bank telling what went wrong; the other intents ask for something.
_WENT_WRONG = frozenset(
    (
        "Refund_not_showing_up balance_not_updated_after_bank_transfer "
        "balance_not_updated_after_cheque_or_cash_deposit card_not_working card_payment_fee_charged "
        "card_payment_not_recognised card_payment_wrong_exchange_rate card_swallowed cash_withdrawal_charge "
        "cash_withdrawal_not_recognised contactless_not_working declined_card_payment "
        "declined_cash_withdrawal declined_transfer direct_debit_payment_not_recognised "
        "extra_charge_on_statement failed_transfer pending_top_up reverted_card_payment? top_up_failed "
        "top_up_reverted transaction_charged_twice transfer_fee_charged transfer_not_received_by_recipient "
        "virtual_card_not_working wrong_amount_of_cash_received wrong_exchange_rate_for_cash_withdrawal "
    ).split()
)


def _banking(data: Path) -> pd.DataFrame:
    rows = pd.concat([pd.read_csv(data / f"banking77/data__raw__{part}.csv") for part in ("train", "test")])
    rows = rows.reset_index(drop=True)
    wrong = rows["category"].isin(_WENT_WRONG)
    found = _labelled(
        rows["text"],
        **_all((*ABUSE, "disparagement", "politics", "religion", "rumour", "confidential", "promotion", HEALTH), 0),
        complaint=np.where(wrong, 1, 0),
        weight=np.where(wrong, 0.3, 0.5),
    )
    return thinned(found, 6000)


def _conll(path: Path, *, tab: str = "\t") -> list[str]:
    texts, words = [], []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        word = line.split(tab)[0].strip()
        if word:
            words.append(word)
        elif words:
            texts.append(_joined(words))
            words = []
    return texts


def _joined(words: Sequence[str]) -> str:
    return re.sub(r" ([.,!?;:)'’]|n't\b|'\w+\b)", r"\1", " ".join(words))


_COARSE = re.compile(
    r"(?i)\b(?:f+u+c*k\w*|sh[i1]t\w*|bitch\w*|ass|asses|asshole\w*|bastard\w*|dick\w*|pussy|cunt\w*|nigg\w*|fag\w*|hoes?|whore\w*|"
    r"slut\w*|retard\w*|idiot\w*|moron\w*|stupid|dumb\w*|crap\w*|damn\w*|hell|piss\w*|suck\w*|loser\w*|ugly|hate\w*|kill\w*|die|"
    r"trash|pathetic|scum\w*|liar\w*|racist\w*|wtf|stfu|lmfao)\b"
)


def _ordinary(texts: Iterable[str]) -> pd.DataFrame:
    """Tweets nobody labelled: negatives only where no coarse word stands in them."""
    series = pd.Series(list(texts), dtype="str")
    clean = ~series.str.contains(_COARSE)
    weak = _topics_of(series)
    return _labelled(
        series,
        **{family: np.where(clean, 0, UNKNOWN) for family in (*ABUSE, "complaint", "disparagement")},
        **_all(("rumour", "confidential"), 0),
        **_health_of(series),
        politics=weak["politics"],
        religion=weak["religion"],
        weight=0.7,
    )


def _broad_twitter(data: Path) -> pd.DataFrame:
    parts = [text for part in "abefg" for text in _conll(data / f"broad_twitter/{part}.conll")]
    return _ordinary(parts)


def _broad_twitter_h(data: Path) -> pd.DataFrame:
    return _ordinary(_conll(data / "broad_twitter/h.conll"))


def _wnut17(data: Path) -> pd.DataFrame:
    names = ("wnut17train.conll", "emerging.dev.conll", "emerging.test.annotated")
    return _ordinary([text for name in names for text in _conll(data / "wnut17" / name)])


_ENGLISH = re.compile(r"(?i)\b(?:the|and|is|to|of|in|for|this|that|you|it|on|with|are|was|my|we)\b")


def _538(data: Path) -> pd.DataFrame:
    rows = pd.read_csv(data / "538_tweets/mayweather-mcgregor__tweets.csv", usecols=["text"])
    english = rows[rows["text"].map(lambda text: len(_ENGLISH.findall(text)) >= 3)]
    fight = _ordinary(thinned(english.drop_duplicates(), 3500)["text"])
    polls = pd.read_csv(data / "538_tweets/trump-twitter__realDonaldTrump_poll_tweets.csv", usecols=["text"])
    return pd.concat([fight, _labelled(polls["text"], politics=1, religion=0, weight=1.0)]).fillna(UNKNOWN)


# --- own sentences ---------------------------------------------------------------------------------------------------

_OWN_NAMES = {"leak": "confidential", "health": "pii.health"}


def _own(_data: Path) -> pd.DataFrame:
    found = _expander().rows(HERE / "texts")
    table: dict[str, dict[str, object]] = {}
    for row in found:
        entry = table.setdefault(row.text, {"text": row.text, "group": row.group})
        if row.family == "benign":
            entry |= dict.fromkeys(FAMILIES, 0)
        else:
            entry[_OWN_NAMES.get(row.family, row.family)] = row.label
    rows = pd.DataFrame(list(table.values())).fillna(UNKNOWN)
    sizes = rows.groupby("group")["text"].transform("size")
    # A template's many rows count as much as a few; contrast pairs count double.
    paired = rows.groupby("group")[[name for name in FAMILIES if name in rows]].transform("nunique").max(axis=1) > 1
    return rows.assign(weight=np.where(paired, 4.0, 2.0) * np.minimum(1.0, 4.0 / sizes))


def _expander() -> ModuleType:
    path = HERE / "texts" / "expand.py"
    spec = importlib.util.spec_from_file_location("own_texts", path)
    if spec is None or spec.loader is None:
        raise MissingSet(f"{path}: the own sentences cannot be read")
    module = importlib.util.module_from_spec(spec)
    sys.modules["own_texts"] = module
    spec.loader.exec_module(module)
    return module


READERS: Mapping[str, Callable[[Path], pd.DataFrame]] = {
    "davidson": _davidson,
    "toxic_spans": _toxic_spans,
    "wiki": _wiki,
    "edos": _edos,
    "madlibs": _madlibs,
    "political": _political,
    "banking": _banking,
    "broad_twitter": _broad_twitter,
    "broad_twitter_h": _broad_twitter_h,
    "wnut17": _wnut17,
    "538_tweets": _538,
    "own": _own,
}
#: The folders of the data directory that are needed.
FOLDERS = (
    "538_tweets",
    "banking77",
    "broad_twitter",
    "davidson",
    "edos",
    "political_social_media",
    "surge_profanity",
    "toxic_spans",
    "unintended_bias",
    "wnut17",
)


def identities(data: Path) -> frozenset[str]:
    """The identity terms of the bias templates, with their plurals: words that must never be telling by themselves."""
    rows = pd.read_csv(data / "unintended_bias/archive__unintended_ml_bias__eval_datasets__bias_madlibs_77k.csv")
    own = rows[(rows["Template"] == "am_hate_adj") & (rows["Label"] == "NOT_BAD")]["Text"]
    terms = {word for text in own for word in text.lower().removeprefix("i am ").split()}
    return frozenset(terms | {f"{term}s" for term in terms})


def surge_words(data: Path) -> dict[str, str]:
    """Surge AI's profanity list as kinds of words: single words and pairs of a clear category."""
    kinds = {
        "racial / ethnic slurs": "slur",
        "sexual orientation / gender": "slur",
        "other / general insult": "insult",
        "mental disability": "insult",
        "sexual anatomy / sexual acts": "profanity",
        "bodily fluids / excrement": "profanity",
    }
    found = {}
    with (data / "surge_profanity/profanity_en.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            kind = kinds.get(row["category_1"])
            if kind and float(row["severity_rating"]) >= 1.4 and re.fullmatch(r"[a-z]+(?: [a-z]+){0,2}", row["text"]):
                strength = "_strong" if kind == "profanity" and float(row["severity_rating"]) >= 2 else ""
                found[row["text"]] = kind + strength
    return found


# --- the same sentence about another group ---------------------------------------------------------------------------


def swapped(rows: pd.DataFrame, kinds: object) -> pd.DataFrame:
    """Copies of rows that name a protected group, with another group in its place: the model must learn the sentence.

    Only training rows in which hate is known; marked `augmented`. Adds that column to `rows` as well.
    """
    groups = sorted(word for word, kind in kinds.of.items() if kind == "group" and "*" not in word)  # type: ignore[attr-defined]
    found = re.compile(rf"(?i)(?<!\w)(?:{'|'.join(map(re.escape, sorted(groups, key=len, reverse=True)))})(?!\w)")
    rows["augmented"] = False
    chosen = rows[~rows["held_out"] & (rows["hate"] != UNKNOWN) & rows["text"].str.contains(found)]
    copies = chosen.assign(text=[_with_other_group(text, found, groups) for text in chosen["text"]], augmented=True)
    return copies.assign(weight=copies["weight"] * 0.7)


def _with_other_group(text: str, found: re.Pattern[str], groups: Sequence[str]) -> str:
    def other(match: re.Match[str]) -> str:
        alike = [group for group in groups if group.endswith("s") == match.group().lower().endswith("s")]
        return alike[_bucket(text + match.group().lower(), len(alike))]

    return found.sub(other, text)
