"""Boxes of words: printed, recognised and read, and how they agree."""

import json

import pytest
from PIL import Image, ImageDraw

from bench import word_boxes
from bench.reading import Reading, Seen

ALTO = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page WIDTH="600">
<String CONTENT="Giấy" HPOS="100" VPOS="200" WIDTH="80" HEIGHT="36"/>
<String CONTENT="&#x200b;" HPOS="185" VPOS="200" WIDTH="1" HEIGHT="36"/>
<String CONTENT="phép" HPOS="190" VPOS="204" WIDTH="90" HEIGHT="32"/>
</Page></Layout></alto>"""


def seen(text, *box):
    return Seen(text, tuple(map(float, box)))


def test_recognised_words_are_those_of_the_text_layer(tmp_path):
    """In points; what the text layer leaves out is left out."""
    (tmp_path / "0001.xml").write_text(ALTO, encoding="utf-8")

    words = word_boxes.recognised(tmp_path / "0001.xml", 432.0)

    assert words == [
        Seen("Giấy", pytest.approx((72, 144, 129.6, 169.92))),
        Seen("phép", pytest.approx((136.8, 146.88, 201.6, 169.92))),
    ]


@pytest.fixture
def drawn(tmp_path):
    """A page with two words of two letters each, and its truth."""
    with Image.new("L", (200, 100), 255) as image:
        draw = ImageDraw.Draw(image)
        for left, top in ((10, 20), (22, 24), (50, 20), (62, 20)):
            draw.rectangle((left, top, left + 9, 39), fill=0)
        image.save(tmp_path / "page.png")
    piece = {"text": "ab cd", "bbox": [5, 15, 80, 45]}
    (tmp_path / "page.json").write_text(json.dumps({"segs": [piece]}), encoding="utf-8")
    return tmp_path / "page.json"


def test_printed_words_are_the_ink_between_the_widest_gaps(drawn):
    """The gap between the letters is narrower than that between the words."""
    words = word_boxes.printed(drawn, drawn.with_suffix(".png"), 72)

    assert words == [seen("ab", 10, 20, 32, 40), seen("cd", 50, 20, 72, 40)]


def test_pieces_without_plain_gaps_are_left_out(drawn):
    """Three words where four pieces of ink have two gaps of one width: nobody knows where."""
    piece = {"text": "a b cd", "bbox": [5, 15, 80, 45]}
    drawn.write_text(json.dumps({"segs": [piece]}), encoding="utf-8")

    assert word_boxes.printed(drawn, drawn.with_suffix(".png"), 72) == []


def test_joined_words_count_as_missing():
    """A reader that runs two words together has lost both, and found one that is not there."""
    wanted = [seen("a", 0, 0, 9, 9), seen("b", 10, 0, 19, 9), seen("c", 0, 10, 9, 19)]
    reading = Reading(("ab", "c"), (seen("ab", 0, 0, 19, 9), seen("c", 1, 10, 9, 22)))

    found = word_boxes.agreement(wanted, reading)

    assert (found.words, found.in_order, found.both, found.found) == (3, 1, 1, 2)
    assert not found.equal
    assert (found.sides_pt, found.edges_pt) == ((1.0,), (3.0,))


def test_runs_are_compared_with_all_their_words():
    """pdf.js gives a line as one run."""
    wanted = [seen("a", 0, 0, 9, 9), seen("b", 10, 0, 19, 9)]
    reading = Reading(("a", "b"), (seen("a b", 0, 0, 20, 9),))

    found = word_boxes.agreement(wanted, reading)

    assert found.equal
    assert found.sides_pt == (1.0,)


def test_overlap_is_of_the_nearest_word_of_that_text():
    """Half of one box over half of the other is a third of both; the far one does not count."""
    truth = [seen("a", 0, 0, 10, 10), seen("a", 90, 90, 99, 99)]

    assert word_boxes.overlaps(truth, [seen("a", 5, 0, 15, 10)]) == [pytest.approx(1 / 3)]
    assert word_boxes.overlaps(truth, [seen("x", 5, 0, 15, 10)]) == []
