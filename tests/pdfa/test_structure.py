"""Tests of pipeline.pdfa.structure: one forbidden thing at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from pipeline.model import ArchivePage
from pipeline.pdfa import ArchiveFacts, compose, structure

Change = Callable[[pikepdf.Pdf], object]


@pytest.fixture
def archive(draw: Callable[..., ArchivePage], facts: ArchiveFacts, tmp_path: Path) -> Path:
    """Return an archive PDF that may claim PDF/A-2u."""
    out = tmp_path / "archive.pdf"
    compose([draw(["Cộng hòa xã hội"])], facts, out)
    return out


def _save(path: Path, change: Change) -> tuple[str, ...]:
    """Change a PDF, save it as our writer does, and check it."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(
            path,
            force_version="1.7",
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return structure.check(path)


def test_what_our_writer_writes_passes(archive: Path) -> None:
    """An archive PDF has no reason against its claim, saved once or twice."""
    assert structure.check(archive) == ()
    assert _save(archive, lambda pdf: None) == ()


def _packet(old: bytes, new: bytes) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        data = pdf.Root.Metadata.read_bytes()
        assert old in data
        pdf.Root.Metadata.write(data.replace(old, new))

    return change


def _font(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return next(iter(pdf.pages[0].Resources.Font.values()))


def _image(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].Resources.XObject.Im0


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _content(extra: bytes) -> Change:
    def change(pdf: pikepdf.Pdf) -> None:
        data = pdf.pages[0].Contents.read_bytes()
        face = next(iter(pdf.pages[0].Resources.Font.keys())).encode()
        pdf.pages[0].Contents = pdf.make_stream(data + extra.replace(b"/F0", face))

    return change


def _set(find: Callable[[pikepdf.Pdf], pikepdf.Object], key: str, value: object) -> Change:
    return lambda pdf: find(pdf).__setitem__(key, value)


def _drop(find: Callable[[pikepdf.Pdf], pikepdf.Object], key: str) -> Change:
    return lambda pdf: find(pdf).__delitem__(key)


def _root(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.Root


def _page(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return pdf.pages[0].obj


def _attach(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.txt"] = b"x"


FORBIDDEN: dict[str, tuple[Change, str]] = {
    "script on opening": (_set(_root, "/OpenAction", _script()), "6.1–6.9"),
    "script of a page": (_set(_page, "/AA", Dictionary(O=_script())), "6.1–6.9"),
    "script anywhere": (_set(_image, "/Matte", _script()), "6.1–6.9"),
    "attachment": (_attach, "6.1–6.9"),
    "form": (_set(_root, "/AcroForm", Dictionary(Fields=Array())), "6.1–6.9"),
    "annotation": (
        _set(_page, "/Annots", Array([Dictionary(Type=Name.Annot, Subtype=Name.Movie)])),
        "6.1–6.9",
    ),
    "layers": (_set(_root, "/OCProperties", Dictionary()), "6.1–6.9"),
    "no language": (_drop(_root, "/Lang"), "6.7.4"),
    "no output intent": (_drop(_root, "/OutputIntents"), "6.2.3"),
    "another output profile": (
        lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile.write(b"x" * 200),
        "6.2.3",
    ),
    "no metadata": (_drop(_root, "/Metadata"), "6.6.2.1"),
    "another part": (_packet(b"part>2<", b"part>1<"), "6.6.2"),
    "strange property": (_packet(b"<pdf:Producer>", b"<pdf:Trapped/><pdf:Producer>"), "6.6.2"),
    "another title": (lambda pdf: pdf.docinfo.__setitem__("/Title", "Khác"), "6.6.3"),
    "strange information": (lambda pdf: pdf.docinfo.__setitem__("/Author", "A"), "6.6.3"),
    "page of no width": (_set(_page, "/MediaBox", Array([0, 0, 2, 800])), "6.1.13"),
    "page turned by 45": (_set(_page, "/Rotate", 45), "6.1"),
    "long name": (_set(_image, "/Name", Name("/" + "x" * 128)), "6.1.13"),
    "long string": (_set(_image, "/ID", String("x" * 32_768)), "6.1.13"),
    "large integer": (_set(_image, "/Matte", Array([2**31])), "6.1.13"),
    "CMYK": (_set(_image, "/ColorSpace", Name.DeviceCMYK), "6.2.4.3"),
    "interpolation": (_set(_image, "/Interpolate", True), "6.2.8.1"),
    "alternate image": (_set(_image, "/Alternates", Array()), "6.2.8.1"),
    "strange filter": (_set(_image, "/Filter", Name.JPXDecode), "6.1.7.2"),
    "data outside the file": (_set(_image, "/F", String("x.jpg")), "6.2.8.1"),
    "unknown operator": (_content(b" 1 2 foo"), "6.2.2"),
    "CMYK ink": (_content(b" 0 0 0 1 k"), "6.2.2"),
    "missing resource": (_content(b" /Im9 Do"), "6.2.2"),
    "layered content": (_content(b" /OC /MC0 BDC EMC"), "6.9"),
    "half a byte": (_content(b" BT /F0 9 Tf <000> Tj ET"), "6.1.6"),
    "too many states": (_content(b" q" * 29 + b" Q" * 29), "6.1.13"),
    "a code without glyph": (_content(b" BT /F0 9 Tf <7FFF> Tj ET"), "6.2.11"),
    "font not embedded": (
        _drop(lambda pdf: _font(pdf).DescendantFonts[0].FontDescriptor, "/FontFile2"),
        "6.2.11.4.1",
    ),
    "other widths": (
        lambda pdf: _font(pdf).DescendantFonts[0].W[1].__setitem__(0, 999),
        "6.2.11.5",
    ),
    "no map to Unicode": (_drop(_font, "/ToUnicode"), "6.2.11.7.2"),
    "a code to U+0000": (
        lambda pdf: _font(pdf).ToUnicode.write(b"1 beginbfchar <0001> <0000> endbfchar"),
        "6.2.11.7.2",
    ),
}


@pytest.mark.parametrize("name", FORBIDDEN)
def test_one_forbidden_thing_costs_the_claim(archive: Path, name: str) -> None:
    """Each is found, and named by its clause."""
    change, clause = FORBIDDEN[name]
    reasons = _save(archive, change)

    assert reasons
    assert any(reason.startswith(clause) for reason in reasons), reasons


def test_other_writers_files_are_not_vouched_for(archive: Path) -> None:
    """Comments, a second revision or bytes at the end: not as our writer writes."""
    data = archive.read_bytes()
    for changed in (
        data + b"\n",
        data.replace(b"%PDF-1.7", b"%PDF-1.4", 1),
        b"\n" + data,
        data + b"1 0 obj\nnull\nendobj\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n",
    ):
        archive.write_bytes(changed)
        assert structure.check(archive)


def test_an_encrypted_file_is_refused(archive: Path) -> None:
    """An archive must open in a hundred years, without any password."""
    with pikepdf.open(archive, allow_overwriting_input=True) as pdf:
        pdf.save(archive, encryption=pikepdf.Encryption(owner="x", user=""))

    assert any(reason.startswith("6.1.3") for reason in structure.check(archive))


def test_rubbish_is_refused_without_a_crash(tmp_path: Path) -> None:
    """A file that is no PDF gets a reason, not an exception."""
    path = tmp_path / "rubbish.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)

    assert structure.check(path)


def test_each_page_is_named_once(archive: Path) -> None:
    """A clerk of an archive learns which page it is."""
    reasons = _save(archive, _content(b" 0 0 0 1 k 0 0 0 1 K"))

    assert reasons == ("6.2.2: the operator k (page 1)",)
