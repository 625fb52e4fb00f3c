"""Chapterwatch audits an association's official social-media accounts against its own written policy."""

__version__ = "0.1.0"
