"""How common Vietnamese syllables and words of two syllables are; both lists lie in words/.

Text in, a judgement out, whatever its case. Spellings with the tone on either vowel (hoà, hòa) are
the same.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pipeline.vietnam.letters import tone_key

_WORDS = Path(__file__).parent / "words"
_UNKNOWN = 620  # rarer than the rarest listed


def rarity(syllable: str) -> int:
    """Return how rare a syllable is in running text, in centibels; 620 of an unlisted one."""
    return _syllables().get(tone_key(syllable), _UNKNOWN)


def is_compound(first: str, second: str) -> bool:
    """Return whether two syllables make a word: `tổ chức`, `bổ sung`."""
    return (tone_key(first), tone_key(second)) in _compounds()


@cache
def _syllables() -> dict[str, int]:
    rarities: dict[str, int] = {}
    for line in (_WORDS / "syllables.txt").read_text(encoding="utf-8").splitlines():
        word, figure = line.split(" ")
        key = tone_key(word)
        rarities[key] = min(int(figure), rarities.get(key, _UNKNOWN))
    return rarities


@cache
def _compounds() -> frozenset[tuple[str, str]]:
    pairs = set()
    for line in (_WORDS / "compounds.txt").read_text(encoding="utf-8").splitlines():
        first, second = line.split(" ")
        pairs.add((tone_key(first), tone_key(second)))
    return frozenset(pairs)
