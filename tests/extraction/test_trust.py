"""How sure a value is."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.extraction.trust import (
    letter_height,
    pen_confidence,
    reading_confidence,
    unevenness,
)

SHARES = st.floats(0, 1)


def test_a_figure_is_as_sure_as_its_weakest_word(make_line):
    """One misread figure spoils a number."""
    sure, weak = make_line("12").words, make_line("34", confidence=0.4).words

    assert reading_confidence((*sure, *weak), figures=True) == reading_confidence(
        weak, figures=True
    )


def test_long_text_is_less_sure_than_short(make_line):
    """Each word may have lost a mark that the engine did not notice."""
    short, long = make_line("tổ chức").words, make_line("tổ chức hội nghị tổng kết năm").words

    assert reading_confidence(long, figures=False) < reading_confidence(short, figures=False) < 1


def test_text_layer_is_sure(make_line):
    """Words that were never recognised are not doubted."""
    words = make_line("Về việc xyzt", engine="text-layer", confidence=1.0).words

    assert reading_confidence(words, figures=False) == 1.0
    assert pen_confidence(words, words) == 1.0


def test_odd_words_are_doubted(make_line):
    """A word that is no syllable was misread."""
    good, odd = make_line("hoạt động").words, make_line("hoạt độnq 20]7").words

    assert reading_confidence(odd, figures=False) < 0.5 * reading_confidence(good, figures=False)


def test_print_is_even_and_a_pen_is_not(make_line):
    """Figures of the height of the print beside them are printed."""
    even = make_line("Số: 439/TTr-UBND").words
    high = make_line("Số: 439 /TTr-UBND", tall=("439",)).words

    assert unevenness(even[1:], even) < 1.1
    assert pen_confidence(even[1:], even) == 1.0
    assert pen_confidence(high[1:2], high) == 0.5


def test_letters_have_their_heights():
    """Marks and descenders make a word higher."""
    assert letter_height("n") < letter_height("N") < letter_height("Ế")
    assert letter_height("ngày") > letter_height("nam")
    assert letter_height("12") == letter_height("N")


@given(st.lists(SHARES, min_size=1, max_size=5), st.booleans())
def test_confidence_is_a_share(make_line, shares, figures):
    """No reading is surer than 1 or less than 0."""
    words = tuple(make_line("tổ", confidence=share).words[0] for share in shares)

    assert 0.0 <= reading_confidence(words, figures=figures) <= 1.0
    assert reading_confidence((), figures=figures) == 0.0
