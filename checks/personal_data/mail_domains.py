"""Which domains can hold mailboxes."""

from __future__ import annotations

from functools import lru_cache

import tldextract

#: RFC 2606 names, which no suffix list knows and documentation and samples use.
_RESERVED_ENDINGS = ("example", "test", "invalid")
_suffixes = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())


@lru_cache(maxsize=4096)
def is_mail_domain(domain: str) -> bool:
    """Whether a domain ends as the list of public suffixes knows, or in a name kept for samples."""
    lowered = domain.casefold()
    return lowered.endswith(tuple(f".{ending}" for ending in _RESERVED_ENDINGS)) or bool(_suffixes(lowered).suffix)
