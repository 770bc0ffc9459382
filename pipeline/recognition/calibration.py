"""How a word was decided in, how often such a word is right out."""

from __future__ import annotations

from pipeline.recognition.merging import Told


def confidence(told: Told) -> float:
    """Return the share (0–1) of words decided like this one that are right."""
    return told.share
