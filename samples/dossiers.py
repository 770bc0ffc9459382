"""What the sample dossiers hold, and how each paper was scanned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from samples import acts, certificates, letters
from samples.letterhead import Act, Paper, administrative
from samples.physics import Scanner

ADVICE, WARD_YEAR = "000.00.04.H09-231016-0001", "000.00.04.H09-231016-0002"
PERMIT, LAND = certificates.PERMIT_DOSSIER, certificates.LAND_DOSSIER
BIRTH, LAND_CHECK = "000.00.12.H09-240305-0007", "000.00.12.H09-230927-0011"
COPY, RULES = "000.00.21.H09-220412-0015", "000.00.04.H09-240618-0033"
DIGITAL, HOUSES, EXTRACT = (
    "H09.32-20241030-0048213",
    "000.00.32.H09-220802-0104",
    "H09.32-20240917-0039871",
)


FLAT = Scanner()


@dataclass(frozen=True)
class Sample:
    """One document of a dossier and how it was scanned."""

    dossier: str | None  # folder in the inbox; None: a loose file
    name: str  # file, or folder of page images
    draw: Callable[[int], Paper]  # from a seed
    scanner: Scanner = FLAT
    dpi: int = 200
    quality: int = 55  # of JPEG and its like; of a PNG, the number of its colours
    grey: bool = False
    quarter_turns: tuple[int, ...] = ()  # how each sheet lay in the scanner, anticlockwise
    signed: tuple[str, datetime] | None = None  # digitally: by whom, when (UTC)
    text_born: bool = False  # never printed


FAIR = Scanner(skew_deg=0.6, noise=4, paper=(250, 249, 245), specks=15, blur=0.6, shade=0.05)
STRAIGHT = Scanner(skew_deg=0.3, noise=2, paper=(253, 253, 252), specks=6, blur=0.5)
SHARP = Scanner(skew_deg=-0.4, noise=1, paper=(254, 254, 252), specks=8)
CROOKED = Scanner(
    skew_deg=-2.4, noise=6, paper=(244, 240, 226), show_through=0.06, specks=40, blur=0.8,
    shade=0.1, lid=(214, 214, 216), fold=True,
)  # fmt: skip
GREY = Scanner(skew_deg=1.3, noise=5, paper=(226, 226, 222), specks=30, blur=0.7, shade=0.12)
PALE = Scanner(skew_deg=-0.9, noise=5, paper=(238, 238, 238), specks=25, blur=0.9, pale=0.3)
FEEDER = Scanner(skew_deg=-0.8, noise=14, specks=70, blur=0.5)
TILTED = Scanner(skew_deg=3.0, noise=4, paper=(248, 247, 243), specks=20, blur=0.7)


def _act(act: Act, *, signed: bool = True) -> Callable[[int], Paper]:
    return partial(administrative, act, signed=signed)


def _submission(seed: int) -> Paper:
    paper = administrative(letters.SUBMISSION, seed)
    paper.sheets.append(certificates.households())
    return paper


SAMPLES = (
    Sample(ADVICE, "quyết định.pdf", _act(acts.PLAN), FAIR, dpi=300, quality=42),
    Sample(ADVICE, "công văn báo cáo.jpg", _act(acts.REPORT_CALL), GREY),
    Sample(WARD_YEAR, "quyết định.pdf", _act(acts.CORRECTION), CROOKED, quality=50),
    Sample(WARD_YEAR, "công văn báo cáo.jpg", _act(acts.WARD_REPORT), PALE, grey=True),
    Sample(PERMIT, "giấy phép xây dựng.tif", certificates.permit, FEEDER, dpi=300),
    Sample(BIRTH, "giấy khai sinh.png", certificates.girl, SHARP, quality=64),
    Sample(EXTRACT, "giấy khai sinh.jpg", certificates.boy, FAIR, dpi=300, quality=45),
    Sample(RULES, "scan.pdf", _act(acts.REFUSAL), FAIR, quality=50, quarter_turns=(1,)),
    Sample(RULES, "quyết định", _act(acts.REGULATION), TILTED, quality=45, grey=True),
    Sample(COPY, "trả lời công dân.webp", _act(letters.BIRTH_COPY), GREY, quality=50),
    Sample(COPY, "thông báo.pdf", _act(letters.NOTICE, signed=False), text_born=True),
    Sample(LAND, "giấy tiếp nhận.heic", certificates.land_slip, FAIR, quality=45),
    Sample(LAND_CHECK, "công văn số viết tay.pdf", _act(letters.LAND_CHECK), FAIR),
    Sample(
        DIGITAL,
        "quyết định đã ký số.pdf",
        _act(letters.APPOINTMENT),
        STRAIGHT,
        signed=("Ủy ban nhân dân tỉnh An Phước", datetime(2024, 10, 30, 9, 41, 7, tzinfo=UTC)),
    ),
    Sample(HOUSES, "scan.pdf", _submission, FAIR, quarter_turns=(0, 3)),
    Sample(None, "chưa rõ hồ sơ.jpg", _act(letters.INVITATION), CROOKED, quality=50),
    Sample(None, "phiếu hẹn.jpg", certificates.house_slip, STRAIGHT, quality=60, grey=True),
)

# dossier.json beside the papers, as a line-of-business system would write it.
MANIFESTS = {
    PERMIT: {
        "procedure": "1.009994.000.00.00.H09",
        "result_number": "312/GPXD",
        "result_code": "KQ.G17.000058",
        "owner": {"id_type": "cccd", "id": "074085002468", "name": "Lâm Chí Thiện"},
        "components": [
            {
                "file": "giấy phép xây dựng.tif",
                "ordinal": 1,
                "doc_type": "building-permit",
                "component_code": "KQ.G17.000058",
                "paper_pages": 2,
            }
        ],
    },
    BIRTH: {
        "procedure": "1.001193.000.00.00.H09",
        "owner": {"id_type": "cccd", "id": "074324001257", "name": "Huỳnh Ngọc Bảo Châu"},
    },
    RULES: {
        "components": [
            {"file": "quyết định", "ordinal": 1, "paper_pages": 2},
            {"file": "scan.pdf", "ordinal": 2, "doc_type": "administrative-document"},
        ],
    },
}
