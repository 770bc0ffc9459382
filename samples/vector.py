"""A printed paper in, a text-born PDF of the same text out: fonts embedded, nothing rasterised."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont

from samples.paper import A4_MM, Placed, font_file


def write_pdf(placed: list[Placed], out: Path) -> None:
    """Write the print on one A4 page in Liberation Serif, with ToUnicode."""
    pdf = pikepdf.new()
    width, height = (side / 25.4 * 72 for side in A4_MM)
    rows: list[str] = []
    fonts = pikepdf.Dictionary()
    for style in sorted({piece.style for piece in placed}):
        pieces = [piece for piece in placed if piece.style == style]
        font, codes = _font(style, "".join(piece.text for piece in pieces))
        name = f"/F{style or 'r'}"
        fonts[name] = _embed(pdf, font, codes, style)
        for piece in pieces:
            shown = "".join(f"{codes[char]:04X}" for char in piece.text)
            x, y = piece.x_mm / 25.4 * 72, height - piece.y_mm / 25.4 * 72
            rows.append(f"BT {name} {piece.size_pt} Tf {x:.2f} {y:.2f} Td <{shown}> Tj ET")
    page = pdf.add_blank_page(page_size=(round(width, 2), round(height, 2)))
    page.Contents = pdf.make_stream("\n".join(rows).encode())
    page.Resources = pikepdf.Dictionary(Font=fonts)
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _font(style: str, text: str) -> tuple[TTFont, dict[str, int]]:
    font = TTFont(font_file(style), recalcTimestamp=False)
    options = subset.Options(retain_gids=False, notdef_outline=True, hinting=False)
    options.drop_tables += ["FFTM"]  # FontForge's time stamp
    cutter = subset.Subsetter(options)
    cutter.populate(text=text)
    cutter.subset(font)
    names = font.getBestCmap()
    return font, {char: font.getGlyphID(names[ord(char)]) for char in sorted(set(text))}


def _embed(pdf: pikepdf.Pdf, font: TTFont, codes: dict[str, int], style: str) -> pikepdf.Object:
    stream = io.BytesIO()
    font.save(stream, reorderTables=False)
    program = pdf.make_stream(stream.getvalue(), Length1=len(stream.getvalue()))
    em, widths = font["head"].unitsPerEm, font["hmtx"]
    order = font.getGlyphOrder()
    advance = {gid: round(widths[order[gid]][0] * 1000 / em) for gid in codes.values()}
    head, name = font["hhea"], pikepdf.Name(f"/ABCDEF+LiberationSerif{style}")
    descriptor = pikepdf.Dictionary(
        Type=pikepdf.Name.FontDescriptor,
        FontName=name,
        Flags=4,
        ItalicAngle=0,
        StemV=80,
        FontBBox=[-200, -250, 1200, 950],
        Ascent=round(head.ascent * 1000 / em),
        Descent=round(head.descent * 1000 / em),
        CapHeight=660,
        FontFile2=program,
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
