"""Missing pages and pages that were scanned twice are told; none is dropped."""

import random

import pytest

from pipeline.model import Box, Line, Page, Word
from pipeline.page_order import order_issues, printed_number

WORDS = [f"từ{number}" for number in range(400)]


def _page(number, texts, printed=None, *, shift=(0, 0), top=60):
    """Words in rows on A4 at 100 dpi, under a printed page number."""
    lines = []
    if printed:
        lines.append(Line((Word(printed, Box(400, top, 430, top + 15), 0.9, "drawn"),)))
    for place, text in enumerate(texts):
        left, row = 80 + place % 8 * 80 + shift[0], 150 + place // 8 * 25 + shift[1]
        lines.append(Line((Word(text, Box(left, row, left + 60, row + 15), 0.9, "drawn"),)))
    return Page(number, 827, 1169, 100.0, "scan", tuple(lines))


def _numbered(*printed):
    rng = random.Random(4)
    return [
        _page(place, rng.sample(WORDS, 60), number) for place, number in enumerate(printed, start=1)
    ]


def _told(pages):
    return [(issue.code, issue.where, issue.detail) for issue in order_issues(pages)]


@pytest.mark.parametrize(
    "printed",
    [
        (None, "2", "3", "4"),
        (None, "2", None, "3"),  # a blank back between
        ("1", "2", "1", "2"),  # two papers in one scan
        ("- 1 -", "- 2 -"),
        (None, None, "250"),
        ("Trang 1/2", "Trang 2/2"),
        ("2", "2"),
        (None, "2", "5", "4"),  # 3 was misread
    ],
)
def test_complete_numbers_say_nothing(printed):
    """As official papers are numbered: not on the first page."""
    assert _told(_numbered(*printed)) == []


def test_a_missing_page_is_told():
    """Where, and between which numbers."""
    assert _told(_numbered(None, "2", "4")) == [("pages.gap", "page 3", "2 → 4")]
    assert _told(_numbered("1/3", "2/3")) == [("pages.gap", "page 2", "2/3")]


@pytest.mark.parametrize(("top", "found"), [(60, True), (1120, True), (600, False)])
def test_numbers_stand_at_the_edge(top, found):
    """A number in the text is no page number."""
    page = _page(1, WORDS[:20], "7", top=top)

    assert (printed_number(page) == (7, None)) == found


def test_the_same_sheet_twice_is_told():
    """Shifted on the glass, with other mistakes of reading."""
    first = _page(1, WORDS[:60])
    second = _page(3, [*WORDS[:55], *WORDS[200:205]], shift=(20, -30))
    other = _page(2, WORDS[100:160])

    assert _told([first, other, second]) == [("pages.alike", "page 3", "page 1")]


def test_a_note_over_a_page_gives_two_images_of_it():
    """The image with the note shows less; what it shows is the same."""
    whole, covered = _page(1, WORDS[:80]), _page(2, WORDS[:50])

    assert _told([covered, whole]) == [("pages.alike", "page 1", "page 2")]


def test_the_same_form_filled_in_elsewhere_is_another_page():
    """The same words in other places, or few of them, are no evidence."""
    words = WORDS[:60]
    mixed = random.Random(1).sample(words, 60)

    assert _told([_page(1, words), _page(2, mixed)]) == []
    assert _told([_page(1, WORDS[:9]), _page(2, WORDS[:9])]) == []


def test_nothing_to_compare():
    """Blank pages, and a document of none."""
    assert _told([]) == []
    assert _told([_page(1, []), _page(2, [])]) == []
