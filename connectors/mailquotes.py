"""The author's own words of a mail: without what was quoted, the signature, and what a mailing list puts below.

Only what is certainly somebody else's goes. A quoted line counts as one by its mark; lines without marks go only below
what a mail program writes by itself, so that nobody's own words disappear behind "on Monday she said:". What somebody
forwards stays: the group reads it for the first time. The whole mail stays in the archive.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import dropwhile, takewhile
from pathlib import Path

from chapterwatch import strictyaml


@cache
def _words() -> Mapping[str, Sequence[str]]:
    return dict(strictyaml.load(Path(__file__).with_name("mailwords.yml")).data)


def _any_of(name: str) -> str:
    """A pattern for any of a list of words, the longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(_words()[name], key=len, reverse=True)) + ")"


_COLON = r"\s*" + _any_of("colons")
_TAGS = r"(?:\s*\[[^\]\n]{1,60}\])*\s*"
_AGAIN = r"(?:\s*[\[(^]\d{1,3}[\])]?)?"
_REPLY = re.compile(_TAGS + _any_of("reply") + _AGAIN + _COLON, re.IGNORECASE)
_FORWARD = re.compile(
    f"(?:{_TAGS}{_any_of('reply')}{_AGAIN}{_COLON})?{_TAGS}{_any_of('forward')}{_COLON}", re.IGNORECASE
)

_QUOTED = re.compile(r"\s{0,4}(?:\w{1,4})?>")
_MARKED = re.compile(r"\s{0,4}>")

_WROTE = re.compile(rf"(?<![^\W\d_]){_any_of('wrote')}(?![^\W\d_])|[写寫]道|님이 작성|のメール", re.IGNORECASE)
_ADDRESS = re.compile(r"<[^<>\s]{1,200}>|[\w.+-]{1,64}@[\w.-]{2,200}|\[mailto:")
_DATED = re.compile(r"\b\d{4}\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2}\b|\d{1,2}[:.h]\d\d|\d年|\d년")
_ENDS = re.compile(_COLON + r"\s*$")
_LONGEST_ATTRIBUTION = 400
#: "2026年10月5日(月) 9:00 Sam <sam@a.example>:": a date at the head, a clock time, then at once who, and no verb.
_DATED_SENDER = re.compile(
    r"\W*(?:[^\W\d]+[.,]*\s+)?(?=\d)(?=.*\d{4}).*\d{1,2}[:.]\d\d,?\s[^<>,;:!?]{0,80}<[^<>\s]{1,200}>" + _COLON + r"\s*"
)

#: The line above a quoted mail in programs that mark no lines, and above one that is passed on.
_ORIGINAL = re.compile(rf"\s*-{{2,}}\s*{_any_of('original')}\s*-{{2,}}\s*", re.IGNORECASE)
_FORWARDED = re.compile(
    rf"\s*-{{2,}}\s*{_any_of('forwarded')}.{{0,20}}-{{2,}}\s*|begin forwarded message\s*:\s*", re.IGNORECASE
)
_FROM = re.compile(rf"\s*\*{{0,2}}{_any_of('from')}\*{{0,2}}{_COLON}", re.IGNORECASE)
_HEADER = re.compile(rf"\s*\*{{0,2}}{_any_of('below_from')}\*{{0,2}}{_COLON}", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:_{10,}|-{10,})\s*")

#: RFC 3676, 4.3: two hyphens and a space; the space gets lost on many roads.
_SIGNATURE = re.compile(r"-- ?\s*")
_LONGEST_SIGNATURE = 15

#: What list servers put below every message: it has no author.
_FOOTER_RULE = re.compile(r"\s*(?:__\._,_\.___|-{20,}|\[Non-text portions of this message have been removed\])\s*")
_FOOTER = re.compile(_any_of("footer"), re.IGNORECASE)
_LONGEST_FOOTER = 40


def is_reply(subject: str) -> bool:
    """Whether a subject begins as mail programs begin that of an answer, in any of many languages."""
    return _REPLY.match(subject) is not None


def is_forward(subject: str) -> bool:
    """Whether a subject begins as that of something passed on."""
    return _FORWARD.match(subject) is not None


