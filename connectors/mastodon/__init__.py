"""Mastodon and servers that speak its API, through Mastodon.py, and the archive an account holder can download."""
