"""The bytes of a dossier.json in, what it declares out; or one sentence on what is wrong."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.model import Dossier
from pipeline.storage import InvalidRecord, validate
from workers.documents import MANIFEST
from workers.folders import as_text, open_file
from workers.intake import Facts

MOST_BYTES = 1_000_000
DETAIL_LETTERS = 300
SCHEMA = "dossier.schema.json"


class BrokenManifest(Exception):
    """A dossier.json that cannot be used; its text says where and why."""


@dataclass(frozen=True, slots=True)
class Component:
    """One paper as declared."""

    file: str  # name of the scan, or of the folder of page images; NFC
    ordinal: int  # place in the dossier, from 1
    doc_type: str | None
    component_code: str | None
    paper_pages: int | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is declared of a dossier."""

    dossier: Dossier
    components: tuple[Component, ...] = ()

    def declares(self, name: str) -> bool:
        """Return whether a scan, or a folder of page images, of that name is declared."""
        return self._find(name) is not None

    def facts(self, name: str, position: int) -> Facts:
        """Return what is declared of the paper of that name.

        `position` is its place among those that are not declared, from 1: they follow the
        declared ones.
        """
        found = self._find(name)
        if found is None:
            last = max((one.ordinal for one in self.components), default=0)
            return Facts(self.dossier, last + position)
        return Facts(
            self.dossier, found.ordinal, found.doc_type, found.component_code, found.paper_pages
        )

    def _find(self, name: str) -> Component | None:
        wanted = _nfc(as_text(name))
        return next((one for one in self.components if one.file == wanted), None)


def read_manifest(root: Path, dossier: str, schemas: Path, types: Collection[str] = ()) -> Manifest:
    """Return what the dossier.json in a dossier's folder declares; its code is the folder's name.

    `schemas` is the folder of dossier.schema.json, `types` the document types that there are
    (empty: not checked). Raises BrokenManifest, OSError, and SetupError when the schema itself
    is wrong.
    """
    with open_file(root, (dossier, MANIFEST)) as descriptor:
        data = os.pread(descriptor, MOST_BYTES + 1, 0)
    return parse_manifest(data, as_text(dossier), schemas, types)


def parse_manifest(data: bytes, code: str, schemas: Path, types: Collection[str] = ()) -> Manifest:
    """Return what these bytes declare. Raises BrokenManifest, SetupError."""
    declared = _read(data)
    try:
        validate(declared, schemas / SCHEMA)
    except InvalidRecord as error:
        # "record None: $.owner.id: …": the place and the reason are what helps.
        raise BrokenManifest(_short(str(error).partition(": ")[2])) from None
    except RecursionError:
        raise BrokenManifest("it is nested too deeply") from None
    listed = enumerate(declared.get("components", ()), start=1)
    components = tuple(_component(one, position) for position, one in listed)
    _check(components, types)
    return Manifest(
        Dossier(
            code=code,
            procedure=declared.get("procedure"),
            result_number=declared.get("result_number"),
            result_code=declared.get("result_code"),
            owner={str(k): str(v) for k, v in (declared.get("owner") or {}).items()},
        ),
        components,
    )


def _read(data: bytes) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise BrokenManifest(f"it is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        declared = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise BrokenManifest(f"byte {error.start} is not UTF-8: save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise BrokenManifest(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise BrokenManifest(_short(str(error))) from None
    if not isinstance(declared, dict):
        raise BrokenManifest("it must be one JSON object: { … }")
    try:
        json.dumps(declared, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise BrokenManifest("it holds half a character, such as \\ud800") from None
    return declared


def _component(declared: Mapping[str, Any], position: int) -> Component:
    return Component(
        file=_nfc(declared["file"]),
        ordinal=declared.get("ordinal", position),
        doc_type=declared.get("doc_type"),
        component_code=declared.get("component_code"),
        paper_pages=declared.get("paper_pages"),
    )


def _check(components: Sequence[Component], types: Collection[str]) -> None:
    """Raise BrokenManifest for what a schema cannot tell."""
    named: set[str] = set()
    for position, one in enumerate(components):
        if one.file in named:
            raise BrokenManifest(_short(f"$.components[{position}]: '{one.file}' is named twice"))
        named.add(one.file)
        if types and one.doc_type is not None and one.doc_type not in types:
            known = ", ".join(sorted(types))
            raise BrokenManifest(
                _short(f"$.components[{position}].doc_type: '{one.doc_type}' is none of {known}")
            )


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _short(text: str) -> str:
    return text if len(text) <= DETAIL_LETTERS else text[: DETAIL_LETTERS - 1] + "…"
