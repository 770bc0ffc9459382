"""The PDF/A flavours that an archive PDF can be made as: a name in, what it changes out.

2u is the default: all that a scan can honestly promise. 1b is for receivers of PDF 1.4; 2a adds a
structure for screen readers and claims PDF/UA-1 too; 3u is 2u that may be given attachments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Flavour = Literal["2u", "1b", "2a", "3u"]
DEFAULT: Flavour = "2u"


@dataclass(frozen=True, slots=True)
class Form:
    """What a flavour asks of the form of a file."""

    part: int  # of ISO 19005
    conformance: Literal["A", "B", "U"]
    version: str = "1.7"  # of PDF
    streamed: bool = True  # objects and cross-references lie in streams, which PDF 1.4 has not
    tagged: bool = False  # the content has a structure
    vectors: bool = True  # text-born pages may be taken over
    verapdf: tuple[str, ...] = ()  # flavours that veraPDF is asked for


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "2u": Form(2, "U", verapdf=("2u",)),
        "1b": Form(1, "B", "1.4", streamed=False, vectors=False, verapdf=("1b",)),
        "2a": Form(2, "A", tagged=True, vectors=False, verapdf=("2a", "ua1")),
        "3u": Form(3, "U", verapdf=("3u",)),
    }
)


def possible(asked: Flavour, vectors: bool) -> Flavour:
    """Return the flavour that a file can be made as; `vectors`: pages of it are text-born.

    What such a page draws is checked against part 2, and nobody tagged it: such a file is 2u.
    """
    return asked if FORMS[asked].vectors or not vectors else DEFAULT
