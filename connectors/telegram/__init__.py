"""Telegram: exports of Telegram Desktop only, for reading history by API needs a person's phone login."""
