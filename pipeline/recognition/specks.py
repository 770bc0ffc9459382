"""Words as they were read in, as they are kept out: specks and remains of rules taken off."""

from __future__ import annotations

import re
import unicodedata

from pipeline.vietnam.letters import nfc, vietnamese_d

# A word without letter or digit at this confidence is a part of a rule or of a seal.
_NOISE_CONFIDENCE = 0.5
# Marks that no one prints alone or before a word: rules of tables, specks, remains of leaders. Left
# in, they cost 0.5 points of CER (3.2 against 2.7 % on synthetic pages) and close gutters.
_SPECKS = frozenset("|¦¬`'´’‘_~.,;…°•·“”\"")
_SPECKS_AROUND = re.compile(r"^[._`~,;:]+(?=[^\W_])|(?<=[^\W_])[_`~]+$")


def clean_word(text: str) -> str:
    """Return a word as we keep it: NFC, Đ for its look-alikes, no space or invisible character.

    Specks before and behind its letters are taken off.
    """
    kept = "".join(letter for letter in text if not _invisible(letter))
    return _SPECKS_AROUND.sub("", vietnamese_d(nfc(kept)))


def is_noise(text: str, confidence: float) -> bool:
    """Return whether a clean word is a speck, a part of a rule or of a seal."""
    if set(text) <= _SPECKS:
        return True
    return confidence < _NOISE_CONFIDENCE and not any(letter.isalnum() for letter in text)


def _invisible(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn"}
