"""What reading a printed text as a kind of value gives, and cleaning before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pipeline.vietnam.letters import nfc

LISTED = 0.96  # a value that is one of a closed list, alike but for marks
_LEADERS = re.compile(r"[.…·_]{3,}|(?:\s[.…·_]){2,}")
_TORN_WORD = re.compile(r"(?<=\w)-\n(?=\w)")  # 287/STC-⏎HCSN is one symbol


@dataclass(frozen=True, slots=True)
class Reading:
    """A value with the place in the text that says it."""

    value: Any
    span: tuple[int, int]
    strength: float = 1.0  # 0–1, how well the text fits the kind
    problems: tuple[str, ...] = ()  # what had to be mended or speaks against it
    sure: float = 0.0  # 0–1, certainty that does not rest on the engine: a closed list


def clean(text: str) -> str:
    """Return NFC text on one line, with single spaces and without leaders."""
    whole = _TORN_WORD.sub("-", nfc(text))
    return " ".join(_LEADERS.sub(" ", whole).split())


def is_empty(text: str) -> bool:
    """Return whether nothing was filled in: only leaders, rules and marks."""
    return not re.search(r"[^\W_ʰ-˿]", _LEADERS.sub(" ", text))
