"""`python -m chapterwatch.cli`."""

from chapterwatch.cli import main

main()
