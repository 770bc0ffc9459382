"""A sample of a text layer compared with what is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Box, Line, Word
from pipeline.recognition.sample import agrees, choose, has_ink, same_text, strip_of

LINES = (
    "Thửa đất số 57, tờ bản đồ số 12",
    "diện tích 1.390 m2 tại xã An Bình",
    "Điện thoại 0274 3822 825 của ông Tư",
)


@pytest.fixture
def page(draw, line):
    """A drawn page and the words of its text layer."""
    image = draw([(text, 40, 60 + 60 * place) for place, text in enumerate(LINES)])
    words = [w for place, text in enumerate(LINES) for w in line(text, 40, 60 + 60 * place).words]
    return image, words


def engine(*texts: str):
    """Return a reader that says these lines, whatever it is shown, and how often it was asked."""
    calls: list[float] = []

    def read(strip, dpi):
        calls.append(dpi)
        assert strip.ndim == 2
        words = [Word(text, Box(0, 0, 9, 9), 0.9, "made") for text in " ".join(texts).split()]
        return [Line((word,)) for word in words]

    return read, calls


def judged(page, *texts: str) -> tuple[bool, int]:
    """Return the verdict and how many readings it took."""
    image, words = page
    read, calls = engine(*texts)
    return agrees(words, ["F"] * len(words), {"F"}, image, read), len(calls)


def test_what_reads_the_same_is_kept_after_one_reading(page):
    """Capitals and punctuation do not matter."""
    assert judged(page, *LINES) == (True, 1)
    assert judged(page, *(line.upper().replace(",", "") for line in LINES)) == (True, 1)


@pytest.mark.parametrize(
    "texts",
    [
        [line.replace("2", "7") for line in LINES],
        [line.translate(str.maketrans("37", "73")) for line in LINES],
        [line.replace("5", "6") for line in LINES],
    ],
)
def test_false_digits_are_refused(page, texts):
    """One digit for another is enough, however sound the words are."""
    assert judged(page, *texts) == (False, 2)


@pytest.mark.parametrize(
    "texts",
    [
        [line.translate(str.maketrans("aătiđnô", "ôđnaiăt")) for line in LINES],
        ["Cộng hòa xã hội chủ nghĩa Việt Nam", "Độc lập - Tự do - Hạnh phúc"],
        [""],
        ["Thủa dắt sỏ 57, tở bán đổ sỏ 12", "diên tich 1.390 m2 tai xả An Bính"],
    ],
)
def test_other_words_are_refused(page, texts):
    """Shuffled letters, another text, nothing at all, other marks."""
    assert judged(page, *texts) == (False, 2)


def test_one_misreading_is_forgiven(page):
    """The engine errs too: a false map would err each time."""
    assert judged(page, *(line.replace("3822", "3872") for line in LINES)) == (True, 1)


def test_too_few_words_are_not_judged(page):
    """Nor is a page of fonts that are known already."""
    image, words = page
    read, calls = engine("")

    assert agrees(words[:3], ["F"] * 3, {"F"}, image, read)
    assert agrees(words, ["F"] * len(words), set(), image, read)
    assert calls == []


def test_each_font_asked_about_is_in_the_sample(page, line):
    """And no piece without any of them."""
    words = [w for row in range(9) for w in line("một hai ba bốn", 40, 60 + 60 * row).words]
    fonts = ["A"] * 20 + ["B"] * 4 + ["A"] * 8 + ["C"] * 4
    found = choose(words, fonts, {"B", "C"})
    chosen = {fonts[words.index(word)] for piece in found for word in piece.words}

    assert chosen == {"B", "C"}
    assert [piece.box.top for piece in found] == sorted(piece.box.top for piece in found)


@given(st.lists(st.text("abđ0123456789", min_size=1, max_size=8), max_size=40))
def test_digits_are_preferred(texts: list[str]) -> None:
    """If any word has a digit, the sample has one; no word is taken twice."""
    words = []
    for place, text in enumerate(texts):
        left, top = 60 * (place % 8), 40 * (place // 8)
        words.append(Word(text, Box(left, top, left + 50, top + 20), 1.0, "made"))
    found = [word for piece in choose(words, ["F"] * len(words), {"F"}) for word in piece.words]

    assert len({id(word) for word in found}) == len(found) <= 20
    assert any(c.isdigit() for w in words for c in w.text) == any(
        c.isdigit() for w in found for c in w.text
    )


def test_the_strip_holds_the_pieces_at_its_resolution(page):
    """Never finer than the page, so that nothing is made up."""
    image, words = page
    pieces = choose(words, ["F"] * len(words), {"F"})

    assert strip_of(image, pieces, 300)[1] == image.dpi
    coarse, dpi = strip_of(image, pieces, 75)
    assert dpi == 75
    assert coarse.shape[0] < strip_of(image, pieces, 300)[0].shape[0]
    assert coarse.min() < 100 < coarse.max()


def test_words_without_ink_are_noticed(page):
    """White text, or text under a picture, is none that a person sees."""
    image, words = page
    blank = replace(image, pixels=image.pixels * 0 + 255)

    assert has_ink(words, image)
    assert not has_ink(words, blank)
    assert has_ink([], blank)


@given(st.lists(st.text("aăâbcdđ 0123456789", max_size=12), max_size=5))
def test_a_text_is_the_same_as_itself(lines: list[str]) -> None:
    """Whatever it is."""
    assert same_text(lines, lines)
