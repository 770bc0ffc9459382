"""Colour, images and graphics states: are they what PDF/A-2u and our output intent cover?

Allow-lists of ISO 19005-2, 6.2.3–6.2.10: device colour is grey or RGB, which the sRGB output intent
covers; CMYK, spot colours and JPEG 2000 are refused, whatever the standard would allow of them.
"""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.pdfa.rules import Refused, allow_keys, dictionary, resource, stream_bytes

_DEVICE = frozenset({"/DeviceGray", "/DeviceRGB"})
_INLINE_NAMES = {
    "/G": "/DeviceGray",
    "/RGB": "/DeviceRGB",
    "/I": "/Indexed",
    "/CMYK": "/DeviceCMYK",
}
INTENTS = frozenset(
    {"/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation"}
)
_BLEND_MODES = frozenset(
    {"/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten"}
    | {"/ColorDodge", "/ColorBurn", "/HardLight", "/SoftLight", "/Difference", "/Exclusion"}
    | {"/Hue", "/Saturation", "/Color", "/Luminosity"}
)
_STATE_KEYS = frozenset(
    {"/Type", "/LW", "/LC", "/LJ", "/ML", "/D", "/RI", "/FL", "/SM", "/SA", "/BM", "/SMask"}
    | {"/CA", "/ca", "/AIS", "/TK", "/OP", "/op", "/OPM", "/Font"}
)
_IMAGE_KEYS = frozenset(
    {"/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Intent"}
    | {"/ImageMask", "/Mask", "/Decode", "/Interpolate", "/SMask", "/Name", "/ID", "/Matte"}
    | {"/Length", "/Filter", "/DecodeParms"}
)
_SHADING_KEYS = frozenset(
    {"/ShadingType", "/ColorSpace", "/Background", "/BBox", "/AntiAlias", "/Coords", "/Domain"}
    | {"/Function", "/Extend", "/Matrix", "/BitsPerCoordinate", "/BitsPerComponent", "/Decode"}
    | {"/BitsPerFlag", "/VerticesPerRow", "/Length", "/Filter", "/DecodeParms"}
)
_MAX_PROFILE_BYTES = 4_000_000
_MAX_DEPTH = 8
_PROFILE_COLOURS = {b"GRAY": 1, b"RGB ": 3, b"Lab ": 3}


def check_colour_space(
    space: object, resources: pikepdf.Object, *, depth: int = 0, inline: bool = False
) -> None:
    """Refuse a colour space that the output intent does not cover."""
    if depth > _MAX_DEPTH:
        raise Refused("6.2.4", "colour spaces lie too deep in one another")
    if isinstance(space, Name):
        name = _INLINE_NAMES.get(str(space), str(space)) if inline else str(space)
        if name in _DEVICE or name == "/Pattern":
            return
        if name.startswith("/Device"):
            raise Refused("6.2.4.3", f"the colour space {name}")
        check_colour_space(resource(resources, "/ColorSpace", space), resources, depth=depth + 1)
        return
    if not isinstance(space, Array) or len(space) == 0:
        raise Refused("6.2.4", "a colour space that is neither name nor array")
    _check_family(space, resources, depth, inline=inline)


def _check_family(space: Array, resources: pikepdf.Object, depth: int, *, inline: bool) -> None:
    family = str(space[0])
    if len(space) == 1:
        check_colour_space(space[0], resources, depth=depth + 1, inline=inline)
    elif family == "/ICCBased":
        _check_profile(space[1], resources, depth)
    elif family in ("/CalGray", "/CalRGB", "/Lab"):
        white = dictionary(space[1], "6.2.4", "a CIE-based colour space").get("/WhitePoint")
        if not isinstance(white, Array) or len(white) != 3 or white[1] != 1:
            raise Refused("6.2.4", "a CIE-based colour space without white point")
    elif family == "/Indexed" or (inline and family == "/I"):
        check_colour_space(space[1], resources, depth=depth + 1, inline=inline)
    elif family == "/Pattern":
        check_colour_space(space[1], resources, depth=depth + 1)
    else:
        raise Refused("6.2.4", f"the colour space {family}")


