"""Google Groups: exports only, for it has no API for messages."""
