"""What goes out with a report: the words of its mail, and the form with which its chapter replies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from chapterwatch import replies
from chapterwatch.model import Chapter
from chapterwatch.pipeline.periods import month_bounds, month_closes
from chapterwatch.registry import Registry
from reports import mail
from reports.facts import ChapterView, FindingView, PostView
from reports.network import RollupView
from reports.reply_form import above_of
from reports.text import clean_line
from reports.words import load


def letter_for(registry: Registry, view: ChapterView | RollupView) -> mail.Letter:
    """The words of a report's mail, with the form of reply where findings of a month's report are open."""
    if isinstance(view, RollupView) or view.on_request:
        return mail.letter_of(view)
    chapter = registry.chapter(view.chapter_id)
    form = reply_form(registry, chapter, view, "yaml") if entries_of(view) else ""
    return mail.letter_of(view, reply_form=form, reply_until=reply_until(registry, chapter, view.period))


def reply_form(registry: Registry, chapter: Chapter, view: ChapterView, kind: str) -> str:
    """The form for the open findings of a chapter's report, as `csv` or `yaml`."""
    until = reply_until(registry, chapter, view.period)
    above = above_of(clean_line(chapter.name, 200), view.period, until, load(view.language))
    return replies.form(chapter, entries_of(view), kind, above)


def reply_until(registry: Registry, chapter: Chapter, period: str) -> date:
    """The last whole day whose replies stand in the next month's report."""
    following = (date.fromisoformat(f"{period}-01") + timedelta(days=32)).strftime("%Y-%m")
    timezone = registry.association(chapter.association).timezone
    return month_closes(month_bounds(following, timezone)).date() - timedelta(days=1)


def entries_of(view: ChapterView) -> list[replies.Entry]:
    """The findings that stand in a report, as a form shows them: with what the report itself prints of each."""
    printed = [(post, finding) for post in view.posts for finding in post.findings]
    cited = {finding.number: ", ".join(clause.id for clause in finding.clauses) for _, finding in printed}
    full = [_entry(post, finding, cited) for post, finding in printed]
    short = [replies.Entry(key=item.key, title=item.title, clauses="", excerpt=item.account) for item in view.beyond]
    return full + short


def _entry(post: PostView, finding: FindingView, cited: Mapping[int, str]) -> replies.Entry:
    quoted = [quote.text for quote in post.quotes if finding.number in quote.numbers and quote.parts is not None]
    # Of several findings in one post, each begins with the words it rests on: nothing else tells them apart.
    shown = [finding.rests_on, *quoted] if finding.rests_on else quoted
    return replies.Entry(
        key=finding.key,
        title=f"{finding.number}. {finding.title}",
        clauses=cited[finding.number] or cited.get(finding.repeats or 0, ""),
        excerpt=f"{post.heading}: {' / '.join(shown)}" if shown else post.heading,
    )