def _check_profile(stream: object, resources: pikepdf.Object, depth: int) -> None:
    profile = stream_bytes(stream, _MAX_PROFILE_BYTES, "6.2.4.2", "an ICC profile")
    entry = dictionary(stream, "6.2.4.2", "an ICC profile")
    if len(profile) < 128 or profile[36:40] != b"acsp":
        raise Refused("6.2.4.2", "an ICC profile without header")
    if profile[8] not in (2, 4) or profile[12:16] not in (b"mntr", b"scnr", b"prtr", b"spac"):
        raise Refused("6.2.4.2", "an ICC profile of another version or class")
    if int.from_bytes(profile[:4], "big") > len(profile):
        raise Refused("6.2.4.2", "an ICC profile that is cut off")
    if _PROFILE_COLOURS.get(profile[16:20]) != entry.get("/N"):
        raise Refused("6.2.4.2", "an ICC profile of other colours than N says")
    if "/Alternate" in entry:
        check_colour_space(entry["/Alternate"], resources, depth=depth + 1)


def check_default_spaces(resources: pikepdf.Object) -> None:
    """Check the spaces that stand in for device colour (6.2.4.3)."""
    spaces = resources.get("/ColorSpace", Dictionary())
    for name in ("/DefaultGray", "/DefaultRGB", "/DefaultCMYK"):
        if name in spaces:
            check_colour_space(spaces[name], resources)


def check_image(image: pikepdf.Object, resources: pikepdf.Object, *, depth: int = 0) -> None:
    """Check an image XObject and its masks (6.2.8)."""
    if depth > 2:
        raise Refused("6.2.8", "masks of masks")
    allow_keys(image, _IMAGE_KEYS, "6.2.8.1", "an image")
    if image.get("/Interpolate", False) is not False:
        raise Refused("6.2.8.1", "an image with interpolation")
    if "/Intent" in image and str(image["/Intent"]) not in INTENTS:
        raise Refused("6.2.6", "an image with an unknown rendering intent")
    if image.get("/ImageMask", False) is True:
        if image.get("/BitsPerComponent", 1) != 1 or "/ColorSpace" in image:
            raise Refused("6.2.8", "a stencil mask that is no mask")
    else:
        if image.get("/BitsPerComponent") not in (1, 2, 4, 8, 16):
            raise Refused("6.2.8", "an image with odd bits per component")
        check_colour_space(image.get("/ColorSpace"), resources)
    for key in ("/Mask", "/SMask"):
        mask = image.get(key)
        if isinstance(mask, pikepdf.Stream):
            check_image(mask, resources, depth=depth + 1)


def check_shading(shading: object, resources: pikepdf.Object) -> None:
    """Check a shading dictionary (6.2.4)."""
    entry = dictionary(shading, "6.2.4", "a shading")
    allow_keys(entry, _SHADING_KEYS, "6.2.4", "a shading")
    check_colour_space(entry.get("/ColorSpace"), resources)


def check_state(state: pikepdf.Object) -> pikepdf.Object | None:
    """Check a graphics state (6.2.5, 6.2.6, 6.2.10); return the group of its soft mask, if any."""
    entry = dictionary(state, "6.2.5", "a graphics state")
    allow_keys(entry, _STATE_KEYS, "6.2.5", "a graphics state")
    if "/RI" in entry and str(entry["/RI"]) not in INTENTS:
        raise Refused("6.2.6", "an unknown rendering intent")
    modes = entry.get("/BM", Name.Normal)
    for mode in modes if isinstance(modes, Array) else [modes]:
        if str(mode) not in _BLEND_MODES:
            raise Refused("6.2.10", f"the blend mode {mode}")
    mask = entry.get("/SMask", Name("/None"))
    if isinstance(mask, Name):
        if mask != Name("/None"):
            raise Refused("6.2.10", "an unknown soft mask")
        return None
    mask = dictionary(mask, "6.2.10", "a soft mask")
    allow_keys(mask, {"/Type", "/S", "/G", "/BC"}, "6.2.10", "a soft mask")
    group = mask.get("/G")
    return dictionary(group, "6.2.10", "the group of a soft mask")


def check_group(owner: pikepdf.Object, resources: pikepdf.Object) -> None:
    """Check the transparency group of a page or form (6.2.10)."""
    if "/Group" not in owner:
        return
    group = dictionary(owner["/Group"], "6.2.10", "a group")
    allow_keys(group, {"/Type", "/S", "/CS", "/I", "/K"}, "6.2.10", "a group")
    if group.get("/S") != Name.Transparency:
        raise Refused("6.2.10", "a group of another kind")
    if "/CS" in group:
        check_colour_space(group["/CS"], resources)
