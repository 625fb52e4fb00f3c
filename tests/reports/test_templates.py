"""The templates themselves: no way around escaping, and no words of their own."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from chapterwatch.errors import ConnectorError
from chapterwatch.model import Access, DispositionState, Seen, Severity, Space
from reports.press import TEMPLATES
from reports.render import environment, html_of, own_file
from reports.view import build_chapter
from reports.words import load
from tests.reports.factory import association, chapter, quiet

HTML = sorted(path for path in TEMPLATES.glob("*.j2") if path.name.endswith(".html.j2"))
EVERY = sorted(TEMPLATES.glob("*.j2"))
CODE = sorted(TEMPLATES.parent.glob("*.py"))

#: What a template must not hold, and why.
FORBIDDEN = {
    r"\|\s*safe\b": "turns escaping off",
    r"Markup": "turns escaping off",
    r"autoescape\s+false": "turns escaping off",
    r"\{%-?\s*(filter|call)\b": "hides what is escaped",
    r"style\s*=\s*[\"']?[^\"'>]*\{\{": "lets a value write CSS",
    r"<script": "a report runs nothing",
    r"=\s*\{\{": "an attribute without quotes",
    r"\son[a-z]+\s*=": "a report runs nothing",
    r"(href|src)=\"(?!\{\{ checked \}\}|#)": "only links that safe_link has passed",
}


def test_there_are_templates_to_look_at() -> None:
    """The lint below looks at something."""
    assert {"base.html.j2", "chapter.html.j2", "macros.html.j2", "mail.html.j2", "rollup.html.j2"} <= {
        path.name for path in HTML
    }


@pytest.mark.parametrize("pattern", FORBIDDEN)
@pytest.mark.parametrize("path", HTML, ids=lambda path: path.name)
def test_nothing_goes_around_escaping(path: Path, pattern: str) -> None:
    """No template switches escaping off, leaves an attribute unquoted, or lets a value into CSS or a script."""
    assert [] == [found.group() for found in re.finditer(pattern, path.read_text(encoding="utf-8"))], FORBIDDEN[pattern]


@pytest.mark.parametrize("path", HTML, ids=lambda path: path.name)
def test_style_blocks_hold_no_values(path: Path) -> None:
    """CSS is ours alone: a style block includes files and places nothing."""
    for block in re.findall(r"<style>(.*?)</style>", path.read_text(encoding="utf-8"), re.DOTALL):
        assert "{{" not in block


@pytest.mark.parametrize("path", HTML, ids=lambda path: path.name)
def test_templates_have_no_words_of_their_own(path: Path) -> None:
    """Every word a reader sees comes from the catalogues, so that a translator finds all of them there."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    visible = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", " ", text, flags=re.DOTALL)

    assert [] == re.findall(r"[^\W\d_]{2,}", visible)


def test_escaping_is_on_and_missing_names_are_errors() -> None:
    """Autoescape is a constructor's choice here, never guessed from a file's name."""
    assert environment().autoescape is True
    assert "&lt;b&gt;" == environment().from_string("{{ x }}").render(x="<b>")
    with pytest.raises(Exception, match="undefined"):
        environment().from_string("{{ nobody }}").render()


def test_every_word_asked_for_exists() -> None:
    """A key written out in a template or in code is an entry of the catalogues."""
    words = load("en")
    asked = {key for path in EVERY for key in re.findall(r"\bt\([\"']([a-z_.]+)[\"']\s*[,)]", path.read_text("utf-8"))}
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "words":
                asked |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    missing = {key for key in asked if not words.has(key)}

    assert len(asked) > 60
    assert set() == missing


def test_every_status_and_reason_has_its_words() -> None:
    """Each word of the model and each connector error has a sentence, so that no report falls back for want of one."""
    words = load("en")
    families = {
        "severity.word": Severity,
        "space": Space,
        "access": Access,
        "seen": Seen,
        "state": DispositionState,
    }
    reasons = {error.reason for error in ConnectorError.__subclasses__()} | {
        "mass_vanishing",
        "silent_account",
        "spend_cap",
        "quarantined",
    }

    assert [] == [
        f"{family}.{word}" for family, known in families.items() for word in known if not words.has(f"{family}.{word}")
    ]
    assert [] == [
        reason for reason in reasons if not (words.has(f"reason.{reason}.why") and words.has(f"reason.{reason}.mend"))
    ]


def test_an_unknown_language_falls_back_to_english() -> None:
    """No report is empty because nobody has translated it yet."""
    assert "en" == load("tlh").language


def test_css_stands_in_its_order_and_names_no_emoji_font() -> None:
    """Variables, page rules, style; and none of what makes layout slow or the file inaccessible."""
    css = {path.name: path.read_text("utf-8") for path in (TEMPLATES / "css").glob("*.css")}
    base = (TEMPLATES / "base.html.j2").read_text("utf-8")

    assert sorted(base.index(f"css/{name}.css") for name in ("variables", "page", "style")) == [
        base.index(f"css/{name}.css") for name in ("variables", "page", "style")
    ]
    for text in css.values():
        assert "Color Emoji" not in text
        assert not re.search(r"\bopacity\s*:|display:\s*(flex|grid)|url\(", text)
    assert not re.search(r"body\s*\{[^}]*overflow-wrap", css["style.css"])


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("../secrets.yml", ""),
        ("mails/../../x", ""),
        ("/etc/passwd", ""),
        ("javascript:alert(1)", ""),
        ("https://elsewhere.example/x", ""),
        ("//elsewhere.example/x", ""),
        ("mails/lakeside-2026-10-r1.eml", "mails/lakeside-2026-10-r1.eml"),
    ],
)
def test_a_page_links_its_own_files_alone(path: str, kept: str) -> None:
    """Nothing above the page, nothing elsewhere, no other scheme."""
    assert kept == own_file(path)


@pytest.mark.parametrize("seen", [True, False])
def test_what_nobody_saw_makes_no_claim_and_no_empty_table(seen: bool) -> None:
    """Where nothing was seen no rule "could answer whenever it was asked", and no table has a head alone."""
    page = html_of(build_chapter(quiet() if seen else quiet(coverage=(), posts_by_month={})))
    words = load("en")

    assert seen is (words("intro.not_judged_none") in page)
    assert seen is not (words("intro.not_judged_nothing") in page)
    assert [] == re.findall(r"<tbody>\s*</tbody>", page)


def test_page_one_says_whom_to_ask() -> None:
    """Whoever is handed the PDF without its mail need not look for the last page to ask a question."""
    view = build_chapter(quiet())
    front = html_of(view).partition('id="details"')[0]

    assert view.contact
    assert f"{load('en')('fact.contact')}: {view.contact}" in front


def test_a_chapter_without_accounts_is_told_so_where_what_was_not_seen_stands() -> None:
    """Nothing registered: the page never says that everything was looked at, and says why nothing was."""
    nobody = chapter(())
    inputs = quiet(chapter=nobody, association=association(nobody), coverage=(), posts_by_month={})
    words = load("en")
    page, whole = html_of(build_chapter(inputs)), html_of(build_chapter(quiet()))

    assert words("intro.unseen_none") not in page
    assert 2 == page.count(words("status.no_accounts"))
    assert words("intro.unseen_none") in whole
