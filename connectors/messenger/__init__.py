"""Messenger: downloads only, for Meta has no API for the history of a group thread."""
