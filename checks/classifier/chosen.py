"""Finding a classifier by its name: the trained models that come along, or another.

Another one is a package that names a factory without arguments in the entry-point group `chapterwatch.classifiers`, and
is chosen by name: a rule's parameter `classifier`, or `judge --scores --classifier NAME`; the default is `built-in`. A
transformer or a moderation service can so take the place of the models that come along.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points

from chapterwatch.errors import UserError
from checks.classifier.base import Classifier

GROUP = "chapterwatch.classifiers"
BUILT_IN = "built-in"


class UnknownClassifier(UserError):
    """No classifier has this name; the message lists those there are."""


@cache
def classifier(name: str = BUILT_IN) -> Classifier:
    """The classifier of this name, made once a process.

    Raises:
        UnknownClassifier: it is neither the built-in one nor an installed package's.
    """
    if name == BUILT_IN:
        from checks.classifier.builtin import BuiltIn  # noqa: PLC0415 - weights are loaded only where they are used

        return BuiltIn()
    found = {point.name: point for point in entry_points(group=GROUP)}
    if name not in found:
        raise UnknownClassifier(f"no classifier is called {name!r}; there are {', '.join([BUILT_IN, *sorted(found)])}")
    factory: Callable[[], Classifier] = found[name].load()
    made = factory()
    if not isinstance(made, Classifier):
        raise UnknownClassifier(f"{name!r} gives something that is no classifier; see checks.classifier.base")
    return made
