"""Weblogs: Atom, RSS and JSON feeds, live or saved."""
