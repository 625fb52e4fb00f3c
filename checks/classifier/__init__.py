"""Trained models behind one interface (`checks.classifier.base`); MODEL.md says what comes along."""

from checks.classifier.base import About, Classifier, Screening, WeightedSpan
from checks.classifier.chosen import BUILT_IN, UnknownClassifier, classifier

__all__ = ["BUILT_IN", "About", "Classifier", "Screening", "UnknownClassifier", "WeightedSpan", "classifier"]
