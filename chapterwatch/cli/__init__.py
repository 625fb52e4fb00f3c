"""The command line: the same four steps as the DAGs, and the small tools around them.

Exit status: 0 all well (`judge`: nothing found), 1 something found or not whole, 2 a mistake to mend, in one line.
One module per group of commands; importing it registers them.
"""

import sys

try:
    from chapterwatch.cli import (  # noqa: F401 - registers their commands
        access,
        archive,
        delivery,
        erase,
        evidence,
        files,
        health,
        judge,
        looking,
        packs,
        place,
        replies,
        retention,
        roster,
        samples,
        spine,
        suppressions,
    )
    from chapterwatch.cli.root import chapterwatch, main
except KeyboardInterrupt:
    # Loading takes a moment in which nobody has begun anything; `main` says it from then on.
    sys.exit(130)

__all__ = ["chapterwatch", "main"]
