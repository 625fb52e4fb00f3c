"""Internet addresses, which can lead to a household."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from checks.personal_data.spans import Kind, Span
from checks.word_classes import filled

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_V4 = re.compile(rf"(?<![\w.,+/-])(?:{_OCTET}\.){{3}}{_OCTET}(?![\w-]|\.\d|,\d)")
#: With its dots in brackets, apart, said, or replaced.
_V4_DISGUISED = re.compile(
    rf"(?<![\w.,+/-]){_OCTET}(?P<dot>\s?[\[({{]\s?(?:\.|dot)\s?[\])}}]\s?| \. | dot |,|-)"
    rf"(?:{_OCTET}(?P=dot)){{2}}{_OCTET}(?![\w-]|[.,]\d)",
    re.IGNORECASE,
)
_V6 = re.compile(r"(?<![\w:.])(?=[0-9A-Fa-f:.]{0,12}:[0-9A-Fa-f:.]{0,12}:)[0-9A-Fa-f:]{3,39}(?:%\w{1,12})?(?![\w:])")
_CUE = re.compile(filled(r"\b{network_words}\b[^\n]{0,30}$"), re.IGNORECASE)
_VERSION = re.compile(filled(r"\b(?:{numbered_versions}|§)[^\w\n]{0,3}(?:no\.? ?)?$"), re.IGNORECASE)
_CUE_AFTER = re.compile(r"\s?[,(-]? ?(?:is )?(?:my|the|his|her|your)? ?ip\b", re.IGNORECASE)
#: RFC 1918, 1122 and 3927: the same in every house.
_NOBODYS = tuple(
    map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/8"))
)
_NEAR = 50
_HIGH = 32
_FEWEST_GROUPS = 3
_DOTS, _COLONS = 3, 2


def may_hold(text: str) -> bool:
    """Whether there can be anything for `find_ip_addresses` to find."""
    return bool(
        (text.count(".") >= _DOTS and _V4.search(text))
        or (text.count(":") >= _COLONS and _V6.search(text))
        or (_names_ip(text) and _V4_DISGUISED.search(text)),
    )


def _names_ip(text: str) -> bool:
    return "ip" in text or "IP" in text or "Ip" in text


def find_ip_addresses(text: str) -> Iterator[Span]:
    """IPv4 and IPv6 addresses; not version or section numbers, and without a word beside them not private networks."""
    for match in _V4.finditer(text) if text.count(".") >= _DOTS else ():
        before = text[max(0, match.start() - _NEAR) : match.start()]
        if not _VERSION.search(before):
            yield Span(
                match.start(), match.end(), Kind.IP_ADDRESS, _v4_confidence(match.group(), _cued(text, match, before))
            )
    for match in _V4_DISGUISED.finditer(text) if _names_ip(text) else ():
        if _cued(text, match, text[max(0, match.start() - _NEAR) : match.start()]):
            yield Span(match.start(), match.end(), Kind.IP_ADDRESS, 0.9)
    if text.count(":") >= _COLONS:
        yield from _v6(text)


def _v4_confidence(raw: str, cued: bool) -> float:
    octets = [int(part) for part in raw.split(".")]
    if cued:
        return 0.95
    # 1.2.3.4 is as often a version; private networks lead to nobody.
    low = max(octets) < _HIGH or sum(octet >= 10 for octet in octets) < 2  # noqa: PLR2004 - as versions and sections are numbered
    if low or any(ip_address(raw) in network for network in _NOBODYS):
        return 0.4
    return 0.8


def _v6(text: str) -> Iterator[Span]:
    for match in _V6.finditer(text):
        raw = match.group().partition("%")[0]
        groups = [group for group in raw.split(":") if group]
        try:
            ip_address(raw)
        except ValueError:
            continue  # a time, a ratio, a row of hexadecimal
        cued = _cued(text, match, text[max(0, match.start() - _NEAR) : match.start()])
        if cued or (len(groups) >= _FEWEST_GROUPS and re.search(r"\d", raw)):
            yield Span(match.start(), match.end(), Kind.IP_ADDRESS, 0.95 if cued else 0.85)


def _cued(text: str, match: re.Match[str], before: str) -> bool:
    return bool(_CUE.search(before) or _CUE_AFTER.match(text, match.end()))
