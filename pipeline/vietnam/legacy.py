"""Text of fonts from before Unicode: TCVN3 (ABC) and VNI-Windows in, Unicode text out.

Such a font draws Vietnamese letters where others have Latin ones, so that its text reads as `Céng
hoµ x· héi` (TCVN 5712:1993 VN3) or `Coäng hoøa xaõ hoäi` (VNI: the letter, then its mark). Text
that is Unicode already must never be changed: without proof it stays as it is.
"""

from __future__ import annotations

import re
from typing import Literal

from pipeline.vietnam.letters import is_syllable, nfc, vietnamese_share

Encoding = Literal["tcvn3", "tcvn3-capitals", "vni"]

# Codes as Windows shows them. Capitals with tones are drawn by fonts of their own (.VnTimeH).
TCVN3 = dict(
    zip(
        "¡¢§£¤¥¦µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ",
        "ĂÂĐÊÔƠƯàáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ",
        strict=True,
    )
)
_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_ALONE = dict(zip("ôöñíìæóòî", "ơưđíìỉĩịỵ", strict=True))
# Each follows its letter: tone alone, circumflex with a tone, breve with a tone.
_MARKS = {
    **dict(zip("øùûõï", (_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT), strict=True)),
    **{
        code: "\u0302" + tone
        for code, tone in zip("âàáåãä", ("", _GRAVE, _ACUTE, _HOOK, _TILDE, _DOT), strict=True)
    },
    **{
        code: "\u0306" + tone
        for code, tone in zip("êèéúüë", ("", _GRAVE, _ACUTE, _HOOK, _TILDE, _DOT), strict=True)
    },
}
VNI = {
    **_ALONE,
    **{code.upper(): letter.upper() for code, letter in _ALONE.items()},
    **_MARKS,
    **{code.upper(): mark for code, mark in _MARKS.items()},
}

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\xa1-\xbe\xd7\xf7-])*|[\xa1-\xbe\xd7\xf7][^\W\d_]+")
_SUBSET_TAG = re.compile(r"^[A-Z]{6}\+")
_TCVN3_NAME = re.compile(r"^\.Vn[A-Z]|^Vn(?:Time|Arial|Courier|Helve|Century)")
_CAPITALS_NAME = re.compile(r"^\.?Vn[A-Za-z ]*H(?![a-z])")
_MU = str.maketrans("\u03bc", "\xb5")  # one glyph, two names in Unicode
_MIN_NAMED = 0.6  # share of syllables, where the font's name says what it is
_MIN_SHARE = 0.9  # where it does not; laws and letters: 0.97–1
_MIN_WORDS = 8  # different ones that bear a code
_MAX_AS_IT_IS = 0.4  # the same, read as Latin-1: 0.1–0.25


def encoding_of_name(font_name: str) -> Encoding | None:
    """Return what a font of this name shows: `ABCDEF+.VnTimeH` gives `tcvn3-capitals`."""
    name = _SUBSET_TAG.sub("", font_name)
    if name.upper().startswith("VNI-"):
        return "vni"
    if _TCVN3_NAME.match(name):
        return "tcvn3-capitals" if _CAPITALS_NAME.match(name) else "tcvn3"
    return None


def detect(text: str, font_name: str = "") -> Encoding | None:
    """Return the encoding that all text shown with one font is in; None: Unicode, or unknown.

    Transcoded, its words must be Vietnamese syllables, which as they are they must not be. Of a
    font without a telling name a few words prove nothing.
    """
    text = nfc(text).translate(_MU)
    if any(letter.isalpha() and ord(letter) >= 0x180 for letter in text):
        return None  # ơ, ư, ạ: an 8-bit font has no such letter
    marked = {word for word in _WORD.findall(text) if not word.isascii()}
    named = encoding_of_name(font_name)
    if named is not None:
        return named if _is_better(text, marked, named) else None
    if len(marked) < _MIN_WORDS or _share(marked) > _MAX_AS_IT_IS:
        return None
    candidates: tuple[Encoding, ...] = ("tcvn3", "vni")
    best = max(candidates, key=lambda encoding: _share(_decoded(marked, encoding)))
    proved = (
        _share(_decoded(marked, best)) >= _MIN_SHARE
        and vietnamese_share(transcode(text, best)) >= _MIN_SHARE
    )
    return best if proved else None


def transcode(text: str, encoding: Encoding) -> str:
    """Return text of a legacy font as Unicode, NFC; what is no code of it stays as it is."""
    return nfc("".join(letter_of(code, encoding) for code in nfc(text)))


def letter_of(code: str, encoding: Encoding) -> str:
    """Return what one code stands for by itself; VNI's marks are combining ones."""
    if encoding == "vni":
        return VNI.get(code, code)
    letter = TCVN3.get(code.translate(_MU), code)
    return letter.upper() if encoding == "tcvn3-capitals" else letter


def horns_lost(text: str) -> bool:
    """Return whether hyphens stand where ư belongs: `ph-ờng`. Some maps give TCVN3's ư as one."""
    return any(
        is_syllable(word.replace("-", "ư")) and not all(map(is_syllable, parts))
        for word in _WORD.findall(nfc(text))
        if len(parts := [part for part in word.split("-") if part]) > 1
    )


def _is_better(text: str, marked: set[str], encoding: Encoding) -> bool:
    """Return whether a font that is called legacy holds legacy text indeed."""
    if not marked:
        return encoding == "tcvn3-capitals" and text.isascii() and not text.isspace()
    after = _share(_decoded(marked, encoding))
    return after >= _MIN_NAMED and after > _share(marked)


def _decoded(words: set[str], encoding: Encoding) -> set[str]:
    return {transcode(word, encoding) for word in words}


def _share(words: set[str]) -> float:
    """Return which share (0–1) of words that bear marks are spelt as Vietnamese ones."""
    return sum(map(_is_word, words)) / len(words)


def _is_word(word: str) -> bool:
    # Some maps give TCVN3's ư, a soft hyphen elsewhere, as a plain one.
    parts = [part for part in word.split("-") if part]
    return is_syllable(word.replace("-", "ư")) or all(map(is_syllable, parts))
