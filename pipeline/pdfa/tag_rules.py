"""A tagged PDF of ours in, refused where content and structure do not belong together.

All that is drawn is an artifact or belongs to one element; each element is found from its content
and the other way round (ISO 19005-2, 6.7.2 and 6.7.3; ISO 14289-1, 7.1).
"""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name

from pipeline.pdfa.rules import Refused, allow_keys, dictionary

_CLAUSE = "6.7.3"
_KINDS = frozenset({"/P", "/Figure"})
_ELEMENT_KEYS = frozenset({"/Type", "/S", "/P", "/Pg", "/K", "/Alt"})
_ROOT_KEYS = frozenset({"/Type", "/K", "/ParentTree", "/ParentTreeNextKey"})
# What shows something: it must be marked (ISO 32000-1, 8.2 and 9.4).
_PAINTS = frozenset({"Tj", "TJ", "'", '"', "Do", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*"})


def check_tags(pdf: pikepdf.Pdf) -> None:
    """Refuse a structure that our writer does not write, or that content does not match."""
    information = dictionary(pdf.Root.get("/MarkInfo"), "6.7.2", "the mark information")
    if not information.get("/Marked", False):
        raise Refused("6.7.2", "not marked as tagged")
    root = dictionary(pdf.Root.get("/StructTreeRoot"), _CLAUSE, "the structure")
    allow_keys(root, _ROOT_KEYS, _CLAUSE, "the structure")
    document = dictionary(root.get("/K"), _CLAUSE, "the document element")
    if document.get("/S") != Name.Document or document.get("/P") != root:
        raise Refused(_CLAUSE, "a structure whose first element is no document")
    parents = _parents(root)
    told = [one.objgen for one in document.get("/K", Array())]
    found = [
        one.objgen
        for number, page in enumerate(pdf.pages)
        for one in _check_page(page, number, parents, document)
    ]
    if told != found:
        raise Refused(_CLAUSE, "a document element whose children are not those of the pages")


def _parents(root: pikepdf.Object) -> dict[int, pikepdf.Object]:
    tree = dictionary(root.get("/ParentTree"), _CLAUSE, "the parent tree")
    pairs = list(tree.get("/Nums", Array()))
    return {int(key): value for key, value in zip(pairs[::2], pairs[1::2], strict=True)}


def _check_page(
    page: pikepdf.Page, number: int, parents: dict[int, pikepdf.Object], document: pikepdf.Object
) -> list[pikepdf.Object]:
    """Return the elements of a page in the order of its content."""
    if page.obj.get("/StructParents") != number or number not in parents:
        raise Refused(_CLAUSE, f"page {number + 1} has no place in the parent tree")
    elements = list(parents[number])
    if _marks(page) != list(range(len(elements))):
        raise Refused(_CLAUSE, f"page {number + 1} shows other content than its elements hold")
    for place, element in enumerate(elements):
        entry = dictionary(element, _CLAUSE, "an element")
        allow_keys(entry, _ELEMENT_KEYS, _CLAUSE, "an element")
        kind = str(entry.get("/S"))
        if kind not in _KINDS or entry.get("/K") != place or entry.get("/P") != document:
            raise Refused(_CLAUSE, "an element that is not one of its page")
        if entry.get("/Pg") != page.obj:
            raise Refused(_CLAUSE, "an element of another page")
        if kind == "/Figure" and not str(entry.get("/Alt", "")):
            raise Refused("6.7.5", "a figure that does not say what it shows")
    return elements


def _marks(page: pikepdf.Page) -> list[int]:
    """Return the numbers of the marked content of a page; refuse what is painted unmarked."""
    found: list[int] = []
    marked = False
    for instruction in pikepdf.parse_content_stream(page):
        operands, name = instruction.operands, str(instruction.operator)
        if name in ("BMC", "BDC"):
            if marked:
                raise Refused(_CLAUSE, "marked content in marked content")
            marked = True
            if str(operands[0]) == "/Artifact":
                continue
            if name == "BMC" or not isinstance(operands[1], Dictionary):
                raise Refused(_CLAUSE, "marked content without a number")
            found.append(int(operands[1].get("/MCID", -1)))
        elif name == "EMC":
            marked = False
        elif name in _PAINTS and not marked:
            raise Refused(_CLAUSE, f"the operator {name} outside of marked content")
    return found
