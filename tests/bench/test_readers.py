"""The bench of readers says what is lost and what was not measured."""

from bench import readers
from bench.reading import Seen
from bench.word_boxes import Agreement


def test_a_phrase_has_marks_and_comes_from_one_line():
    """The words with the most marks are sought; a page without marks has nothing to seek."""
    lines = ["CONG HOA XA HOI", "Độc lập - Tự do - Hạnh phúc", "ngắn quá"]

    assert readers.phrase_of(lines) == "Độc lập - Tự do - Hạnh phúc"
    assert readers.phrase_of(["a b c d e"]) == ""
    assert readers.phrase_of([]) == ""


def test_a_hundred_per_cent_is_all():
    """One word in ten thousand is not rounded away."""
    assert readers._share(10, 10) == "100 %"
    assert readers._share(99_999, 100_000) == "99.99 %"


def test_what_a_producer_does_not_tell_is_not_measured():
    """The peer's sidecar has no boxes."""
    page = Agreement(words=4, in_order=3, both=3, found=4, equal=False, sides_pt=(), edges_pt=())

    assert readers._words([page]) == "75.00 % | 0.7500 | 0/1"
    assert readers._distance([]) == "–"
    assert readers._distance([0.0, 3.0]) == "2.85 / 3.0 / 50.00 %"


def test_overlap_is_not_claimed_without_truth(tmp_path):
    """A scan has no printed boxes; what was recognised is compared all the same."""
    word = Seen("a", (0.0, 0.0, 9.0, 9.0))
    source = readers.Source("scans", tmp_path / "a.pdf")
    result = readers.Result(source, tmp_path / "b.pdf", ("a",), (word,), boxed=True)
    reading = readers.Reading(("a",), (word,))

    assert readers._overlaps([result], [reading], "poppler -bbox-layout") == "– | 1.000"
    assert readers._overlaps([result], [reading], "pdfium") == "– | –"


def test_absent_pages_are_said_so(tmp_path, monkeypatch):
    """They are no part of the project."""
    monkeypatch.setattr(readers, "DATA", tmp_path / "absent")

    assert list(readers.find_pages(tmp_path, 6)) == []


def test_the_table_replaces_the_last_one(tmp_path):
    """What stands around it stays."""
    page = tmp_path / "page.md"
    page.write_text(f"before\n{readers.BEGIN}\nold\n{readers.END}\nafter\n", encoding="utf-8")

    readers.paste(page, "| new |")

    text = page.read_text(encoding="utf-8")
    assert "old" not in text
    assert text.startswith(f"before\n{readers.BEGIN}\n")
    assert text.endswith(f"| new |\n{readers.END}\nafter\n")
