"""Which files are one paper, and in which order."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.documents import find_paper, group, is_left_alone, natural_key, read_drops


def touch(*paths):
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def drops(root, troubles=None):
    found = read_drops(root, lambda place, error: (troubles or []).append((place, error)))
    return {drop.name: drop for drop in found}


def places(drop):
    return ["/".join(paper.place) for paper in drop.papers]


def test_pages_sort_as_people_count():
    """2 comes before 10, whatever the case of the letters."""
    names = ["Trang 10.jpg", "trang 2.JPG", "trang 1.jpg", "Trang 02b.jpg", "10.jpg", "9.jpg"]

    assert sorted(names, key=natural_key) == [
        "9.jpg", "10.jpg", "trang 1.jpg", "trang 2.JPG", "Trang 02b.jpg", "Trang 10.jpg",
    ]  # fmt: skip


@given(st.lists(st.text(max_size=20), max_size=8, unique=True), st.randoms())
def test_every_name_has_its_place(names, chance):
    """The order is total and does not depend on the order of the folder, for any names."""
    shuffled = list(names)
    chance.shuffle(shuffled)

    assert sorted(names, key=natural_key) == sorted(shuffled, key=natural_key)


@given(st.text(max_size=20), st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_decide(stem, one, other):
    """Of two names that differ in their number alone the smaller comes first."""
    stem = stem.rstrip("0123456789")
    first, second = natural_key(f"{stem}{one}"), natural_key(f"{stem}{other}")

    assert (first < second) == (one < other) or one == other


@pytest.mark.parametrize(
    "name",
    [
        ".a.pdf", "._a.pdf", "~$a.docx", "a.part", "a.PDF.TMP", "a.crdownload", "a.pdf.filepart",
        "Thumbs.db", "DESKTOP.INI", ".DS_Store", "dossier.json", "_READY",
    ],
)  # fmt: skip
def test_no_scan(name):
    """Hidden, unfinished, desktop's and our own files are left alone."""
    assert is_left_alone(name)


def test_person_names_a_file(tmp_path):
    """What is named is taken, whatever it is called."""
    touch(tmp_path / ".odd")

    assert group(tmp_path / ".odd") == [(tmp_path / ".odd", [tmp_path / ".odd"])]


def test_person_names_nothing(tmp_path):
    """A path that is not there is an error of the system's own."""
    with pytest.raises(FileNotFoundError):
        group(tmp_path / "a.pdf")


def test_person_names_a_folder_of_pages(tmp_path):
    """Nothing but page images: one document."""
    touch(*(tmp_path / f"{n}.jpg" for n in (1, 2, 10)), tmp_path / "Thumbs.db")

    assert group(tmp_path) == [(tmp_path, [tmp_path / f"{n}.jpg" for n in (1, 2, 10)])]


def test_person_names_a_tree(tmp_path):
    """Any other folder is searched for scans; what is none is passed over."""
    touch(
        tmp_path / "b.pdf", tmp_path / "notes.txt", tmp_path / "a" / "1.png",
        tmp_path / "a" / "2.png", tmp_path / "c" / "x.tif", tmp_path / "c" / "y.pdf",
    )  # fmt: skip
    (tmp_path / "link.pdf").symlink_to(tmp_path / "b.pdf")

    found = [
        (place.relative_to(tmp_path).as_posix(), len(files)) for place, files in group(tmp_path)
    ]
    assert found == [("a", 2), ("b.pdf", 1), ("c/x.tif", 1), ("c/y.pdf", 1)]


def test_empty_folder_names_nothing(tmp_path):
    """No document, no error."""
    assert group(tmp_path) == []


def test_drop_folder(tmp_path):
    """Loose files, dossiers, folders of pages and deeper folders."""
    touch(
        tmp_path / "loose.pdf", tmp_path / "D-1" / "b.pdf", tmp_path / "D-1" / "a.docx",
        tmp_path / "D-1" / "giấy" / "2.jpg", tmp_path / "D-1" / "giấy" / "10.jpg",
        tmp_path / "D-1" / "khác" / "x.pdf", tmp_path / "D-1" / "khác" / "1.jpg",
        tmp_path / "D-1" / "dossier.json", tmp_path / "D-2" / "_READY", tmp_path / ".git" / "x.pdf",
    )  # fmt: skip
    found = drops(tmp_path)

    assert list(found) == [None, "D-1", "D-2"]
    assert places(found[None]) == ["loose.pdf"]
    assert places(found["D-1"]) == [
        "D-1/a.docx", "D-1/b.pdf", "D-1/giấy", "D-1/khác/1.jpg", "D-1/khác/x.pdf",
    ]  # fmt: skip
    pages = found["D-1"].papers[2]
    assert pages.is_folder and [file[-1] for file in pages.files] == ["2.jpg", "10.jpg"]
    assert found["D-1"].manifest is not None and not found["D-1"].ready
    assert found["D-2"].ready and found["D-2"].papers == ()


