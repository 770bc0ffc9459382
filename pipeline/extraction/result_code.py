"""The code under which a digitized result is kept (legal step 3).

Thông tư 01/2023/TT-VPCP Art. 10: the code of a procedure's result holds the owner's identifier,
the type of result in the national database of procedures, and the number of the paper; without an
identifier that part stays blank.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.extraction.schemas import Schema
from pipeline.model import Document, Field
from pipeline.vietnam.identifiers import parse_result_type, same_identifier

_OWNER_FIELDS = ("owner.id", "owner.tax_code")


def assign_result_code(fields: Sequence[Field], document: Document, schema: Schema) -> str | None:
    """Return `<owner id>.<KQ code>.<number/symbol>`, or None when a part is not certain.

    A paper is a result when its component code is a result type, when its number is the declared
    result number, or when the dossier declares a result type and papers of this type are results.
    """
    known = {
        field.name: str(field.value)
        for field in fields
        if field.status in {"accepted", "corrected"} and field.value is not None
    }
    printed = _printed_number(known)
    result_type = _result_type(document, schema, printed)
    if result_type is None or printed is None:
        return None
    owner = document.dossier.owner.get("id", "").strip()
    if not owner:
        owner = next((known[name] for name in _OWNER_FIELDS if name in known), "")
    return f"{owner}.{result_type}.{printed}"


def _printed_number(known: dict[str, str]) -> str | None:
    number, symbol = known.get("number"), known.get("symbol")
    if number is None:
        return None
    return f"{number}/{symbol}" if symbol is not None else number


def _result_type(document: Document, schema: Schema, printed: str | None) -> str | None:
    own = parse_result_type(document.component_code or "")
    if own is not None:
        return own
    dossier = document.dossier
    declared = parse_result_type(dossier.result_code or "")
    if declared is None or document.component_code is not None:
        return None
    if dossier.result_number:
        same = printed is not None and same_identifier(printed, dossier.result_number)
        return declared if same else None
    return declared if schema.result else None
