"""Accounts nothing can read, such as LinkedIn Groups: reviewed by people, with a date. There is nothing to run here."""
