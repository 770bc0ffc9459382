"""A PDF of ours in, refused where PDF/A-1 forbids what PDF/A-2 allows (ISO 19005-1:2005).

Only image pages are made as part 1: layers, our own font, nothing else. So this is an allow-list of
their few objects rather than the rules for all that a PDF may hold.
"""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.pdfa.rules import Refused, allow_keys

_PAGE_KEYS = frozenset({"/Type", "/Parent", "/Resources", "/Contents", "/MediaBox"})
_RESOURCE_KEYS = frozenset({"/XObject", "/Font"})
_IMAGE_KEYS = frozenset(
    {"/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter"}
    | {"/DecodeParms", "/Length", "/Mask", "/ImageMask"}
)
_MAX_ITEMS = 8191  # of an array (6.1.12 with PDF 1.4, annex C)


def check_first_part(pdf: pikepdf.Pdf) -> None:
    """Refuse whatever an image page of ours does not hold."""
    for page in pdf.pages:
        allow_keys(page.obj, _PAGE_KEYS, "6.1–6.9 of part 1", "a page")
        resources = page.obj.get("/Resources", Dictionary())
        allow_keys(resources, _RESOURCE_KEYS, "6.2 of part 1", "the resources of a page")
        for image in resources.get("/XObject", Dictionary()).values():
            if image.get("/Subtype") != Name.Image:
                raise Refused("6.2.5 of part 1", "a page that draws something else than images")
            allow_keys(image, _IMAGE_KEYS, "6.2.4 and 6.4 of part 1", "an image")
        for font in resources.get("/Font", Dictionary()).values():
            _check_font(font)
    for entry in pdf.objects:
        if isinstance(entry, Array) and len(entry) > _MAX_ITEMS:
            raise Refused("6.1.12 of part 1", f"an array of {len(entry)} items")


def _check_font(font: pikepdf.Object) -> None:
    """A font that is a part of one must list its characters, which ours is not (6.3.5)."""
    name = str(font.get("/BaseFont", ""))
    if font.get("/Subtype") != Name.Type0 or "+" in name:
        raise Refused("6.3 of part 1", "a font that is not our own")
