"""Tests of pipeline.pdfa.source_page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.errors import ArchiveDiffers, ToolCrashed
from pipeline.model import ArchivePage, SourcePage
from pipeline.pdfa import ArchiveFacts, compose, verify

Born = Callable[..., Path]
TakenOver = Callable[..., ArchivePage]
STAMP = (300, 100, 420, 160)  # pt: left, bottom, right, top


def _stamp(pdf: pikepdf.Pdf) -> None:
    """Add what signing software adds: a signature field with an appearance, on paper a stamp."""
    look = pdf.make_stream(
        b"0.8 0 0 rg 0 0 120 60 re f",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 120, 60]),
        Resources=Dictionary(),
    )
    field = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T=pikepdf.String("Signature1"),
        F=132,
        Rect=Array(STAMP),
        AP=Dictionary(N=look),
        P=pdf.pages[0].obj,
        V=pdf.make_indirect(Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]))),
    )
    pdf.pages[0].Annots = Array([pdf.make_indirect(field)])
    pdf.Root.AcroForm = Dictionary(Fields=pdf.pages[0].Annots, SigFlags=3)


def _active(pdf: pikepdf.Pdf) -> None:
    """Add all that acts, asks or carries along."""
    script = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
    pdf.Root.OpenAction = script
    pdf.Root.AA = Dictionary(WC=script)
    pdf.pages[0].AA = Dictionary(O=script)
    pdf.pages[0].obj["/Metadata"] = pdf.make_stream(b"<x/>", Type=Name.Metadata, Subtype=Name.XML)
    pdf.pages[0].obj["/PieceInfo"] = Dictionary(Word=Dictionary(Private=1))
    pdf.attachments["a.exe"] = b"MZ"
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 10, 10]),
        A=Dictionary(S=Name.URI, URI=pikepdf.String("http://example.com")),
    )
    pdf.pages[0].Annots = Array([pdf.make_indirect(link)])


def _darkness(path: Path, box: tuple[int, int, int, int]) -> float:
    """Return how dark a page is inside a box in points, 0–1."""
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[0]
        height = page.get_height()
        gray = page.render(scale=1, grayscale=True).to_numpy()
        page.close()
    left, bottom, right, top = box
    part = gray[int(height) - top : int(height) - bottom, left:right]
    return float(1 - part.mean() / 255)


def test_a_text_born_page_stays_vectors_and_may_claim(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """A clean page keeps its own fonts and drawing and passes every check."""
    page = taken_over(born())
    out = tmp_path / "out.pdf"
    compose([page], facts, out)
    report = verify(out, [page])

    assert report.failures == ()
    assert report.pdfa == "2u"
    with pikepdf.open(out) as pdf:
        assert "/XObject" not in pdf.pages[0].Resources


@pytest.mark.verapdf
def test_verapdf_agrees_on_text_born_pages(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path, verapdf: Path
) -> None:
    """The reference validator accepts what our checks accept."""

    def everything(pdf: pikepdf.Pdf) -> None:
        _active(pdf)
        _stamp(pdf)

    page = taken_over(born(everything))
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert verify(out, [page], verapdf=verapdf).pdfa == "2u"


def test_a_visible_signature_stays_visible(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """The stamp of a signature becomes part of the page, and its field is gone."""
    page = taken_over(born(_stamp))
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert _darkness(out, STAMP) > 0.5
    assert verify(out, [page]).pdfa == "2u"
    with pikepdf.open(out) as pdf:
        assert "/Annots" not in pdf.pages[0]
        assert "/AcroForm" not in pdf.Root


def test_a_signature_that_vanished_is_caught(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """The page is compared with its source as a person sees it, stamps included."""
    out = tmp_path / "out.pdf"
    compose([taken_over(born(name="plain.pdf"))], facts, out)

    with pytest.raises(ArchiveDiffers, match="what it shows"):
        verify(out, [taken_over(born(_stamp))])


def test_nothing_that_acts_is_taken_over(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """Scripts, actions, links, attachments and private data stay behind."""
    page = taken_over(born(_active))
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    with pikepdf.open(out) as pdf:
        assert set(pdf.pages[0].keys()) <= {
            "/Type",
            "/Parent",
            "/MediaBox",
            "/Resources",
            "/Contents",
        }
        text = b"".join(repr(entry).encode() for entry in pdf.objects)
        assert not any(word in text for word in (b"JavaScript", b"EmbeddedFile", b"/URI"))
    assert verify(out, [page]).pdfa == "2u"


def test_a_hidden_layer_stays_hidden_and_costs_the_claim(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """Layers keep the state that they are shown in; our checks do not vouch for layers."""

    def add_layer(pdf: pikepdf.Pdf) -> None:
        layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("Draft")))
        pdf.pages[0].Resources.Properties = Dictionary(MC0=layer)
        old = pdf.pages[0].Contents.read_bytes()
        hidden = b" /OC /MC0 BDC 0 g 300 100 120 60 re f EMC"
        pdf.pages[0].Contents = pdf.make_stream(old + hidden)
        config = Dictionary(Name=pikepdf.String("x"), OFF=Array([layer]))
        pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=config)

    page = taken_over(born(add_layer))
    out = tmp_path / "out.pdf"
    compose([page], facts, out)
    report = verify(out, [page])

    assert _darkness(out, STAMP) < 0.05
    assert report.pdfa is None


def test_what_no_screen_heeds_is_shed(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """Press settings, a program's notes on a form, and a default that has to be said."""

    def add(pdf: pikepdf.Pdf) -> None:
        resources = pdf.pages[0].Resources
        del resources.Font.F1.DescendantFonts[0]["/CIDToGIDMap"]
        resources.ExtGState = Dictionary(G0=Dictionary(TR=Name.Identity, UCR2=Name.Default, CA=1))
        resources.XObject = Dictionary(
            X0=pdf.make_stream(
                b"300 100 10 10 re f",
                Type=Name.XObject,
                Subtype=Name.Form,
                BBox=Array([0, 0, 595, 842]),
                ADBE_FillSign=Dictionary(Type=Name.Text),
            )
        )
        old = pdf.pages[0].Contents.read_bytes()
        pdf.pages[0].Contents = pdf.make_stream(old + b" q /G0 gs /X0 Do Q")

    page = taken_over(born(add))
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert verify(out, [page]).pdfa == "2u"
    with pikepdf.open(out) as pdf:
        assert set(pdf.pages[0].Resources.ExtGState.G0.keys()) == {"/CA"}


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_inherited_boxes_resources_and_turns_come_along(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path, turn: int
) -> None:
    """What a page inherits from the page tree is part of it."""

    def inherit(pdf: pikepdf.Pdf) -> None:
        page, tree = pdf.pages[0].obj, pdf.Root.Pages
        for key in ("/MediaBox", "/Resources"):
            tree[key] = page[key]
            del page[key]
        tree.Rotate = turn

    size_pt = (595, 842) if turn % 180 == 0 else (842, 595)
    page = taken_over(born(inherit), size_pt=size_pt)
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert verify(out, [page]).pdfa == "2u"


