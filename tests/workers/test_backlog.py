"""What a backfill finds in a tree or a CSV."""

from pathlib import Path

import pytest

from pipeline.errors import SetupError
from workers.backlog import read_backlog

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
PDF = b"%PDF-1.4 %%EOF"


@pytest.fixture
def put(tmp_path):
    def write(name, data=PDF):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return write


def read(source):
    return list(read_backlog(source, SCHEMAS))


def test_tree_follows_the_rules_of_the_inbox(put, tmp_path):
    """Dossiers, loose files, declared facts."""
    put("D-1/a.pdf")
    put("D-1/b.pdf")
    put("D-1/dossier.json", b'{"components": [{"file": "b.pdf", "ordinal": 3}]}')
    put("loose.pdf")
    found = {job.source: job for job in read(tmp_path)}

    assert set(found) == {"D-1/a.pdf", "D-1/b.pdf", "loose.pdf"}
    assert found["D-1/a.pdf"].facts.ordinal == 4
    assert found["D-1/b.pdf"].facts.ordinal == 3
    assert found["loose.pdf"].facts.dossier.code is None
    assert found["D-1/a.pdf"].declared() != found["D-1/b.pdf"].declared()


def test_broken_manifest_refuses_its_papers_alone(put, tmp_path):
    """Each is named with the reason."""
    put("D-1/a.pdf")
    put("D-1/dossier.json", b"{")
    put("D-2/a.pdf")
    found = {job.source: job for job in read(tmp_path)}

    assert found["D-1/a.pdf"].refusal.reason == "inbox.bad-manifest"
    assert found["D-2/a.pdf"].refusal is None


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_list_in_any_common_dialect(put, tmp_path, delimiter):
    """Excel writes semicolons in Viet Nam."""
    put("a.pdf")
    rows = [["path", "dossier_code", "ordinal"], ["a.pdf", "H-1", "2"]]
    listed = put("list.csv", "\n".join(delimiter.join(row) for row in rows).encode())
    (job,) = read(listed)

    assert (job.facts.dossier.code, job.facts.ordinal) == ("H-1", 2)
    assert job.source == "a.pdf" and job.paper.place == ("a.pdf",)


def test_listed_tree_gives_all_its_documents(put, tmp_path):
    """A row that names a folder stands for what is in it."""
    put("f/1.pdf")
    put("f/2.pdf")
    jobs = read(put("list.csv", b"path,dossier_code\nf,H-1\n"))

    assert len(jobs) == 2 and all(job.facts.dossier.code == "H-1" for job in jobs)


@pytest.mark.parametrize("row", ["missing.pdf", "empty", "link.pdf"])
def test_row_without_a_scan_is_one_refusal(put, tmp_path, row):
    """The others go on."""
    put("a.pdf")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link.pdf").symlink_to(tmp_path / "a.pdf")
    jobs = read(put("list.csv", f"path\n{row}\na.pdf\n".encode()))

    # A link is listed as it is; it is refused when it is opened.
    assert [job.refusal is None for job in jobs][1:] == [True]
    assert row == "link.pdf" or jobs[0].refusal.reason == "inbox.unreadable"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "path is needed"),
        ("file\na.pdf\n", "not known: file"),
        ("path,ordinal\na.pdf,zwei\n", "line 2: ordinal is 'zwei'"),
        ("path,ordinal\na.pdf,0\n", "not a number from 1"),
        ("path\na.pdf,b.pdf\n", "more values than columns"),
        ("path,procedure\n,1.1\n", "path is empty"),
        ('path\n"a.pdf\n', "line"),
    ],
)
def test_wrong_list_is_refused_with_its_line(put, text, told):
    """Before anything is taken in."""
    with pytest.raises(SetupError, match=told):
        read(put("list.csv", text.encode()))


def test_list_must_be_utf8(put):
    """Old code pages would garble every name."""
    with pytest.raises(SetupError, match="UTF-8"):
        read(put("list.csv", "path\nđơn.pdf".encode("utf-16")))
