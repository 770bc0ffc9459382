"""Facts of an administrative document in, its sheets and exact truth out.

The layout is that of Decree 30/2020/NĐ-CP, Appendix I; the boxes' numbers are the decree's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from samples.marks import figures_width_mm, sign, urgency, write_figures
from samples.sheet import Seal, Sheet, leading_mm
from samples.writer import Writer

MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
LEFT_X_MM, RIGHT_X_MM = 61.0, 145.0  # middles of the two columns of the head
FOOT_X_MM = 152.0  # middle of the signature
SIGNATURE_MM = 31.0  # from the last line of the title to the name


@dataclass(frozen=True)
class Office:
    """Who issues, as the head prints it."""

    parent: str
    name: tuple[str, ...]  # lines
    place: str
    seal: tuple[str, str]  # along the upper and the lower arc

    @property
    def full_name(self) -> str:
        return " ".join(self.name)


@dataclass
class Paper:
    """A printed paper and what is on it."""

    doc_type: str  # schema name
    sheets: list[Sheet]
    fields: dict[str, Any]
    unreadable: list[str] = field(default_factory=list)  # hand-written by design
    handwritten: dict[str, str] = field(default_factory=dict)  # field -> what the pen wrote
    codes: list[str] = field(default_factory=list)  # payloads of QR codes


@dataclass(frozen=True)
class Act:
    """An administrative document; without `kind` it is an official letter (công văn)."""

    office: Office
    number: str
    symbol: str
    day: date
    abstract: tuple[str, ...]  # lines
    body: tuple[str, ...]  # paragraphs; *so* is bold, _so_ is italic
    title: tuple[str, ...]  # of the signer, lines
    signer: str
    kind: str = ""  # "QUYẾT ĐỊNH"
    to: tuple[str, ...] = ()  # Kính gửi
    authority: str = ""  # who decides, above the grounds
    grounds: tuple[str, ...] = ()
    enacts: str = ""  # "QUYẾT ĐỊNH:"
    receivers: tuple[str, ...] = ("- Như trên;", "- Lưu: VT.")
    urgency: str = ""
    by_pen: bool = False  # number and day are left to the pen


def day_in_words(day: date) -> str:
    """Return the day as papers print it: zeros before 1–9 and before January and February."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def administrative(act: Act, seed: int, *, signed: bool = True) -> Paper:
    """Return the paper; `signed` by hand and with the seal."""
    writer = Writer()
    head(writer.sheet, act, seed)
    if act.kind:
        writer.y_mm = 63.0
        writer.centred((act.kind,), 14)
        writer.centred(act.abstract, 14)
        writer.sheet.rule(111, writer.y_mm - 2.6, 38)
        writer.space(5)
    else:
        writer.y_mm = 76.0 + (6.0 if act.urgency else 0.0)
    if act.to:
        _addressees(writer, act.to)
    if act.authority:
        writer.centred((act.authority,), 14)
        writer.space(2.5)
    for ground in act.grounds:
        writer.paragraph(ground, "i")
    if act.enacts:
        writer.space(1.5)
        writer.centred((act.enacts,), 14)
        writer.space(2)
    for text in act.body:
        writer.paragraph(text)
    foot(writer, act.receivers, act.title, act.signer, act.office, seed, signed=signed)
    return Paper("administrative-document", writer.sheets, _fields(act), *_by_pen(act))


def _fields(act: Act) -> dict[str, Any]:
    return {
        "doc_kind": act.kind.capitalize() or "Công văn",
        "number": act.number,
        "symbol": act.symbol,
        "issued_date": act.day.isoformat(),
        "place": act.office.place,
        "issuer.name": act.office.full_name,
        "issuer.parent": act.office.parent or None,
        "abstract": " ".join(act.abstract),
        "signer.name": act.signer,
        "signer.title": " ".join(act.title),
        "urgency": act.urgency or None,
    }


def _by_pen(act: Act) -> tuple[list[str], dict[str, str]]:
    if not act.by_pen:
        return [], {}
    return ["number", "issued_date"], {"number": act.number, "issued_date": f"{act.day.day:02}"}


def head(sheet: Sheet, act: Act, seed: int) -> None:
    """Print boxes 1 to 4; of a letter also 5b and the urgency (10b)."""
    y = issuer(sheet, act.office)
    y = max(y + 6.5, 45.0)
    left_y = _number_line(sheet, act, y, seed)
    if not act.kind:
        for line in act.abstract:
            sheet.put(LEFT_X_MM, left_y, line, 12, anchor="m")
            left_y += leading_mm(12, 1.1)
    if act.urgency:
        urgency(sheet, LEFT_X_MM, left_y + 3.5, act.urgency)
    motto(sheet)
    _date_line(sheet, act, y, seed)


