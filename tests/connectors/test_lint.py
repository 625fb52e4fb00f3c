"""What every connector.yml must say, and that it says what the code beside it does."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import connectors
from connectors import lint

X = connectors.manifests()["x"]
FOLDER = Path(lint.__file__).parent / "x"


def faults(**changes: Any) -> list[str]:
    """What is wrong with X's manifest after these changes."""
    return list(lint.problems_of(X.model_copy(update=changes), FOLDER))


def test_the_first_two_connectors_are_in_order() -> None:
    """The near-miss of everything below."""
    assert [] == faults()
    assert not {"x", "plain"} & lint.problems().keys()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"platform": "twitter"}, "folder's name is 'x'"),
        ({"needs": []}, "needs is empty"),
        ({"sees": [" "]}, "sees is empty"),
        ({"cannot_see": []}, "cannot_see is empty"),
        ({"limits": {}}, "limits is empty"),
        ({"never_shows": {"api": []}}, "never_shows says nothing of x_archive"),
        ({"never_shows": X.never_shows | {"rss": []}}, "never_shows names rss, which is no road"),
        ({"retention_duty": " "}, "retention_duty is empty"),
        ({"scopes": []}, "scopes is empty"),
        ({"api_version_note": None}, "api_version_note"),
        ({"entry_point": "connectors.x.client:Nobody"}, "cannot be loaded (AttributeError)"),
        ({"entry_point": "connectors.x.archive:XArchive"}, "has no profile, pages, look_up"),
        ({"importers": {"x_archive": "connectors.x.nowhere:XArchive"}}, "cannot be loaded (ModuleNotFoundError)"),
        ({"options": {"page_size": "Posts at once."}}, "option max_pages is read by the code"),
        ({"options": X.options | {"colour": "None."}}, "option colour is said in connector.yml and read by no code"),
        ({"secrets": {}}, "secret bearer_token is read by the code"),
        ({"fields": {k: v for k, v in X.fields.items() if k != "media.fields"}}, "fields.media.fields is asked for"),
        ({"fields": X.fields | {"poll.fields": ["id"]}}, "fields.poll.fields is said in connector.yml and asked"),
        ({"fields": X.fields | {"media.fields": []}}, "fields.media.fields is empty"),
    ],
)
def test_a_fault_is_named(changes: dict[str, Any], said: str) -> None:
    """One thing wrong, one line about it."""
    [fault] = faults(**changes)
    assert said in fault


def test_a_version_with_a_day_needs_no_reason() -> None:
    """Either the day or the reason for none."""
    assert [] == faults(api_version_ends=date(2027, 1, 1), api_version_note=None)


def test_a_sunset_is_told_from_ninety_days_before_and_ever_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ninety-one days before is silence, ninety is not, and past ends stay told."""
    ends = date(2027, 1, 31)
    monkeypatch.setattr(lint, "manifests", lambda: {"x": X.model_copy(update={"api_version_ends": ends})})

    assert [] == lint.sunsets(ends - timedelta(days=91))
    assert [90] == [item.days for item in lint.sunsets(ends - timedelta(days=90))]
    assert [("x", "2", -1)] == [
        (item.platform, item.version, item.days) for item in lint.sunsets(ends + timedelta(days=1))
    ]


def test_links_name_platforms_there_are() -> None:
    """Patterns of links lead to connectors' folders, and to nothing else."""
    from connectors.links import shapes  # noqa: PLC0415 - beside its only use

    assert {shape.platform for shape in shapes()} <= connectors.manifests().keys()
