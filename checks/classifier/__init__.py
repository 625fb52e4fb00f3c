"""Trained models behind one interface: see `checks.classifier.base` for it and MODEL.md for what comes along."""

from checks.classifier.base import BUILT_IN, About, Classifier, Screening, UnknownClassifier, WeightedSpan, classifier

__all__ = ["BUILT_IN", "About", "Classifier", "Screening", "UnknownClassifier", "WeightedSpan", "classifier"]