def own_words(text: str, *, forwarded: bool = False, answer: bool = False) -> str:
    """`text` without quotes, signature and footer.

    A block headed From, Sent, To stays with `forwarded`, and at the head of what is no `answer`: there it is a memo's.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = _without_footer(lines)
    lines = lines[: _block_start(lines, forwarded=forwarded, answer=answer)]
    lines = _without_quotes(lines)
    return "\n".join(_without_signature(lines)).strip("\n").rstrip()


def _block_start(lines: list[str], *, forwarded: bool, answer: bool) -> int:
    """Where a quoted mail without marks begins; the number of lines where there is none."""
    for at, line in enumerate(lines):
        if _FORWARDED.fullmatch(line):
            return len(lines)
        is_headed = _FROM.match(line) is not None and _is_header_block(lines, at)
        if not is_headed and not _ORIGINAL.fullmatch(line):
            continue
        if forwarded:
            return len(lines)
        begins = at - (is_headed and at > 0 and _RULE.fullmatch(lines[at - 1]) is not None)
        # Whoever answers nobody and has said nothing yet quotes nobody either.
        if answer or any(line.strip() for line in lines[:begins]):
            return begins
    return len(lines)


def _is_header_block(lines: list[str], at: int) -> bool:
    return sum(_HEADER.match(line) is not None for line in lines[at + 1 : at + 6]) >= 2  # noqa: PLR2004


def _without_quotes(lines: list[str]) -> list[str]:
    """The lines without quoted ones and those that introduce them."""
    kept: list[str] = []
    at = 0
    while at < len(lines):
        length = _attribution(lines, at)
        if length and _follows_quote(lines, at + length):
            at += length
        elif length and any(line.strip() for line in kept) and _is_by_program(" ".join(lines[at : at + length])):
            # No line of the rest is marked: a program quotes below the answer, or nothing is quoted at all.
            break
        else:
            if not _is_quoted(lines, at):
                kept.append(lines[at])
            at += 1
    return kept


def _is_quoted(lines: list[str], at: int) -> bool:
    # "AB> " with initials is a mark only among its like: a lone "x>y" is somebody's own.
    if _MARKED.match(lines[at]):
        return True
    around = [lines[other] for other in (at - 1, at + 1) if 0 <= other < len(lines)]
    return _QUOTED.match(lines[at]) is not None and any(_QUOTED.match(line) for line in around)


def _attribution(lines: list[str], at: int) -> int:
    """How many lines from `at` on are "On … wrote:", 0 for none. Mail programs break it over up to three."""
    if not lines[at].strip():
        return 0
    for length in (1, 2, 3):
        part = lines[at : at + length]
        if len(part) < length or not part[-1].strip() or _MARKED.match(part[-1]):
            return 0
        said = " ".join(part)
        if len(said) > _LONGEST_ATTRIBUTION:
            return 0
        if _ENDS.search(said):
            return length if _introduces(said) else 0
    return 0


def _introduces(said: str) -> bool:
    known = _ADDRESS.search(said) is not None
    dated = _DATED.search(said) is not None
    return (_WROTE.search(said) is not None and (known or dated)) or (known and dated)


def _is_by_program(said: str) -> bool:
    """Whether a line that introduces is certainly a mail program's: own lines name addresses and times of day, too."""
    wrote = _ADDRESS.search(said) is not None and _WROTE.search(said) is not None
    return wrote or _DATED_SENDER.fullmatch(said) is not None


def _follows_quote(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 3] if line.strip()), "")
    return _MARKED.match(following) is not None


def _without_signature(lines: list[str]) -> list[str]:
    """The lines without what stands below "-- ", several times over; long blocks are no signatures."""
    end, said = len(lines), 0
    for at in range(len(lines) - 1, -1, -1):
        said += bool(lines[at].strip())
        if said > _LONGEST_SIGNATURE:
            break
        if _SIGNATURE.fullmatch(lines[at]):
            end, said = at, 0
    return lines[:end]


def _without_footer(lines: list[str]) -> list[str]:
    for at in range(max(len(lines) - _LONGEST_FOOTER, 0), len(lines)):
        below = lines[at + 1 :]
        said = "\n".join(below)
        if _FOOTER_RULE.fullmatch(lines[at]) and (_heads_footer(lines[at], below) or not said.strip()):
            return lines[:at]
        if _SIGNATURE.fullmatch(lines[at]) and _FOOTER.search(said) and not any(map(_SIGNATURE.fullmatch, below)):
            return lines[:at]
    return lines


def _heads_footer(rule: str, below: list[str]) -> bool:
    """Whether a list server's words follow; below hyphens, which people draw too, in the very next paragraph."""
    if not _RULE.fullmatch(rule):
        return _FOOTER.search("\n".join(below)) is not None
    said = dropwhile(_is_empty, below)
    return _FOOTER.search("\n".join(takewhile(lambda line: not _is_empty(line), said))) is not None


def _is_empty(line: str) -> bool:
    return not line.strip() or _RULE.fullmatch(line) is not None
