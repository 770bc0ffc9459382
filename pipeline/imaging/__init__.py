"""Page images: a scan in, upright, clean and measured page images out."""

import cv2

from pipeline.imaging.bitonal import bitonal_filter
from pipeline.imaging.complaints import page_issues
from pipeline.imaging.curl import measure_curl
from pipeline.imaging.deskew import Skew, measure_axis, measure_skew, straighten
from pipeline.imaging.encode import encode
from pipeline.imaging.font_texts import texts_by_font
from pipeline.imaging.handwriting import find_handwriting
from pipeline.imaging.ink import INK_STEPS, ink_copy
from pipeline.imaging.leaders import count_leaders
from pipeline.imaging.margins import measure_margins
from pipeline.imaging.marks import find_marks
from pipeline.imaging.outline import measure_outline
from pipeline.imaging.perspective import flat_look, flatten
from pipeline.imaging.picture import measure_picture
from pipeline.imaging.probe import Limits, probe
from pipeline.imaging.quality import is_tinted, measure
from pipeline.imaging.raster import RawPage, read_pages
from pipeline.imaging.sheet import measure_sheet
from pipeline.imaging.tables import find_tables
from pipeline.imaging.textlayer import TextFacts, TextLayer, read_text_layer, text_page_facts
from pipeline.imaging.turn import turn
from pipeline.imaging.writing import write_png

__all__ = [
    "INK_STEPS",
    "Limits",
    "RawPage",
    "Skew",
    "TextFacts",
    "TextLayer",
    "bitonal_filter",
    "count_leaders",
    "encode",
    "find_handwriting",
    "find_marks",
    "find_tables",
    "flat_look",
    "flatten",
    "ink_copy",
    "is_tinted",
    "measure",
    "measure_axis",
    "measure_curl",
    "measure_margins",
    "measure_outline",
    "measure_picture",
    "measure_sheet",
    "measure_skew",
    "page_issues",
    "probe",
    "read_pages",
    "read_text_layer",
    "straighten",
    "text_page_facts",
    "texts_by_font",
    "turn",
    "write_png",
]

# Documents run in parallel, one on a core; OpenCV would start a thread for each core in each.
cv2.setNumThreads(1)
