"""Document types as data: schema files in, typed rules out.

A type is a JSON Schema (2020-12) of the map from field name to value, with a few keywords of our
own (`x-sohoa-…`) that say where each value stands on the paper. Their grammar is itself a schema,
`schemas/vocabulary.schema.json`; a word that it does not know stops the start.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, SchemaError, ValidationError

from pipeline.errors import SetupError

_SUFFIX = ".schema.json"
_VOCABULARY = f"vocabulary{_SUFFIX}"
_BASE = "base"
_VALUE_KEYWORDS = (
    "type", "format", "pattern", "enum", "minLength", "maxLength", "minimum", "maximum",
)  # fmt: skip

Rule = Mapping[str, Any]  # one entry of `x-sohoa-find`, checked against the vocabulary
Evidence = Mapping[str, Any]  # one entry of `evidence`, checked likewise


@dataclass(frozen=True, slots=True)
class FieldSchema:
    """What is known of one field: its kind, where it stands, what its value must be."""

    name: str  # dotted: "issuer.name"
    kind: str  # key of `patterns.KINDS`
    rules: tuple[Rule, ...]
    options: Mapping[str, Any]  # part, enum, variants
    value_schema: Mapping[str, Any]  # plain JSON Schema keywords

    def fits(self, value: Any) -> bool:
        """Return whether the value obeys the plain keywords (type, pattern, enum, …)."""
        return Draft202012Validator(
            dict(self.value_schema), format_checker=Draft202012Validator.FORMAT_CHECKER
        ).is_valid(value)


@dataclass(frozen=True, slots=True)
class Schema:
    """One document type."""

    name: str  # "administrative-document"
    title: str  # Vietnamese
    fields: Mapping[str, FieldSchema]
    required: frozenset[str]
    evidence: tuple[Evidence, ...] = ()
    stops: tuple[str, ...] = ()  # labels that end a value though no field uses them
    checks: tuple[Mapping[str, Any], ...] = ()
    result: bool = False  # papers of this type are results of procedures
    generic: bool = False  # for papers of unknown type

    def labels(self) -> tuple[str, ...]:
        """Return every label of the type, in the order of its fields."""
        found = [
            label
            for one in self.fields.values()
            for rule in one.rules
            for label in rule.get("labels", ())
        ]
        return tuple(dict.fromkeys((*found, *self.stops)))


@dataclass(frozen=True, slots=True)
class Schemas:
    """All document types, and the base that serves papers of unknown type."""

    types: Mapping[str, Schema]
    base: Schema
    folder: Path = field(default_factory=Path)

    def for_type(self, name: str | None) -> Schema:
        """Return the type of that name; the base for None or a name that is not here."""
        return self.types.get(name, self.base) if name is not None else self.base


def schemas_folder(override: Path | None = None) -> Path:
    """Return the folder of the schemas: the override, the checkout's, or the installed one.

    Raises SetupError if there is none.
    """
    if override is not None:
        places = [override]
    else:
        root = Path(__file__).resolve().parents[2]
        places = [root / "schemas", Path(sys.prefix) / "share" / "sohoa" / "schemas"]
    for place in places:
        if (place / f"{_BASE}{_SUFFIX}").is_file():
            return place
    remedy = f"no {_BASE}{_SUFFIX} there; set SOHOA_SCHEMAS to the folder of the schemas"
    raise SetupError(str(places[0]), remedy)


def load_schemas(folder: Path) -> Schemas:
    """Read every document type of the folder.

    Raises SetupError naming the file, the place in it (JSON pointer) and what to do.
    """
    grammar = Draft202012Validator(
        _read(folder / _VOCABULARY), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    raw: dict[str, Mapping[str, Any]] = {}
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        content = _read(path)
        if path.name != _VOCABULARY and "x-sohoa-type" in content:
            _check(grammar, content, path)
            raw[path.name.removesuffix(_SUFFIX)] = content
    if _BASE not in raw:
        raise SetupError(str(folder / f"{_BASE}{_SUFFIX}"), "missing; restore it from the release")
    read = {name: _schema(name, raw, folder) for name in raw}
    types = {name: schema for name, schema in read.items() if not schema.generic}
    return Schemas(types=types, base=read[_BASE], folder=folder)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        Draft202012Validator.check_schema(content)
    except OSError as error:
        raise SetupError(str(path), f"cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SetupError(str(path), f"no JSON: {error}; correct the file") from error
    except SchemaError as error:
        raise SetupError(str(path), _at(error.absolute_path, error.message)) from error
    if not isinstance(content, dict):
        raise SetupError(str(path), _at((), "a schema is a JSON object; correct the file"))
    return content


def _check(grammar: Draft202012Validator, content: Mapping[str, Any], path: Path) -> None:
    errors = sorted(grammar.iter_errors(content), key=lambda error: list(map(str, error.path)))
    if errors:
        error = _deepest(errors[0])
        remedy = "correct it; the words allowed are in schemas/vocabulary.schema.json"
        raise SetupError(str(path), _at(error.absolute_path, f"{error.message}; {remedy}"))


def _deepest(error: ValidationError) -> ValidationError:
    """Return the innermost cause: what an author can act on, not "is not valid under any"."""
    while error.context:
        error = max(error.context, key=lambda cause: len(cause.absolute_path))
    return error


def _at(path: Iterable[Any], message: str) -> str:
    escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return f"at #{''.join('/' + part for part in escaped)}: {message}"


def _schema(name: str, raw: Mapping[str, Mapping[str, Any]], folder: Path) -> Schema:
    chain = _ancestry(name, raw, folder)
    own = raw[name]
    about = own["x-sohoa-type"]
    properties: dict[str, Any] = {}
    required: set[str] = set()
    for content in chain:
        properties |= content["properties"]
        required |= set(content.get("required", ()))
    unknown = sorted(required - set(properties))
    if unknown:
        path = folder / f"{name}{_SUFFIX}"
        raise SetupError(str(path), _at(("required",), f"no such field: {', '.join(unknown)}"))
    checks = tuple(check for content in chain for check in content.get("x-sohoa-checks", ()))
    stops = [stop for content in chain for stop in content["x-sohoa-type"].get("stops", ())]
    return Schema(
        name=name,
        title=own["title"],
        fields={key: _field(key, value) for key, value in properties.items()},
        required=frozenset(required),
        evidence=tuple(about.get("evidence", ())),
        stops=tuple(dict.fromkeys(stops)),
        checks=checks,
        result=about.get("result", False),
        generic=about.get("generic", False),
    )


def _ancestry(
    name: str, raw: Mapping[str, Mapping[str, Any]], folder: Path
) -> list[Mapping[str, Any]]:
    """Return the schema and what it extends, the most general first."""
    chain, names = [raw[name]], [name]
    while "allOf" in chain[0]:
        parent = str(chain[0]["allOf"][0]["$ref"]).removesuffix(_SUFFIX)
        path = folder / f"{names[0]}{_SUFFIX}"
        if parent not in raw:
            raise SetupError(str(path), _at(("allOf", 0, "$ref"), f"there is no type {parent}"))
        if parent in names:
            raise SetupError(str(path), _at(("allOf", 0, "$ref"), "types extend each other"))
        chain.insert(0, raw[parent])
        names.insert(0, parent)
    return chain


def _field(name: str, content: Mapping[str, Any]) -> FieldSchema:
    options = {"enum": content.get("enum", ()), "variants": content.get("x-sohoa-variants", {})}
    if "x-sohoa-part" in content:
        options["part"] = content["x-sohoa-part"]
    return FieldSchema(
        name=name,
        kind=content.get("x-sohoa-kind", "text"),
        rules=tuple(content.get("x-sohoa-find", ())),
        options=options,
        value_schema={key: content[key] for key in _VALUE_KEYWORDS if key in content},
    )