def test_top_folder_of_images_is_a_dossier(tmp_path):
    """Each of its images is a document: any folder name at the top is a dossier's code."""
    touch(tmp_path / "ảnh" / "1.jpg", tmp_path / "ảnh" / "2.jpg")

    assert places(drops(tmp_path)["ảnh"]) == ["ảnh/1.jpg", "ảnh/2.jpg"]


def test_page_under_way_marks_its_folder(tmp_path):
    """A folder of pages is not whole while one of them is still being copied."""
    touch(tmp_path / "D" / "f" / "1.jpg", tmp_path / "D" / "f" / "2.jpg.part")

    (paper,) = drops(tmp_path)["D"].papers
    assert paper.unfinished and len(paper.files) == 1


def test_links_and_pipes_are_told_apart(tmp_path):
    """They are listed as strange and never become papers."""
    touch(tmp_path / "D" / "a.pdf")
    (tmp_path / "D" / "b.pdf").symlink_to("/etc/passwd")
    (tmp_path / "D" / "f").symlink_to("/etc")
    os.mkfifo(tmp_path / "D" / "c.pdf")
    (tmp_path / "E").symlink_to(tmp_path / "D")
    found = drops(tmp_path)

    assert places(found["D"]) == ["D/a.pdf"]
    assert {place[-1] for place in found["D"].strange} == {"b.pdf", "c.pdf", "f"}
    assert found[None].strange == (("E",),)
    assert "E" not in found


def test_folders_without_end_are_a_trouble(tmp_path):
    """A trap of nested folders costs one message."""
    deep = tmp_path / "D"
    for _ in range(30):
        deep = deep / "d"
    touch(deep / "a.pdf", tmp_path / "D" / "b.pdf")
    troubles = [None]

    assert places(drops(tmp_path, troubles)["D"]) == ["D/b.pdf"]
    assert len(troubles) == 2


def test_name_without_meaning_in_unicode(tmp_path):
    """A name of any bytes is kept as it is."""
    name = os.fsdecode(b"b\xff.pdf")
    touch(Path(tmp_path / "D" / name))

    assert drops(tmp_path)["D"].papers[0].place == ("D", name)


def test_document_in_its_place(tmp_path):
    """The same as a look at the whole folder finds, as long as it is one document."""
    touch(
        tmp_path / "D" / "a.pdf", tmp_path / "D" / "f" / "1.jpg", tmp_path / "D" / "f" / "2.jpg",
        tmp_path / "loose.pdf",
    )  # fmt: skip
    found = drops(tmp_path)
    for drop in found.values():
        for paper in drop.papers:
            assert find_paper(tmp_path, paper.place) == paper

    assert find_paper(tmp_path, ("D", "b.pdf")) is None
    touch(tmp_path / "D" / "f" / "3.pdf")
    assert find_paper(tmp_path, ("D", "f")) is None
    (tmp_path / "loose.pdf").unlink()
    (tmp_path / "loose.pdf").symlink_to(tmp_path / "D" / "a.pdf")
    assert find_paper(tmp_path, ("loose.pdf",)) is None


def test_number_of_a_document_tells_every_change(tmp_path):
    """A page that grows, comes or is renamed; and nothing else."""
    touch(tmp_path / "D" / "f" / "1.jpg", tmp_path / "D" / "f" / "2.jpg")
    folder = tmp_path / "D" / "f"

    def number():
        paper = find_paper(tmp_path, ("D", "f"))
        return paper.number

    seen = [number()]
    assert number() == seen[0]
    (folder / "1.jpg").write_bytes(b"more")
    seen.append(number())
    (folder / "2.jpg").rename(folder / "3.jpg")
    seen.append(number())
    touch(folder / "4.jpg")
    seen.append(number())

    assert len(set(seen)) == 4
