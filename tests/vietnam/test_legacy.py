"""Legacy fonts: TCVN3 and VNI."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.vietnam.legacy import (
    TCVN3,
    VNI,
    detect,
    encoding_of_name,
    horns_lost,
    letter_of,
    transcode,
)
from pipeline.vietnam.letters import TONES, VIETNAMESE_LETTERS, is_syllable

TEXT_VNI = (
    "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam, Ñoäc laäp - Töï do - Haïnh phuùc, quyeát ñònh soá "
    "veà vieäc giao ñaát cho hoä gia ñình söû duïng taïi phöôøng"
)
TEXT_TCVN3 = (
    "Céng hoµ x· héi chñ nghÜa ViÖt Nam, §éc lËp - Tù do - H¹nh phóc, quyÕt ®Þnh sè "
    "vÒ viÖc giao ®Êt cho hé gia ®×nh sö dông t¹i ph\xadêng"
)
UNICODE = (
    "Cộng hoà xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc, quyết định số "
    "về việc giao đất cho hộ gia đình sử dụng tại phường"
)
ENGLISH = (
    "This contract is made between the two parties naïve café São Paulo Zürich Düsseldorf Málaga "
    "résumé señor façade über coöperate Ångström élan déjà vu piñata jalapeño crème brûlée fiancée"
)
_MARKED = sorted(letter for letter in VIETNAMESE_LETTERS if not letter.isascii())
_ONSETS = "b c đ h kh l m ng nh s t th tr v x".split()  # noqa: SIM905
_RIMES = [
    "a|",
    "a|n",
    "ô|ng",
    "ươ|i",
    "iê|m",
    "ê|",
    "ô|",
    "e|",
    "o|",
    "i|",
    "u|",
    "ă|ng",
    "â|t",
    "uyê|n",
]
_SYLLABLES = sorted(
    syllable
    for onset in (
        "",
        *["b", "c", "đ", "h", "kh", "l", "m", "ng", "nh", "s", "t", "th", "tr", "v", "x"],
    )
    for vowel, coda in (rime.split("|") for rime in _RIMES)
    for tone in ("", *TONES)
    for syllable in (unicodedata.normalize("NFC", onset + vowel + tone + coda),)
    if is_syllable(syllable)
)


def _to_tcvn3(letter: str) -> str:
    return {shown: code for code, shown in TCVN3.items()}.get(letter, letter)


def _to_vni(letter: str) -> str:
    """Return the code of VNI, or letter and mark in one case, as its keyboards write them."""
    codes = {shown: code for code, shown in VNI.items() if not unicodedata.combining(shown[0])}
    if letter in codes:
        return codes[letter]
    for mark, shown in VNI.items():
        for base in "aeiouyAEIOUYôöÔÖ":
            whole = unicodedata.normalize("NFC", VNI.get(base, base) + shown)
            if whole == letter and base.isupper() == mark.isupper():
                return base + mark
    raise AssertionError(letter)


@pytest.mark.parametrize("letter", _MARKED)
def test_every_letter_survives_the_way_there_and_back(letter: str) -> None:
    """All 134 letters that ASCII lacks: capitals with tones have a font of their own in TCVN3."""
    assert transcode(_to_vni(letter), "vni") == letter
    if letter in TCVN3.values():
        assert transcode(_to_tcvn3(letter), "tcvn3") == letter
    assert transcode(_to_tcvn3(letter.lower()), "tcvn3-capitals") == letter.upper()


def test_the_tables_are_whole() -> None:
    """One code a letter, and every letter has one."""
    assert len(_MARKED) == 134
    small = {letter for letter in _MARKED if letter.islower()}
    assert set(TCVN3.values()) == small | set("ĂÂĐÊÔƠƯ")
    assert len(set(TCVN3.values())) == len(TCVN3) == 74


@pytest.mark.parametrize(("text", "encoding"), [(TEXT_VNI, "vni"), (TEXT_TCVN3, "tcvn3")])
def test_running_text_is_told_and_read(text: str, encoding: str) -> None:
    """A paragraph is enough, whatever its font is called."""
    assert detect(text) == encoding
    read = transcode(text, encoding)
    assert read.replace("hòa", "hoà") == UNICODE
    letters = "".join(letter_of(code, encoding) for code in text)
    assert unicodedata.normalize("NFC", letters) == read


def test_capitals_of_vni_are_read() -> None:
    """Also where a capital bears the mark of small letters."""
    assert transcode("COÄNG HOØA Ñoäc Aâu Öôùc", "vni") == "CỘNG HÒA Độc Âu Ước"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        (".VnTime", "tcvn3"),
        ("ABCDEF+.VnArial,Bold", "tcvn3"),
        ("VnTimeBold", "tcvn3"),
        ("ABCDEF+.VnTimeH", "tcvn3-capitals"),
        (".VnArial NarrowH,Bold", "tcvn3-capitals"),
        (".VnHelvetIns", "tcvn3"),
        ("VNI-Times", "vni"),
        ("ABCDEF+VNI-Helve-Bold", "vni"),
        ("TimesNewRomanPSMT", None),
        ("VnMyFont", None),
        ("", None),
    ],
)
def test_names_tell_the_encoding(name: str, encoding: str | None) -> None:
    """The families that were in use."""
    assert encoding_of_name(name) == encoding


def test_a_telling_name_needs_few_words() -> None:
    """A heading is enough, and capitals are as they are drawn."""
    assert detect("Céng hoµ", ".VnTimeH") == "tcvn3-capitals"
    assert transcode("Céng hoµ", "tcvn3-capitals") == "CỘNG HOÀ"
    assert detect("Céng hoµ", "Arial") is None


@pytest.mark.parametrize("name", ["", ".VnTime", ".VnTimeH", "VNI-Times"])
@pytest.mark.parametrize("text", [UNICODE, UNICODE.upper(), unicodedata.normalize("NFD", UNICODE)])
def test_unicode_is_left_alone_whatever_its_font_is_called(text: str, name: str) -> None:
    """Converted papers keep the names of their fonts."""
    assert detect(text, name) is None


@pytest.mark.parametrize("text", ["", ENGLISH, "12.345 kg", "été à l'école où père né", "— • ©"])
def test_other_languages_are_left_alone(text: str) -> None:
    """Accents are no proof."""
    assert detect(text) is None


@given(
    st.lists(st.sampled_from(_SYLLABLES), max_size=40), st.sampled_from(["", ".VnTime", "VNI-A"])
)
def test_vietnamese_in_unicode_is_never_told_as_legacy(words: list[str], name: str) -> None:
    """Not even where all its letters happen to be those of Latin-1."""
    assert detect(" ".join(words), name) is None


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_ascii_is_never_told_as_legacy(text: str) -> None:
    """It reads the same in all of them."""
    assert detect(text) is None
    assert detect(text, ".VnTime") is None


@given(st.lists(st.sampled_from(ENGLISH.split()), max_size=60))
def test_english_is_never_told_as_legacy(words: list[str]) -> None:
    """Borrowed words bear accents too."""
    assert detect(" ".join(words)) is None


@given(st.lists(st.sampled_from(_SYLLABLES), min_size=12, max_size=40))
def test_what_is_transcoded_is_what_was_meant(words: list[str]) -> None:
    """Whatever is told as legacy is read as it was written."""
    meant = " ".join(words)
    for encoding, code in (("tcvn3", _to_tcvn3), ("vni", _to_vni)):
        text = "".join(letter if letter.isascii() else code(letter) for letter in meant)
        found = detect(text)
        if found is not None:
            assert (found, transcode(text, found)) == (encoding, meant)


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("ph-ờng", True),
        ("tr-ởng ban", True),
        ("thứ hai-ba", False),
        ("30/NĐ-CP", False),
        ("", False),
    ],
)
def test_hyphens_that_stand_for_a_letter_are_seen(text: str, lost: bool) -> None:
    """A hyphen between two whole syllables is one."""
    assert horns_lost(text) is lost
