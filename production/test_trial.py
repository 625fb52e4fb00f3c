"""What a production with killed workers has to come to: what the command line comes to, and one mail each."""

from __future__ import annotations

import csv

from chapterwatch.archive import Archive
from production.trial import Told


def reference_archive(told: Told) -> Archive:
    """The archive of the command line's road."""
    return Archive.open(f"sqlite:///{told.reference_home / 'archive.sqlite'}")


def test_findings_are_those_of_the_command_line(told: Told) -> None:
    """Workers may die: what is found, its evidence and when it was opened and closed stay the same, to the letter."""
    expected, found = (list(csv.DictReader(text.splitlines())) for text in (told.reference, told.findings))

    assert len(expected) > 40
    assert expected == found
