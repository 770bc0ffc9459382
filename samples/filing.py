"""Page images in, the file that a scanner would leave out; the same bytes every time."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pillow_heif
from PIL import Image

INK_BELOW = 150  # grey level under which a bitonal scanner sees ink
FIRST_NAME = 9  # images of a folder are named from here on: only natural order sorts 9 and 10


def write_scan(pages: list[Image.Image], dpi: int, path: Path, quality: int) -> None:
    """Write the pages in the format of the path's suffix; without one, a folder of images."""
    path.parent.mkdir(parents=True, exist_ok=True)
    match path.suffix:
        case ".pdf":
            pdf_of_images(pages, dpi, quality).save(path, deterministic_id=True, min_version="1.4")
        case ".tif":
            bitonal = [_bitonal(page) for page in pages]
            bitonal[0].save(
                path, save_all=True, append_images=bitonal[1:], compression="group4", dpi=(dpi, dpi)
            )
        case ".jpg":
            path.write_bytes(jpeg(pages[0], dpi, quality))
        case ".png":
            # An octree keeps the few blue and red pixels that a median cut gives up for paper.
            palette = pages[0].quantize(
                quality, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
            )
            palette.save(path, optimize=True, dpi=(dpi, dpi))
        case ".webp":
            pages[0].save(path, quality=quality, method=4)
        case ".heic":
            pillow_heif.from_pillow(pages[0]).save(path, quality=quality)
        case _:
            path.mkdir(exist_ok=True)
            for number, page in enumerate(pages, FIRST_NAME):
                (path / f"{number}.jpg").write_bytes(jpeg(page, dpi, quality))


def jpeg(image: Image.Image, dpi: int, quality: int) -> bytes:
    """Return the image as a JPEG file."""
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return stream.getvalue()


def pdf_of_images(pages: list[Image.Image], dpi: int, quality: int) -> pikepdf.Pdf:
    """Return a PDF as scanners make it: one JPEG a page."""
    pdf = pikepdf.new()
    for image in pages:
        width, height = (side / dpi * 72 for side in image.size)
        page = pdf.add_blank_page(page_size=(round(width, 2), round(height, 2)))
        stream = pdf.make_stream(
            jpeg(image, dpi, quality),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=image.width,
            Height=image.height,
            ColorSpace=pikepdf.Name.DeviceGray if image.mode == "L" else pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=stream))
        page.Contents = pdf.make_stream(f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /Im0 Do Q".encode())
    return pdf


def _bitonal(page: Image.Image) -> Image.Image:
    return page.convert("L").point([255 * (v >= INK_BELOW) for v in range(256)]).convert("1")
