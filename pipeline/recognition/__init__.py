"""Page image in, words with boxes out: orientation, OCR, reading order, codes, ALTO, hOCR."""

from pipeline.recognition.alto import alto_xml
from pipeline.recognition.born import lines_of, text_survives
from pipeline.recognition.codes import read_codes
from pipeline.recognition.digits import read_digits
from pipeline.recognition.figure_places import read_head_figures
from pipeline.recognition.hocr import hocr
from pipeline.recognition.ocr import check_alphabet, engine_version
from pipeline.recognition.orientation import measure_turns, reads_better, reads_well
from pipeline.recognition.payload import parse_payload
from pipeline.recognition.plain_text import plain_text
from pipeline.recognition.reading import Reader, read_lines, reader
from pipeline.recognition.reading_order import order, two_columns
from pipeline.recognition.sample import Read, agrees, has_ink, sample_reader

__all__ = [
    "Read",
    "Reader",
    "agrees",
    "alto_xml",
    "check_alphabet",
    "engine_version",
    "has_ink",
    "hocr",
    "lines_of",
    "measure_turns",
    "order",
    "parse_payload",
    "plain_text",
    "read_codes",
    "read_digits",
    "read_head_figures",
    "read_lines",
    "reader",
    "reads_better",
    "reads_well",
    "sample_reader",
    "text_survives",
    "two_columns",
]
