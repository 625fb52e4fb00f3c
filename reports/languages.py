"""A report in another language than its policy: the pack as its readers hear it, and what is left to be marked.

A screen reader pronounces what it reads in the language it is told, so a text that stands untranslated carries its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chapterwatch.policy_words import spoken, untranslated
from reports.facts import ChapterInputs
from reports.month import noted_by_run, noted_of
from reports.reasons import noted, told
from reports.text import clean, clean_line, sentence
from reports.words import Words, load

#: What a check says of its evidence, and a run of what it could not read, is stored as it was said.
CHECKS_SPEAK = "en"


def told_in(inputs: ChapterInputs, language: str) -> ChapterInputs:
    """The inputs of a report in `language`, or in English where that is not spoken: pack and reasons in its words."""
    heard = load(language).language
    findings = tuple(replace(one, reason=told(one.reason, heard) or one.reason) for one in inputs.findings)
    chapter = replace(inputs.chapter, language=language)
    return replace(inputs, pack=spoken(inputs.pack, heard), findings=findings, chapter=chapter)


def foreign_of(inputs: ChapterInputs, language: str) -> Mapping[str, str]:
    """Texts a report in `language` prints in another, as it prints them, each with its own language.

    `inputs` hold the pack in its own words.
    """
    found = dict.fromkeys(_printed(untranslated(inputs.pack, language)), inputs.pack.language)
    if language != CHECKS_SPEAK:
        reasons = (finding.reason for finding in inputs.findings if told(finding.reason, language) is None)
        said = (*reasons, *_details(inputs, load(language)))
        found |= {sentence(clean_line(text)): CHECKS_SPEAK for text in said}
    return found


def _details(inputs: ChapterInputs, words: Words) -> Iterator[str]:
    """What a run noted of an account it could not read and no catalogue knows, as the table of coverage begins it."""
    for row in inputs.coverage:
        if noted(noted_by_run(row), words.language) is None:
            yield noted_of(row, words)


def _printed(texts: tuple[str, ...]) -> Iterator[str]:
    for text in texts:
        yield from (clean(text), clean_line(text), sentence(clean(text)), sentence(clean_line(text)))
