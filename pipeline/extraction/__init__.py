"""Words in, checked fields out: classify, extract, check, and assign the result code.

What a document type is stands in `schemas/`, not here: a new type costs no Python.
"""

from pipeline.extraction.check import check
from pipeline.extraction.classify import classify
from pipeline.extraction.fields import extract
from pipeline.extraction.result_code import assign_result_code
from pipeline.extraction.schemas import Schema, Schemas, load_schemas, schemas_folder

__all__ = [
    "Schema",
    "Schemas",
    "assign_result_code",
    "check",
    "classify",
    "extract",
    "load_schemas",
    "schemas_folder",
]
