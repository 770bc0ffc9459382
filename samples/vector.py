"""Sheets in, a text-born PDF out: fonts embedded, nothing rasterised."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont

from samples.faces import font_file
from samples.sheet import Sheet, Stroke, Word


def write_pdf(sheets: list[Sheet], out: Path) -> None:
    """Write one page a sheet, its words in Liberation Serif with ToUnicode, its rules as lines."""
    pdf = pikepdf.new()
    words = [item for sheet in sheets for item in sheet.items if isinstance(item, Word)]
    codes: dict[str, dict[str, int]] = {}
    fonts = pikepdf.Dictionary()
    for style in sorted({word.style for word in words}):
        text = " " + "".join(word.text for word in words if word.style == style)
        fonts[f"/{_font_name(style)}"], codes[style] = embed(pdf, style, text)
    for sheet in sheets:
        width, height = (side / 25.4 * 72 for side in sheet.size_mm)
        page = pdf.add_blank_page(page_size=(round(width, 2), round(height, 2)))
        page.Resources = pikepdf.Dictionary(Font=fonts)
        page.Contents = pdf.make_stream("\n".join(_drawing(sheet, codes, height)).encode())
    pdf.docinfo["/Producer"] = "samples/make_samples.py"
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _drawing(sheet: Sheet, codes: dict[str, dict[str, int]], height_pt: float) -> Iterable[str]:
    items = [item for item in sheet.items if isinstance(item, Word | Stroke)]
    for item, following in zip(items, [*items[1:], None], strict=True):
        if isinstance(item, Stroke):
            path = " ".join(
                f"{_pt(x):.2f} {height_pt - _pt(y):.2f} {'l' if number else 'm'}"
                for number, (x, y) in enumerate(item.points)
            )
            yield f"{_pt(item.width_mm):.2f} w {path} S"
            continue
        # A word processor writes the space, too: without it readers have to guess.
        same_row = isinstance(following, Word) and following.y_mm == item.y_mm
        text = item.text + (" " if same_row else "")
        shown = "".join(f"{codes[item.style][char]:04X}" for char in text)
        at = f"{_pt(item.x_mm):.2f} {height_pt - _pt(item.y_mm):.2f}"
        yield f"BT /{_font_name(item.style)} {item.size_pt} Tf {at} Td <{shown}> Tj ET"


def _font_name(style: str) -> str:
    return f"F{style or 'r'}"


def _pt(mm: float) -> float:
    return mm / 25.4 * 72


def embed(pdf: pikepdf.Pdf, style: str, text: str) -> tuple[pikepdf.Object, dict[str, int]]:
    """Return a font that holds the letters of the text, and the code of each letter."""
    options = subset.Options(notdef_outline=True, hinting=False)
    options.drop_tables += ["FFTM"]  # FontForge's time stamp
    cutter = subset.Subsetter(options)
    cutter.populate(text=text)
    with TTFont(font_file(style), recalcTimestamp=False) as font:
        cutter.subset(font)
        names = font.getBestCmap()
        codes = {char: font.getGlyphID(names[ord(char)]) for char in sorted(set(text))}
        return _font_object(pdf, font, codes, style), codes


def _font_object(
    pdf: pikepdf.Pdf, font: TTFont, codes: dict[str, int], style: str
) -> pikepdf.Object:
    stream = io.BytesIO()
    font.save(stream, reorderTables=False)
    em, widths, order = font["head"].unitsPerEm, font["hmtx"], font.getGlyphOrder()
    advance = {gid: round(widths[order[gid]][0] * 1000 / em) for gid in codes.values()}
    head, name = font["hhea"], pikepdf.Name(f"/SAMPLE+LiberationSerif{style}")
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=4,
        ItalicAngle=-15 if "i" in style else 0,
        StemV=80,
        FontBBox=[-200, -250, 1200, 950],
        Ascent=round(head.ascent * 1000 / em),
        Descent=round(head.descent * 1000 / em),
        CapHeight=660,
        FontFile2=pdf.make_stream(stream.getvalue(), Length1=len(stream.getvalue())),
    )
    child = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=pikepdf.Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        CIDToGIDMap=pikepdf.Name.Identity,
        W=pikepdf.Array(
            [part for gid in sorted(advance) for part in (gid, pikepdf.Array([advance[gid]]))]
        ),
    )
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type0,
            BaseFont=name,
            Encoding=pikepdf.Name("/Identity-H"),
            ToUnicode=pdf.make_stream(_to_unicode(codes)),
            DescendantFonts=pikepdf.Array([pdf.make_indirect(child)]),
        )
    )


def _to_unicode(codes: dict[str, int]) -> bytes:
    pairs = [f"<{gid:04X}> <{ord(char):04X}>" for char, gid in codes.items()]
    blocks = [pairs[i : i + 100] for i in range(0, len(pairs), 100)]
    body = "\n".join(f"{len(b)} beginbfchar\n" + "\n".join(b) + "\nendbfchar" for b in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CMapName /Sample def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()
