r"""LinkedIn's "little" text, in which the Posts API writes `commentary`, as readers see it.

Source: LinkedIn API documentation, "little Text Format": reserved characters stand behind a backslash, a mention is
`@[Name](urn:li:...)`, a hashtag `#word` or `{hashtag|\#|word}`.
"""

from __future__ import annotations

import re

_RESERVED = r"|{}@[]()<>#\*_~"
#: Bounds keep the search linear: LinkedIn's own limit for a post is 3,000 characters.
_ELEMENTS = re.compile(
    r"@\[(?P<name>(?:\\.|[^\]\\]){0,300})\] ?\(urn:li:[\w:%,.()-]{1,200}?\)"
    r"|\{hashtag\|\\?(?P<sign>[#\uff03])\|(?P<tag>(?:\\.|[^}|\\]){1,300})\}"
    r"|\\(?P<plain>[" + re.escape(_RESERVED) + r"])",
    re.DOTALL,
)


def plain(little: str) -> str:
    """What readers see: names of the mentioned, hashtags with their sign, reserved characters without backslash.

    What is no element of the format, such as a lone backslash or a bracket nobody closed, stays as it is.
    """
    return _ELEMENTS.sub(_shown, little)


def _shown(match: re.Match[str]) -> str:
    if match["plain"]:
        return match["plain"]
    if match["sign"]:
        return match["sign"] + plain(match["tag"])
    return plain(match["name"])
