"""Page image in, words with boxes out: orientation, OCR, reading order, codes, ALTO."""

from pipeline.recognition.alto import alto_xml
from pipeline.recognition.born import lines_of, text_survives
from pipeline.recognition.codes import read_codes
from pipeline.recognition.digits import read_digits
from pipeline.recognition.figure_places import read_head_figures
from pipeline.recognition.ocr import (
    available_language,
    check_alphabet,
    engine_version,
    language,
    read_lines,
)
from pipeline.recognition.orientation import measure_turns, reads_better, reads_well
from pipeline.recognition.payload import parse_payload
from pipeline.recognition.reading_order import order, two_columns

__all__ = [
    "alto_xml",
    "available_language",
    "check_alphabet",
    "engine_version",
    "language",
    "lines_of",
    "measure_turns",
    "order",
    "parse_payload",
    "read_codes",
    "read_digits",
    "read_head_figures",
    "read_lines",
    "reads_better",
    "reads_well",
    "text_survives",
    "two_columns",
]
