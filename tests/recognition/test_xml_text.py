"""Text that may stand in XML."""

from __future__ import annotations

import unicodedata

from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognition.xml_text import escaped


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cn"])))
def test_text_is_read_back_as_it_was(text: str) -> None:
    """In an attribute and in an element, whatever quotes and brackets it has."""
    root = ElementTree.fromstring(f'<a b="{escaped(text)}">{escaped(text)}</a>')

    assert root.get("b") == (root.text or "") == unicodedata.normalize("NFC", text)


@given(st.text())
def test_nothing_breaks_the_file(text: str) -> None:
    """What XML forbids is left out, so that the file can be read at all."""
    root = ElementTree.fromstring(f'<a b="{escaped(text)}"/>'.encode("utf-8", "strict"))

    assert set(root.get("b", "")) <= set(unicodedata.normalize("NFC", text))
