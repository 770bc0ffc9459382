"""Small PDFs and image files, written for one test each."""

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from pipeline.imaging import Limits, probe, read_pages

_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Test def 1 begincodespacerange <00> <FF> endcodespacerange
1 beginbfchar <65> <006503020301> endbfchar endcmap end end"""


@pytest.fixture(scope="session")
def limits():
    return Limits(max_bytes=50_000_000, max_pages=20, max_pixels=4_000_000)


@pytest.fixture
def read(limits, tmp_path):
    """Read all pages of a file; nothing may stay behind in the scratch folder."""

    def read(path, **options):
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        facts = probe(path, path.name, limits)
        options = {"max_pixels": limits.max_pixels, "timeout_s": 60, **options}
        pages = list(read_pages(path, facts, scratch=scratch, **options))
        assert list(scratch.iterdir()) == []
        return pages

    return read


@pytest.fixture
def make_pdf(tmp_path):
    """Write a PDF of pages, each a dict: size, content, images, rotate, crop, annots."""

    def make(*pages, name="scan.pdf", **save):
        with pikepdf.new() as pdf:
            for page in pages:
                _add_page(pdf, **page)
            path = tmp_path / name
            pdf.save(path, **save)
        return path

    return make


def _add_page(pdf, size=(200, 300), content=b"", images=(), rotate=0, crop=None, stamp=None):
    pdf.add_blank_page(page_size=size)
    page = pdf.pages[-1]
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        ToUnicode=pdf.make_stream(_TO_UNICODE),
    )
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
    page.Resources.XObject = pikepdf.Dictionary(
        {f"/I{place}": _image(pdf, pixels) for place, pixels in enumerate(images)}
    )
    page.Contents = pdf.make_stream(content)
    if rotate:
        page.Rotate = rotate
    if crop:
        page.CropBox = pikepdf.Array(crop)
    if stamp:
        _add_signature(pdf, page, stamp)


def _image(pdf, pixels):
    """An image XObject: bool pixels become 1 bit, uint8 ones gray or RGB."""
    bits = 1 if pixels.dtype == bool else 8
    data = Image.fromarray(pixels).tobytes()
    space = "/DeviceRGB" if pixels.ndim == 3 else "/DeviceGray"
    return pdf.make_stream(
        data,
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=pixels.shape[1],
        Height=pixels.shape[0],
        ColorSpace=pikepdf.Name(space),
        BitsPerComponent=bits,
    )


def _add_signature(pdf, page, box):
    """A signed signature field whose stamp is a red patch with text."""
    width, height = box[2] - box[0], box[3] - box[1]
    look = pdf.make_stream(
        b"1 0 0 rg 0 0 %d %d re f 0 g BT /F 9 Tf 2 2 Td (Signed) Tj ET" % (width, height),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=pikepdf.Array([0, 0, width, height]),
        Resources=pikepdf.Dictionary(Font=page.Resources.Font),
    )
    signature = pikepdf.Dictionary(
        Type=pikepdf.Name.Sig, ByteRange=pikepdf.Array([0, 1, 2, 3]), Contents=b"0"
    )
    field = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Sig,
            T=pikepdf.String("Signature1"),
            Rect=pikepdf.Array(box),
            F=4,
            V=pdf.make_indirect(signature),
            AP=pikepdf.Dictionary(N=look),
        )
    )
    page.Annots = pikepdf.Array([field])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), SigFlags=3)


@pytest.fixture
def shown(tmp_path):
    """Return a function that gives the pixels of layers as a PDF reader paints them."""

    def paint(layers, width_px, height_px):
        with pikepdf.new() as pdf:
            pdf.add_blank_page(page_size=(width_px, height_px))
            page, draw, images = pdf.pages[0], "", {}
            for number, layer in enumerate(layers):
                images[f"/I{number}"] = image = _stream(pdf, layer.image)
                if layer.stencil is not None:
                    image.Mask = _stream(pdf, layer.stencil)
                    del image.Mask.ColorSpace
                    image.Mask.ImageMask = True
                box = layer.box
                place = f"{box.width} 0 0 {box.height} {box.left} {height_px - box.bottom}"
                draw += f"q {place} cm /I{number} Do Q "
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(images))
            page.Contents = pdf.make_stream(draw.encode())
            pdf.save(tmp_path / "shown.pdf")
        with pypdfium2.PdfDocument(tmp_path / "shown.pdf") as document:
            page = document[0]
            bitmap = page.render(rev_byteorder=True)
            pixels = bitmap.to_numpy()[..., :3].copy()
            bitmap.close()
            page.close()
        return pixels

    return paint


def _stream(pdf, encoded):
    image = pdf.make_stream(
        encoded.path.read_bytes(),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=encoded.width_px,
        Height=encoded.height_px,
        ColorSpace=pikepdf.Name("/DeviceRGB" if encoded.colour == "rgb" else "/DeviceGray"),
        BitsPerComponent=1 if encoded.colour == "bitonal" else 8,
        Filter=pikepdf.Name(f"/{encoded.filter}"),
    )
    if encoded.filter == "CCITTFaxDecode":
        image.DecodeParms = pikepdf.Dictionary(
            K=-1, Columns=encoded.width_px, Rows=encoded.height_px, BlackIs1=False
        )
    return image
