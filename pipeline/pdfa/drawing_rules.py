"""Content streams walked operator by operator: are they PDF/A-2u, and which codes do they show?

An allow-list (ISO 19005-2, 6.2.2): an operator, resource or state that is not known to be allowed
is refused. What is shown with each font is collected for `font_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.pdfa.colour_rules import (
    INTENTS,
    check_colour_space,
    check_default_spaces,
    check_group,
    check_image,
    check_shading,
    check_state,
)
from pipeline.pdfa.rules import (
    Refused,
    check_object,
    check_scalar,
    dictionary,
    resource,
    stream_bytes,
)

_MAX_STATES = 28  # 6.1.13: q nested in q
_MAX_FORMS = 12  # forms in forms: ours and Word's are one or two deep
# Of one page or form, decoded. A parsed byte costs some 60 of memory; a dense map has 5 MB.
_MAX_CONTENT_BYTES = 8_000_000
_HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]*")
# Operators with nothing to check but their numbers: lines, paths, painting, text state, colours.
_PLAIN = (
    frozenset({"w", "J", "j", "M", "d", "i", "cm", "m", "l", "c", "v", "y", "h", "re"})
    | {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "n", "W", "W*"}
    | {"BT", "ET", "Tc", "Tw", "Tz", "TL", "Tr", "Ts", "Td", "TD", "Tm", "T*"}
    | {"G", "g", "RG", "rg", "SC", "sc", "MP", "BMC", "EMC", "BX", "EX"}
)
_SHOW = frozenset({"Tj", "TJ", "'", '"'})
FORM_KEYS = frozenset(
    {"/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Resources", "/Group", "/Name"}
    | {"/Length", "/Filter", "/DecodeParms"}
)
_INLINE_FILTERS = frozenset(
    {"/Fl", "/DCT", "/CCF", "/RL", "/AHx", "/A85", "/FlateDecode", "/DCTDecode"}
    | {"/CCITTFaxDecode", "/RunLengthDecode", "/ASCIIHexDecode", "/ASCII85Decode"}
)


@dataclass(slots=True)
class UsedFont:
    """A font and the strings that are shown with it."""

    font: pikepdf.Object
    strings: set[bytes] = field(default_factory=set)


@dataclass(slots=True)
class Drawing:
    """Walks the content of pages and collects the fonts that they use."""

    fonts: dict[object, UsedFont] = field(default_factory=dict)
    _seen: set[tuple[int, int]] = field(default_factory=set)

    def check_page(self, page: pikepdf.Page) -> None:
        """Walk a page; raises Refused at the first thing that is not allowed."""
        resources = dictionary(page.obj.get("/Resources"), "6.2.2", "the page's resources")
        contents = page.obj.get("/Contents", Array())
        parts = list(contents) if isinstance(contents, Array) else [contents]
        check_group(page.obj, resources)
        self._walk(parts, resources, 0)

    def _walk(self, parts: Sequence[object], own: pikepdf.Object, depth: int) -> None:
        check_default_spaces(own)
        content = b"\n".join(_decoded(part) for part in parts)
        if len(content) > _MAX_CONTENT_BYTES:
            raise Refused("6.2.2", "a content stream too large to check")
        with pikepdf.new() as scratch:
            page = scratch.add_blank_page()
            page.Contents = scratch.make_stream(content)
            page.get_filtered_contents(_TokenRules())
            _Stream(self, own, depth).run(page)

    def form(self, form: pikepdf.Object, depth: int) -> None:
        """Walk a form XObject or tiling pattern once; its resources must be its own (6.2.2)."""
        if depth > _MAX_FORMS:
            raise Refused("6.2.9.1", "forms lie too deep in one another")
        if not isinstance(form, pikepdf.Stream):
            raise Refused("6.2.9.1", "a form that is no stream")
        if form.objgen in self._seen:
            return
        self._seen.add(form.objgen)
        resources = dictionary(form.get("/Resources", Dictionary()), "6.2.2", "resources")
        check_group(form, resources)
        self._walk([form], resources, depth)


def _decoded(stream: object) -> bytes:
    return stream_bytes(stream, _MAX_CONTENT_BYTES, "6.2.2", "a content stream")


class _TokenRules(pikepdf.TokenFilter):
    """Refuses what a parser mends in silence: hexadecimal strings with half a byte (6.1.6)."""

    def handle_token(self, token: pikepdf.Token = ...) -> None:  # type: ignore[assignment] # as pikepdf declares it
        if token.type_ == pikepdf.TokenType.string and token.raw_value.startswith(b"<"):
            digits = token.raw_value[1:-1].translate(None, b" \t\r\n\f\0")
            if len(digits) % 2 or not _HEXADECIMAL.fullmatch(digits):
                raise Refused("6.1.6", "a hexadecimal string with half a byte")
        elif token.type_ == pikepdf.TokenType.bad:
            raise Refused("6.2.2", "a content stream that cannot be parsed")


@dataclass(slots=True)
class _Stream:
    drawing: Drawing
    resources: pikepdf.Object
    depth: int
    font: UsedFont | None = None  # a font from outside the stream does not count
    saved: list[UsedFont | None] = field(default_factory=list)

    def run(self, page: pikepdf.Page) -> None:
        try:
            instructions = pikepdf.parse_content_stream(page)
        except (pikepdf.PdfError, ValueError, TypeError) as error:
            raise Refused("6.2.2", "a content stream that cannot be parsed") from error
        for instruction in instructions:
            if isinstance(instruction, pikepdf.ContentStreamInlineImage):
                self._inline_image(instruction.iimage)
                continue
            operands = list(instruction.operands)
            for operand in operands:
                check_object(operand)
            try:
                self._operate(str(instruction.operator), operands)
            except (IndexError, TypeError) as error:
                raise Refused("6.2.2", f"wrong operands of {instruction.operator}") from error
        if self.saved:
            raise Refused("6.2.2", "a graphics state that is not restored")

    def _operate(self, name: str, operands: Sequence[pikepdf.Object]) -> None:
        if name in _PLAIN:
            return
        if name in _SHOW:
            self._show(operands[-1])
        elif name in ("q", "Q"):
            self._save_or_restore(name)
        elif name == "Tf":
            self.font = self._font(resource(self.resources, "/Font", operands[0]))
        elif name == "gs":
            self._state(resource(self.resources, "/ExtGState", operands[0]))
        elif name in ("cs", "CS"):
            check_colour_space(operands[0], self.resources)
        elif name in ("scn", "SCN"):
            self._pattern(operands)
        elif name == "Do":
            self._xobject(resource(self.resources, "/XObject", operands[0]))
        elif name == "sh":
            check_shading(resource(self.resources, "/Shading", operands[0]), self.resources)
        elif name == "ri":
            if str(operands[0]) not in INTENTS:
                raise Refused("6.2.6", "an unknown rendering intent")
        elif name in ("BDC", "DP"):
            self._marked(operands)
        else:
            raise Refused("6.2.2", f"the operator {name[:20]}")

    def _save_or_restore(self, name: str) -> None:
        if name == "q":
            self.saved.append(self.font)
            if len(self.saved) > _MAX_STATES:
                raise Refused("6.1.13", "graphics states lie too deep in one another")
        elif not self.saved:
            raise Refused("6.2.2", "a graphics state restored that was not saved")
        else:
            self.font = self.saved.pop()

    def _font(self, font: pikepdf.Object) -> UsedFont:
        entry = dictionary(font, "6.2.11", "a font")
        key = entry.objgen if entry.is_indirect else entry.unparse()
        return self.drawing.fonts.setdefault(key, UsedFont(entry))

    def _show(self, shown: pikepdf.Object) -> None:
        if self.font is None:
            raise Refused("6.2.11", "text without a font")
        for part in shown if isinstance(shown, Array) else [shown]:
            if isinstance(part, pikepdf.String):
                self.font.strings.add(bytes(part))
            elif not isinstance(shown, Array):
                raise Refused("6.2.2", "shown text that is no string")

    def _state(self, state: pikepdf.Object) -> None:
        group = check_state(state)
        if group is not None:
            self.drawing.form(group, self.depth + 1)
        chosen = state.get("/Font")
        if chosen is not None:
            self.font = self._font(chosen[0])

    def _pattern(self, operands: Sequence[pikepdf.Object]) -> None:
        if not operands or not isinstance(operands[-1], Name):
            return
        pattern = dictionary(
            resource(self.resources, "/Pattern", operands[-1]), "6.2.4.5", "a pattern"
        )
        if pattern.get("/PatternType") == 1:
            self.drawing.form(pattern, self.depth + 1)
        elif pattern.get("/PatternType") == 2:
            check_shading(pattern.get("/Shading"), self.resources)
            if "/ExtGState" in pattern:
                self._state(pattern["/ExtGState"])
        else:
            raise Refused("6.2.4.5", "an unknown pattern")

    def _xobject(self, entry: pikepdf.Object) -> None:
        kind = entry.get("/Subtype") if isinstance(entry, pikepdf.Stream) else None
        if kind == Name.Image:
            check_image(entry, self.resources)
        elif kind == Name.Form:
            strange = set(entry.keys()) - FORM_KEYS
            if strange:
                raise Refused("6.2.9.1", f"a form with {', '.join(sorted(strange)[:3])}")
            self.drawing.form(entry, self.depth + 1)
        else:
            raise Refused("6.2.9", f"an XObject of the kind {kind}")

    def _marked(self, operands: Sequence[pikepdf.Object]) -> None:
        if operands[0] == Name.OC:
            raise Refused("6.9", "optional content")
        if isinstance(operands[1], Name):
            resource(self.resources, "/Properties", operands[1])

    def _inline_image(self, image: pikepdf.PdfInlineImage) -> None:
        entry = image.obj
        for key in entry.keys():  # noqa: SIM118 (no Python dictionary)
            check_scalar(entry[key])
        interpolate = entry.get("/I", entry.get("/Interpolate", False))
        if interpolate is not False:
            raise Refused("6.2.8.1", "an inline image with interpolation")
        filters = entry.get("/F", entry.get("/Filter", Array()))
        for name in filters if isinstance(filters, Array) else [filters]:
            if str(name) not in _INLINE_FILTERS:
                raise Refused("6.1.10", f"an inline image with the filter {name}")
        if entry.get("/IM", entry.get("/ImageMask", False)) is not True:
            space = entry.get("/CS", entry.get("/ColorSpace"))
            check_colour_space(space, self.resources, inline=True)