def issuer(sheet: Sheet, office: Office, size_pt: float = 12.0, x_mm: float = LEFT_X_MM) -> float:
    """Print box 2; return the y of its rule."""
    y = 24.0
    for line, style in [(office.parent, ""), *((line, "b") for line in office.name)]:
        if line:
            sheet.put(x_mm, y, line, size_pt, style, "m")
            y += leading_mm(size_pt, 1.15)
    sheet.rule(x_mm, y - 2.6, 20)
    return y - 2.6


def motto(sheet: Sheet, size_pt: float = 12.0, x_mm: float = RIGHT_X_MM) -> None:
    """Print box 1."""
    sheet.put(x_mm, 24, MOTTO[0], size_pt, "b", "m")
    sheet.put(x_mm, 29.5, MOTTO[1], size_pt + 1, "b", "m")
    sheet.rule(x_mm, 31.6, 4.6 * (size_pt + 1) - 1)


def _number_line(sheet: Sheet, act: Act, y: float, seed: int) -> float:
    if not act.by_pen:
        sheet.put(LEFT_X_MM, y, f"Số: {act.number}/{act.symbol}", 13, anchor="m")
        return y + 6
    room = figures_width_mm(act.number)
    start = LEFT_X_MM - 16 - room / 2
    after = sheet.put(start, y, "Số:", 13, tell=False)
    write_figures(sheet, after + 1, y - 0.4, act.number, seed)
    sheet.put(after + room + 1, y, f"/{act.symbol}", 13, tell=False)
    sheet.lines.append(f"Số: /{act.symbol}")
    return y + 6


def _date_line(sheet: Sheet, act: Act, y: float, seed: int) -> None:
    if not act.by_pen:
        text = f"{act.office.place}, {day_in_words(act.day)}"
        sheet.put(RIGHT_X_MM, y, text, 13.5, "i", "m")
        return
    before, after = day_in_words(act.day).split(f" {act.day.day:02} ")
    end = sheet.put(RIGHT_X_MM - 35, y, f"{act.office.place}, {before}", 13.5, "i", tell=False)
    write_figures(sheet, end + 1.2, y - 0.3, f"{act.day.day:02}", seed + 1)
    sheet.put(end + 1.5 + figures_width_mm("00"), y, after, 13.5, "i", tell=False)
    sheet.lines.append(f"{act.office.place}, {before} {after}")


def _addressees(writer: Writer, to: tuple[str, ...]) -> None:
    if len(to) == 1:
        writer.centred((f"Kính gửi: {to[0]}",), 14, "")
    else:
        writer.centred(("Kính gửi:",), 14, "", 80.0)
        for name in to:
            writer.sheet.put(90, writer.y_mm, f"- {name}", 14)
            writer.y_mm += leading_mm(14)
    writer.space(4)


def foot(
    writer: Writer, receivers: tuple[str, ...], title: tuple[str, ...], signer: str,
    office: Office, seed: int, *, signed: bool = True,
) -> None:  # fmt: skip
    """Print boxes 9b and 7; sign, and put the seal over the left third of the signature (8)."""
    step = leading_mm(13.5, 1.15)
    writer.space(3)
    writer.need(step * len(title) + SIGNATURE_MM + 4)
    sheet, y = writer.sheet, writer.y_mm
    sheet.put(30, y, "Nơi nhận:", 12, "bi")
    for row, receiver in enumerate(receivers, 1):
        sheet.put(30, y + leading_mm(11, 1.2) * row, receiver, 11)
    for line in title:
        sheet.put(FOOT_X_MM, y, line, 13.5, "b", "m")
        y += step
    sheet.put(FOOT_X_MM, y - step + SIGNATURE_MM, signer, 13.5, "b", "m")
    writer.y_mm = y - step + SIGNATURE_MM + 6
    if signed:
        middle = y - step + SIGNATURE_MM / 2
        sign(sheet, FOOT_X_MM, middle - 1, signer)
        stamp(sheet, FOOT_X_MM - 15, middle + 3.2, office, seed)


def stamp(sheet: Sheet, x_mm: float, y_mm: float, office: Office, seed: int) -> None:
    """Put the office's seal, every one inked a little otherwise."""
    worn = (0.25, 0.45, 0.6, 0.8)[seed % 4]
    sheet.items.append(Seal(x_mm, y_mm, *office.seal, worn, seed))
