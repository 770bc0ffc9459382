"""Vietnamese letters: normal forms, comparison keys and syllables.

Text in, text or a judgement out. The printed form is kept elsewhere: keys of this module are
for comparing only.
"""

from __future__ import annotations

import re
import unicodedata

TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below
_VOWELS = "aăâeêioôơuưy"
# đ has no decomposition, so stripping marks leaves it; eth and African D are its look-alikes.
_FOLDED_ALONE = {"đ": "d", "ð": "d", "ɖ": "d", "Đ": "d", "Ð": "d", "Ɖ": "d", "ı": "i"}
_D_LOOKALIKES = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"})

VIETNAMESE_LETTERS = frozenset(
    letter
    for vowel in _VOWELS
    for tone in ("", *TONES)
    for lower in (unicodedata.normalize("NFC", vowel + tone),)
    for letter in (lower, lower.upper())
) | frozenset("đĐ")  # 146 letters: 72 vowels and đ, in both cases

_ONSETS = tuple(
    """ngh ng nh gh gi kh ph th tr ch qu
    b c d đ g h k l m n p r s t v x""".split()  # noqa: SIM905 - a table, read as one
)  # longest first
_RIMES = frozenset(
    """a ac ach ăk ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây e
    ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iê iêc iêm
    iên iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oao oap oat oay oă oăc oăm oăn
    oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ôông ơ ơi
    ơm ơn ơp ơt u ua uan uang uây uâ uân uâng uât uc ue uê uêch uên uênh ui um un ung uơ up
    ut uôc uôi uôm uôn uông uôt uy uya uych uyên uyêt uynh uyn uyp uyt uyu ư ưa ưc ưi ưm ưn
    ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu ynh ych""".split()  # noqa: SIM905 - a table, read as one
)
_STOPPED = ("c", "ch", "k", "p", "t")  # a stopped syllable bears acute or dot below only
_LETTER_RUN = re.compile(r"[^\W\d_]+")


def nfc(text: str) -> str:
    """Return the text in Unicode normal form C, the form of every string that we keep."""
    return unicodedata.normalize("NFC", text)


def vietnamese_d(text: str) -> str:
    """Return the text with eth and African D, which some fonts and engines give, as Đ and đ."""
    return text.translate(_D_LOOKALIKES)


def fold(text: str) -> str:
    """Return the text lower-case and without diacritics, any space as a plain one.

    For Vietnamese text the result has one character for each of `nfc(text)`, so that a place
    found in the folded text is the same place in the printed one.
    """
    return "".join(_fold_letter(letter) for letter in nfc(text))


def tone_key(text: str) -> str:
    """Return a key that is equal for `hòa` and `hoà`: case and the place of the tone are lost.

    The letters i and y stay apart: Lý and Lí are two names.
    """
    return _LETTER_RUN.sub(_tones_last, nfc(nfc(text).casefold()))


def strip_tones(text: str) -> str:
    """Return the text without its tone marks; ă â ê ô ơ ư đ stay."""
    bare = (mark for mark in unicodedata.normalize("NFD", text) if mark not in TONES)
    return nfc("".join(bare))


def is_syllable(word: str) -> bool:
    """Return whether the word is spelt as one Vietnamese syllable (onset, rime and tone)."""
    lower = nfc(word).lower()
    bare = strip_tones(lower)
    tones = [mark for mark in unicodedata.normalize("NFD", lower) if mark in TONES]
    if len(tones) > 1:
        return False
    tone = tones[0] if tones else ""
    return any(_tone_fits(rime, tone) for rime in _rimes(bare))


def vietnamese_share(text: str) -> float:
    """Return which share (0–1) of the words of letters are Vietnamese syllables; 0.0 of none.

    Single letters (list marks) and capitals without a vowel (HĐ, TTr) do not count.
    """
    words = [
        word
        for word in _LETTER_RUN.findall(nfc(text))
        if len(word) > 1 and not _is_abbreviation(word)
    ]
    if not words:
        return 0.0
    return sum(is_syllable(word) for word in words) / len(words)


def marked_share(text: str) -> float:
    """Return which share (0–1) of the letters bear a Vietnamese mark or are đ; 0.0 of none."""
    letters = [letter for letter in nfc(text) if letter.isalpha()]
    if not letters:
        return 0.0
    marked = sum(letter in VIETNAMESE_LETTERS and not letter.isascii() for letter in letters)
    return marked / len(letters)


def is_vietnamese(text: str) -> bool:
    """Return whether the text reads as Vietnamese: real syllables, and marks among them.

    Running Vietnamese bears a mark on about 25 % of its letters; text that lost them, or that a
    legacy font garbled, falls under 5 %.
    """
    return vietnamese_share(text) >= 0.6 and marked_share(text) >= 0.05


def title_case(name: str) -> str:
    """Return a name with each syllable capitalised: `NGUYỄN VĂN AN` gives `Nguyễn Văn An`."""
    return _LETTER_RUN.sub(lambda run: run[0][0].upper() + run[0][1:].lower(), nfc(name))


def _fold_letter(letter: str) -> str:
    alone = _FOLDED_ALONE.get(letter)
    if alone is not None:
        return alone
    if letter.isspace():
        return " " if letter != "\n" else letter
    if letter.isascii():
        return letter.lower()
    base = "".join(
        part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part)
    )
    # A few letters (İ) grow when lowered; the marks that they grow are dropped too.
    lowered = unicodedata.normalize("NFD", base.lower())
    return "".join(part for part in lowered if not unicodedata.combining(part))


def _tones_last(run: re.Match[str]) -> str:
    parts = unicodedata.normalize("NFD", run[0])
    tones = "".join(sorted(mark for mark in parts if mark in TONES))
    return nfc("".join(mark for mark in parts if mark not in TONES)) + tones


def _rimes(bare: str) -> list[str]:
    """Return what may follow the onset of a toneless, lower-case syllable."""
    rimes = [bare] if bare in _RIMES else []
    for onset in _ONSETS:
        if not bare.startswith(onset):
            continue
        rest = bare[len(onset) :]
        if rest in _RIMES:
            rimes.append(rest)
        # gi and qu lend their vowel: gì, giếng (gi + ếng), quý (qu + ý), quốc (qu + ốc).
        if onset == "gi" and ("i" + rest) in _RIMES:
            rimes.append("i" + rest)
        if onset == "qu" and rest in {"ôc", "yên", "yêt", "ynh", "yt", "ych", "ya", "yp"}:
            rimes.append(rest)
    return rimes


def _tone_fits(rime: str, tone: str) -> bool:
    return not rime.endswith(_STOPPED) or tone in {"\u0301", "\u0323"}


def _is_abbreviation(word: str) -> bool:
    bare = strip_tones(word).lower()
    return word.isupper() and not any(vowel in bare for vowel in _VOWELS)
