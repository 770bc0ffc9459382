"""Embedded Type 1 programs: bytes in, names and widths of glyphs and the built-in encoding out.

Only what the checks need is read (Adobe Type 1 Font Format, 1990): no interpreter of PostScript
runs on a stranger's program. A glyph that does not begin by saying its width, as all that font
programs write does, is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from fontTools.encodings.StandardEncoding import StandardEncoding
from fontTools.misc.eexec import decrypt

from pipeline.pdfa.rules import Refused

_CLAUSE = "6.2.11.4.1"
_MAX_BYTES = 1_000_000  # decrypted byte by byte
_EEXEC_KEY, _CHARSTRING_KEY, _EEXEC_SALT = 55_665, 4_330, 4
_GLYPH = re.compile(rb"/([^\s/\[\]{}()<>%]{1,127})\s+(\d{1,5})\s+(?:RD|-\|)\s")
_LEN_IV = re.compile(rb"/lenIV\s+(\d)\b")
_CODE = re.compile(rb"dup\s+(\d{1,3})\s*/([^\s/\[\]{}()<>%]{1,127})\s+put")
_MATRIX = re.compile(rb"/FontMatrix\s*\[\s*([\d.eE+-]+)")
_HSBW, _SBW, _DIV = 13, 7, 12


@dataclass(frozen=True, slots=True)
class Type1Program:
    """The glyphs of a Type 1 program by name."""

    widths: dict[str, float]  # thousandths of an em
    encoding: dict[int, str]  # code → glyph name, as the program itself has it


def read_type1(data: bytes) -> Type1Program:
    """Return what a Type 1 program says; raises Refused for what is damaged or unusual."""
    head, found, secret = data.partition(b"eexec")
    secret = secret.lstrip(b" \t\r\n")
    if not found or len(secret) < _EEXEC_SALT or len(data) > _MAX_BYTES:
        raise Refused(_CLAUSE, "a Type 1 program that cannot be read")
    if all(byte in b"0123456789abcdefABCDEF \t\r\n" for byte in secret[:_EEXEC_SALT]):
        raise Refused(_CLAUSE, "a Type 1 program in hexadecimal digits")
    private = decrypt(secret, _EEXEC_KEY)[0][_EEXEC_SALT:]
    salt = _LEN_IV.search(private)
    matrix = _MATRIX.search(head)
    per_unit = float(matrix[1]) * 1000 if matrix else 1.0
    widths = {
        name: width * per_unit for name, width in _widths(private, int(salt[1]) if salt else 4)
    }
    return Type1Program(widths, _encoding(head))


def _widths(private: bytes, salt: int) -> list[tuple[str, float]]:
    start = private.find(b"/CharStrings")
    if start < 0:
        raise Refused(_CLAUSE, "a Type 1 program without glyphs")
    found, position = [], start
    # Each glyph's bytes are passed over: they may look like anything.
    while (glyph := _GLYPH.search(private, position)) is not None:
        end = glyph.end() + int(glyph[2])
        code = decrypt(private[glyph.end() : end], _CHARSTRING_KEY)[0][salt:]
        found.append((glyph[1].decode("latin-1"), _width(code)))
        position = end
    return found


def _width(code: bytes) -> float:
    """Return the width that a charstring begins with: hsbw or sbw (chapter 6.4)."""
    stack: list[float] = []
    position = 0
    while position < len(code):
        byte = code[position]
        position += 1
        if byte >= 32:
            number, position = _number(byte, code, position)
            stack.append(number)
        elif byte == _HSBW and len(stack) == 2:
            return stack[1]
        elif byte == _DIV and position < len(code):
            second = code[position]
            position += 1
            if second == _SBW and len(stack) == 4:
                return stack[2]
            if second != _DIV or len(stack) < 2 or not stack[-1]:
                break
            divisor = stack.pop()
            stack[-1] /= divisor
        else:
            break
    raise Refused(_CLAUSE, "a Type 1 glyph that does not begin with its width")


def _number(byte: int, code: bytes, position: int) -> tuple[float, int]:
    """Return a number and where the next begins (chapter 6.2)."""
    if byte <= 246:
        return byte - 139, position
    if byte == 255:
        return int.from_bytes(code[position : position + 4], "big", signed=True), position + 4
    low = code[position] if position < len(code) else 0
    if byte <= 250:
        return (byte - 247) * 256 + low + 108, position + 1
    return -(byte - 251) * 256 - low - 108, position + 1


def _encoding(head: bytes) -> dict[int, str]:
    if re.search(rb"/Encoding\s+StandardEncoding\s+def", head):
        return {c: name for c, name in enumerate(StandardEncoding) if name != ".notdef"}
    return {
        int(code): name.decode("latin-1") for code, name in _CODE.findall(head) if int(code) < 256
    }
