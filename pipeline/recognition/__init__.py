"""Page image in, words with boxes out: orientation, OCR, reading order, codes, ALTO."""

from pipeline.recognition.alto import alto_xml
from pipeline.recognition.born import lines_of, text_survives
from pipeline.recognition.codes import read_codes
from pipeline.recognition.ocr import check_alphabet, engine_version
from pipeline.recognition.orientation import measure_turns, reads_better, reads_well
from pipeline.recognition.payload import parse_payload
from pipeline.recognition.reading import Reader, read_lines, reader
from pipeline.recognition.reading_order import order, two_columns

__all__ = [
    "Reader",
    "alto_xml",
    "check_alphabet",
    "engine_version",
    "lines_of",
    "measure_turns",
    "order",
    "parse_payload",
    "read_codes",
    "read_lines",
    "reader",
    "reads_better",
    "reads_well",
    "text_survives",
    "two_columns",
]
