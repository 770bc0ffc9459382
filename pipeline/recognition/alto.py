"""A page as ALTO 4.4 XML: words with boxes and confidence in, bytes out.

Schema: Library of Congress, ALTO 4.4 (June 2022). Deterministic: no time, no machine name.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from pipeline.model import Box, Line, Page, Word
from pipeline.recognition.xml_text import escaped

_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_LANGUAGE = "vi"


def alto_xml(page: Page, file_name: str) -> bytes:
    """Return the page in reading order, one TextBlock for each run of equal `Line.block`.

    Units are px of the straightened page. Characters that XML forbids are left out.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<alto xmlns="{_NAMESPACE}" SCHEMAVERSION="4.4">',
        *_description(page, file_name),
        " <Layout>",
        f'  <Page ID="page_{page.number}" PHYSICAL_IMG_NR="{page.number}"'
        f' WIDTH="{page.width_px}" HEIGHT="{page.height_px}" LANG="{_LANGUAGE}">',
        f'   <PrintSpace HPOS="0" VPOS="0" WIDTH="{page.width_px}" HEIGHT="{page.height_px}">',
        *_blocks(page),
        "   </PrintSpace>",
        "  </Page>",
        " </Layout>",
        "</alto>",
        "",
    ]
    return "\n".join(lines).encode("utf-8")


def _description(page: Page, file_name: str) -> Iterator[str]:
    yield " <Description>"
    yield "  <MeasurementUnit>pixel</MeasurementUnit>"
    name = escaped(file_name)
    yield f"  <sourceImageInformation><fileName>{name}</fileName></sourceImageInformation>"
    for number, engine in enumerate(sorted({word.engine for word in page.words}), start=1):
        yield f'  <Processing ID="processing_{number}">'
        yield "   <processingCategory>contentGeneration</processingCategory>"
        yield (
            "   <processingSoftware><softwareName>"
            f"{escaped(engine)}</softwareName></processingSoftware>"
        )
        yield "  </Processing>"
    yield " </Description>"


def _blocks(page: Page) -> Iterator[str]:
    drawable = [line for line in page.lines if line.words]
    count = 0
    for number, (_, group) in enumerate(groupby(drawable, key=lambda line: line.block), start=1):
        lines = list(group)
        box = lines[0].box
        for line in lines[1:]:
            box = box.union(line.box)
        yield f'    <TextBlock ID="block_{number}" {_place(box)}>'
        for line in lines:
            count += 1
            yield from _line(line, count)
        yield "    </TextBlock>"


def _line(line: Line, number: int) -> Iterator[str]:
    box = line.box
    baseline = ""
    if line.baseline is not None:
        left, right = line.baseline
        baseline = f' BASELINE="{box.left},{left:g} {box.right},{right:g}"'
    yield f'     <TextLine ID="line_{number}" {_place(box)}{baseline}>'
    last: Word | None = None
    for word in line.words:
        if last is not None:
            yield _space(last.box, word.box)
        place = _place(word.box)
        yield f'      <String CONTENT="{escaped(word.text)}" {place} WC="{_confidence(word)}"/>'
        last = word
    yield "     </TextLine>"


def _space(left: Box, right: Box) -> str:
    width = max(0, right.left - left.right)
    return f'      <SP HPOS="{left.right}" VPOS="{right.top}" WIDTH="{width}"/>'


def _place(box: Box) -> str:
    return f'HPOS="{box.left}" VPOS="{box.top}" WIDTH="{box.width}" HEIGHT="{box.height}"'


def _confidence(word: Word) -> str:
    return f"{min(1.0, max(0.0, word.confidence)):.2f}"
