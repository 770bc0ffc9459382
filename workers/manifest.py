"""The bytes of a dossier.json in, what it declares out; or one sentence on what is wrong."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Mapping
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

    file: str | None  # name of the scan, or of the folder of page images; NFC
    ordinal: int | None
    doc_type: str | None
    component_code: str | None
    paper_pages: int | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is declared of a dossier."""

    dossier: Dossier
    components: tuple[Component, ...] = ()

    def facts(self, name: str, ordinal: int) -> Facts:
        """Return what is declared of the paper of that name; `ordinal` if it gives none."""
        wanted = _nfc(as_text(name))
        found = next((one for one in self.components if one.file == wanted), None)
        if found is None:
            return Facts(self.dossier, ordinal)
        return Facts(
            self.dossier,
            found.ordinal or ordinal,
            found.doc_type,
            found.component_code,
            found.paper_pages,
        )


def read_manifest(root: Path, dossier: str, schemas: Path) -> Manifest:
    """Return what the dossier.json in a dossier's folder declares; its code is the folder's name.

    `schemas` is the folder of dossier.schema.json. Raises BrokenManifest, OSError, and
    SetupError when the schema itself is wrong.
    """
    with open_file(root, (dossier, MANIFEST)) as descriptor:
        data = os.pread(descriptor, MOST_BYTES + 1, 0)
    return parse_manifest(data, as_text(dossier), schemas)


def parse_manifest(data: bytes, code: str, schemas: Path) -> Manifest:
    """Return what these bytes declare. Raises BrokenManifest, SetupError."""
    declared = _read(data)
    try:
        validate(declared, schemas / SCHEMA)
    except InvalidRecord as error:
        # "record None: $.owner.id: …": the place and the reason are what helps.
        raise BrokenManifest(_short(str(error).partition(": ")[2])) from None
    except RecursionError:
        raise BrokenManifest("it is nested too deeply") from None
    components = tuple(_component(one) for one in declared.get("components", ()))
    named = [one.file for one in components if one.file is not None]
    for name in named:
        if named.count(name) > 1:
            raise BrokenManifest(_short(f"$.components: '{name}' is named twice"))
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


def _component(declared: Mapping[str, Any]) -> Component:
    name = declared.get("file")
    return Component(
        file=None if name is None else _nfc(name),
        ordinal=declared.get("ordinal"),
        doc_type=declared.get("doc_type"),
        component_code=declared.get("component_code"),
        paper_pages=declared.get("paper_pages"),
    )


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _short(text: str) -> str:
    return text if len(text) <= DETAIL_LETTERS else text[: DETAIL_LETTERS - 1] + "…"
