"""ToUnicode maps read and written: a CMap in, the Unicode text of each code out, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pipeline.pdfa.rules import Refused

_MAX_BYTES = 4_000_000
_MAX_ENTRIES = 70_000  # a code has at most 16 bits
_CLAUSE = "6.2.11.7.2"
_SECTION = re.compile(rb"begin(bfchar|bfrange)\b(.*?)\bend\1\b", re.DOTALL)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|([\[\]])|([^\s<>\[\]]+)")
_FORBIDDEN = ("\0", "\ufeff", "\ufffe")


def read_to_unicode(cmap: bytes) -> dict[int, str]:
    """Return the map; refuses one that is malformed, too large or built on another map."""
    if len(cmap) > _MAX_BYTES or re.search(rb"\busecmap\b", cmap):
        raise Refused(_CLAUSE, "a ToUnicode map that is too large or built on another")
    found: dict[int, str] = {}
    for section in _SECTION.finditer(re.sub(rb"%[^\r\n]*", b"", cmap)):
        tokens = list(_tokens(section[2]))
        rows = _chars(tokens) if section[1] == b"bfchar" else _ranges(tokens)
        for code, text in rows:
            found[code] = text
            if len(found) > _MAX_ENTRIES:
                raise Refused(_CLAUSE, "a ToUnicode map with too many entries")
    return found


def is_unicode(text: str | None) -> bool:
    """Tell whether a code's text is what PDF/A-2u accepts: there, and no non-character."""
    return bool(text) and not any(char in _FORBIDDEN for char in text or "")


def write_to_unicode(texts: Mapping[int, str], *, code_bytes: int = 2) -> bytes:
    """Return the CMap from codes, of one byte or two, to Unicode (ISO 32000-1, 9.10.3)."""
    digits = 2 * code_bytes
    chars: list[str] = []
    ranges: list[str] = []
    for run in _runs(texts):
        start = run[0][1].encode("utf-16-be").hex().upper()
        first, last = f"<{run[0][0]:0{digits}X}>", f"<{run[-1][0]:0{digits}X}>"
        if len(run) == 1:
            chars.append(f"{first} <{start}>")
        else:
            ranges.append(f"{first} {last} <{start}>")
    body = "\n".join([*_blocks("bfchar", chars), *_blocks("bfrange", ranges)])
    span = f"<{'0' * digits}> <{'F' * digits}>"
    return (_HEAD + span + "\nendcodespacerange\n" + body + _FOOT).encode("ascii")


def _runs(texts: Mapping[int, str]) -> Iterator[list[tuple[int, str]]]:
    """Yield codes that count up together with their characters, as far as a byte goes."""
    run: list[tuple[int, str]] = []
    for code, text in sorted(texts.items()):
        if run and not _continues(run[-1], code, text):
            yield run
            run = []
        run.append((code, text))
    if run:
        yield run


def _continues(before: tuple[int, str], code: int, text: str) -> bool:
    last, shown = before
    if code != last + 1 or not code & 0xFF or len(text) != 1 or len(shown) != 1:
        return False
    point = ord(text)
    # Readers differ about a range over the end of a byte, and about pairs of surrogates.
    return point == ord(shown) + 1 and bool(point & 0xFF) and point <= 0xFFFF


def _blocks(kind: str, rows: list[str]) -> Iterator[str]:
    """Yield blocks of at most 100 rows (Adobe technical note 5014)."""
    for start in range(0, len(rows), 100):
        block = rows[start : start + 100]
        yield "\n".join([f"{len(block)} begin{kind}", *block, f"end{kind}"])


_HEAD = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
"""
_FOOT = """
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


Token = bytes | str  # a hexadecimal string, decoded, or a bracket


def _tokens(body: bytes) -> Iterator[Token]:
    for token in _TOKEN.finditer(body):
        if token[1] is not None:
            digits = re.sub(rb"\s", b"", token[1])
            if len(digits) % 2:
                raise Refused(_CLAUSE, "a ToUnicode map with half a byte")
            yield bytes.fromhex(digits.decode("ascii"))
        elif token[2] is not None:
            yield token[2].decode("ascii")
        else:
            raise Refused(_CLAUSE, "a ToUnicode map with words where codes belong")


def _chars(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    if len(tokens) % 2:
        raise Refused(_CLAUSE, "a ToUnicode map with half a row")
    for code, text in zip(tokens[::2], tokens[1::2], strict=True):
        yield _code(code), _text(text)


def _ranges(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    position = 0
    while position < len(tokens):
        if position + 2 >= len(tokens):
            raise Refused(_CLAUSE, "a ToUnicode map with half a row")
        first, last = _code(tokens[position]), _code(tokens[position + 1])
        if not first <= last <= 0xFFFF:
            raise Refused(_CLAUSE, "a ToUnicode map with a range that is none")
        start = tokens[position + 2]
        position += 3
        if start != "[":
            yield from _run(first, last, start)
            continue
        for code in range(first, last + 1):
            if position >= len(tokens):
                raise Refused(_CLAUSE, "a ToUnicode map with half a row")
            yield code, _text(tokens[position])
            position += 1
        if position >= len(tokens) or tokens[position] != "]":
            raise Refused(_CLAUSE, "a ToUnicode map with a list of another length")
        position += 1


def _run(first: int, last: int, start: Token) -> Iterator[tuple[int, str]]:
    """Count the last unit up; readers differ beyond its low byte, so that is refused."""
    text = start if isinstance(start, bytes) else b""
    if len(text) < 2 or text[-1] + last - first > 0xFF:
        raise Refused(_CLAUSE, "a ToUnicode map with a range over a byte's end")
    for step in range(last - first + 1):
        yield first + step, _text(text[:-1] + bytes((text[-1] + step,)))


def _code(token: Token) -> int:
    if not isinstance(token, bytes) or not 1 <= len(token) <= 2:
        raise Refused(_CLAUSE, "a ToUnicode map with an odd code")
    return int.from_bytes(token, "big")


def _text(token: Token) -> str:
    if not isinstance(token, bytes) or len(token) % 2:
        raise Refused(_CLAUSE, "a ToUnicode map with odd text")
    try:
        return token.decode("utf-16-be")
    except UnicodeDecodeError as error:
        raise Refused(_CLAUSE, "a ToUnicode map with lone surrogates") from error
