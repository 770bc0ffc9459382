"""Values in QR and bar codes: their text in, candidate values out.

The payload's syntax is not laid down (Thông tư 01/2023/TT-VPCP Art. 26 names the parts only), so a
value is found by a key that names it (JSON, URL, key=value) or by being the only thing of its kind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from pipeline.extraction.patterns import KINDS
from pipeline.extraction.readings import Reading
from pipeline.extraction.schemas import FieldSchema
from pipeline.model import Code, Page
from pipeline.vietnam.letters import fold, nfc

_MOST_TEXT = 4000  # characters; a QR code holds 4,296 at most
_PAIR = re.compile(r"^\s*([^\W\d][\w .]{0,40}?)\s*[:=]\s*(.+?)\s*$")
# Kinds that are recognised without a key: their form is their own.
_TELLING = frozenset({"dossier-code", "ap-code", "document-number"})


def code_readings(
    pages: Sequence[Page], one: FieldSchema
) -> Iterator[tuple[Page, Code, str, Reading, float]]:
    """Yield page, code, the text read, its reading and the rule's strength, for `code` rules."""
    for rule in one.rules:
        if rule["rule"] != "code":
            continue
        keys = {_key(key) for key in rule.get("keys", ())}
        for page in pages:
            for code in page.codes:
                for text in _texts(nfc(code.text[:_MOST_TEXT]), keys, one.kind):
                    reading = KINDS[one.kind].read(text, one.options)
                    if reading is not None:
                        yield page, code, text, reading, rule.get("strength", 1.0)


def _texts(payload: str, keys: set[str], kind: str) -> Iterator[str]:
    named = {_key(key): value for key, value in _pairs(payload).items()}
    yield from (named[key] for key in sorted(keys) if named.get(key))
    if kind in _TELLING:
        yield payload


def _pairs(payload: str) -> Mapping[str, str]:
    """Return what a payload names, as strings; none when it names nothing."""
    try:
        content: Any = json.loads(payload)
    except (ValueError, RecursionError):
        content = None
    if isinstance(content, dict):
        return {str(key): str(value) for key, value in content.items() if _plain(value)}
    url = urlsplit(payload) if re.match(r"https?://", payload) else None
    if url is not None:
        return dict(parse_qsl(url.query))
    matches = (_PAIR.match(part) for part in re.split(r"[|;\n&]", payload))
    return {match[1]: match[2] for match in matches if match is not None}


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(name))