def test_lzw_becomes_flate(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """PDF/A forbids LZW; its data are coded again without loss."""
    # "0 0 1 rg 300 100 120 60 re f" in LZW, as a PDF writer of 1998 codes it: 9-bit literals.
    drawing = b"0 0 1 rg 300 100 120 60 re f"
    bits = "".join(f"{code:09b}" for code in (256, *drawing, 257))
    coded = int(bits + "0" * (-len(bits) % 8), 2).to_bytes((len(bits) + 7) // 8, "big")

    def use_lzw(pdf: pikepdf.Pdf) -> None:
        old = pdf.pages[0].Contents
        part = pikepdf.Stream(pdf, coded, Filter=Name.LZWDecode)
        pdf.pages[0].Contents = Array([old, pdf.make_indirect(part)])

    page = taken_over(born(use_lzw))
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert _darkness(out, STAMP) > 0.5
    assert verify(out, [page]).pdfa == "2u"


def test_pages_of_several_sources_and_images_mix(
    born: Born,
    taken_over: TakenOver,
    draw: Callable[..., ArchivePage],
    facts: ArchiveFacts,
    tmp_path: Path,
) -> None:
    """One document may hold text-born and scanned pages in any order."""
    one, two = born(name="one.pdf"), born(_stamp, name="two.pdf")
    pages = [taken_over(two), draw(["Trang quét"], number=2), taken_over(one), taken_over(two)]
    out = tmp_path / "out.pdf"
    compose(pages, facts, out)

    assert verify(out, pages).pdfa == "2u"


def test_an_empty_user_password_opens(
    born: Born, taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """A PDF that anyone may read is taken over, and its copy is not encrypted."""
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(born()) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="x", user=""))
    page = taken_over(locked)
    out = tmp_path / "out.pdf"
    compose([page], facts, out)

    assert verify(out, [page]).pdfa == "2u"


def test_a_source_that_cannot_be_read_is_named(
    taken_over: TakenOver, facts: ArchiveFacts, tmp_path: Path
) -> None:
    """A source that changed under our hands is a failed tool with the name of the file."""
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(ToolCrashed, match=r"broken\.pdf"):
        compose([taken_over(broken)], facts, tmp_path / "out.pdf")
    assert isinstance(taken_over(broken).content, SourcePage)
