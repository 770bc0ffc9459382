"""A record or a refusal in, a ticket that a clerk understands out.

Plain text for Windows Notepad: UTF-8 with a byte order mark and CRLF, in the language of the
office, with a short second part in the other one. Names and recognised text are not ours to
trust: what would steer a terminal or turn the reading direction is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from pipeline.errors import ScanError
from pipeline.messages import explain

VIETNAM = timezone(timedelta(hours=7))  # one zone, no summer time
MOST_LETTERS = 300  # of one value
MOST_ISSUES = 20
BAD_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a ticket is about, apart from what was found."""

    name: str  # of the file or folder, as dropped
    record_id: str
    dossier: str | None
    received_at: str  # ISO 8601
    first_source: str | None = None  # the same paper was dropped before, there


@dataclass(frozen=True, slots=True)
class _Words:
    done: str
    refused: str
    failed: str
    file: str
    dossier: str
    unlinked: str
    received: str
    record: str
    kind: str
    unknown: str
    pages: str
    fields: str
    mark: str
    empty: str
    none: str
    issues: str
    more: str
    fetch: str
    again: str
    what: str
    todo: str
    kept: str
    other: str


# fmt: off
_WORDS = {
    "vi": _Words(
        done="PHIẾU KẾT QUẢ SỐ HÓA", refused="PHIẾU TRẢ LẠI: TỆP KHÔNG DÙNG ĐƯỢC",
        failed="PHIẾU BÁO: CHƯA XỬ LÝ ĐƯỢC", file="Tệp", dossier="Hồ sơ",
        unlinked="chưa gắn với hồ sơ nào", received="Nhận lúc", record="Mã bản ghi",
        kind="Loại giấy tờ", unknown="chưa nhận ra", pages="Số trang",
        fields="Các trường đã đọc", mark="dấu ? là trường cần người kiểm tra",
        empty="(không đọc được)", none="(không có)", issues="Cần xem lại",
        more="và {} điểm khác, xem trong bản ghi", fetch="Lấy kết quả",
        again="Giấy tờ này đã được nhận trước đó ({}); vẫn là một bản ghi.",
        what="Vấn đề", todo="Cần làm",
        kept="Bản gốc vẫn được giữ trong kho với mã bản ghi trên. Bạn không cần quét lại; "
             "quản trị viên cho xử lý lại bằng lệnh: sohoa retry {}",
        other="English",
    ),
    "en": _Words(
        done="DIGITIZATION TICKET", refused="RETURNED: THE FILE CANNOT BE USED",
        failed="NOTICE: NOT PROCESSED YET", file="File", dossier="Dossier",
        unlinked="not linked to a dossier", received="Received", record="Record ID",
        kind="Type of paper", unknown="not recognised", pages="Pages",
        fields="Fields read", mark="? marks a field that a person must check",
        empty="(could not be read)", none="(none)", issues="To look at",
        more="and {} more, see the record", fetch="To fetch it",
        again="This paper was received before ({}); it is still one record.",
        what="What is wrong", todo="What to do",
        kept="The original is kept in the store under the record ID above. There is no need to "
             "scan again; the administrator has it tried again with: sohoa retry {}",
        other="Tiếng Việt",
    ),
}

FIELD_NAMES = {
    "number": ("Số", "Number"), "symbol": ("Ký hiệu", "Symbol"),
    "issued_date": ("Ngày ban hành", "Date of issue"), "place": ("Địa danh", "Place"),
    "issuer.name": ("Cơ quan ban hành", "Issuer"),
    "issuer.parent": ("Cơ quan chủ quản", "Issuer's parent"),
    "abstract": ("Trích yếu", "Abstract"), "title": ("Tên giấy tờ", "Title"),
    "doc_kind": ("Loại văn bản", "Kind of document"),
    "signer.name": ("Người ký", "Signer"), "signer.title": ("Chức vụ", "Signer's office"),
    "urgency": ("Độ khẩn", "Urgency"), "owner.id": ("Số định danh chủ hồ sơ", "Owner's ID"),
    "owner.name": ("Chủ hồ sơ", "Owner"), "child.name": ("Họ tên trẻ", "Child's name"),
}
WHERE_WORDS = {"page": ("Trang", "Page"), "document": ("Giấy tờ", "Document")}
# fmt: on


def good_ticket(
    subject: Subject, record: Mapping[str, Any], titles: Mapping[str, str], language: str, api: str
) -> bytes:
    """Return the ticket of a stored record; `titles` names the types, `api` is our HTTP address."""
    words = _WORDS[language]
    lines = [words.done, "", *_head(subject, words)]
    kind = titles.get(str(record["doc_type"]), record["doc_type"]) or words.unknown
    lines += [f"{words.kind}: {plain(str(kind))}", f"{words.pages}: {len(record['pages'])}"]
    if subject.first_source is not None:
        lines += ["", words.again.format(plain(subject.first_source))]
    lines += ["", f"{words.fields} ({words.mark}):", *_fields(record, words, language)]
    lines += _issues(record, words, language)
    found = subject.record_id
    lines += [
        "",
        f"{words.fetch}:",
        f"  sohoa get {found} --file archive.pdf --out archive.pdf",
        f"  {api}/v1/records/{found}/files/archive.pdf",
        *_second_part(_short_good(record, subject, language), words),
    ]
    return encode(lines)


def refusal_ticket(subject: Subject, failure: Mapping[str, Any], language: str) -> bytes:
    """Return the text beside a file whose failure is in the bucket."""
    return _refusal(subject, str(failure["code"]), str(failure.get("detail", "")), language)


def door_ticket(name: str, code: str, detail: str, language: str) -> bytes:
    """Return the text for what is not taken in: a broken dossier.json, a file without an end."""
    return _refusal(Subject(name, "", None, ""), code, detail, language)


def plain(text: str) -> str:
    """Return text without control and direction characters, NFC, on one line, not too long."""
    flat = " ".join(unicodedata.normalize("NFC", text).split())
    kept = "".join(c for c in flat if unicodedata.category(c) not in BAD_CATEGORIES)
    return kept if len(kept) <= MOST_LETTERS else kept[: MOST_LETTERS - 1] + "…"


def encode(lines: list[str]) -> bytes:
    """Return the lines as Windows Notepad reads them best."""
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig", "replace")


def _refusal(subject: Subject, code: str, detail: str, language: str) -> bytes:
    words = _WORDS[language]
    kept = bool(subject.record_id) and code.partition(".")[0] != ScanError.code
    # A traceback helps no clerk; the record ID leads an administrator to it.
    detail = "" if code == "bug" else plain(detail)
    said = explain(code, "", detail, language)
    lines = [words.failed if kept else words.refused, "", *_head(subject, words), ""]
    lines += [f"{words.what}: {said.what}", f"{words.todo}: {said.remedy}"]
    if kept:
        lines.append(words.kept.format(subject.record_id))
    other = explain(code, "", detail, _other(language))
    return encode([*lines, *_second_part([other.what, other.remedy], words)])


def _head(subject: Subject, words: _Words) -> list[str]:
    lines = [f"{words.file}: {plain(subject.name)}"]
    if subject.record_id:
        dossier = words.unlinked if subject.dossier is None else plain(subject.dossier)
        lines += [
            f"{words.dossier}: {dossier}",
            f"{words.received}: {_local_time(subject.received_at)}",
            f"{words.record}: {subject.record_id}",
        ]
    return lines


def _fields(record: Mapping[str, Any], words: _Words, language: str) -> list[str]:
    lines = []
    for name, field in record["fields"].items():
        mark = "?" if field["status"] == "in_review" else " "
        value = words.empty if field["value"] is None else plain(_value(field["value"]))
        label = FIELD_NAMES.get(name, (name, name))[language != "vi"]
        lines.append(f" {mark} {label}: {value}")
    return lines or [f"   {words.none}"]


def _value(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def where_words(where: str, language: str) -> str:
    """Return a place as a clerk calls it: "field issuer.name", "page 2", "document"."""
    kind, _, rest = plain(where).partition(" ")
    word = WHERE_WORDS.get(kind, (kind, kind))[language != "vi"]
    if kind == "field":
        return FIELD_NAMES.get(rest, (rest, rest))[language != "vi"]
    return f"{word} {rest}".strip()


def _issues(record: Mapping[str, Any], words: _Words, language: str) -> list[str]:
    issues = record["issues"]
    if not issues:
        return []
    lines = ["", f"{words.issues}:"]
    for issue in issues[:MOST_ISSUES]:
        said = explain(
            issue["code"], where_words(issue["where"], language), plain(issue["detail"]), language
        )
        lines.append(f" - {said}")
    if len(issues) > MOST_ISSUES:
        lines.append(f"   {words.more.format(len(issues) - MOST_ISSUES)}")
    return lines


def _short_good(record: Mapping[str, Any], subject: Subject, language: str) -> list[str]:
    words = _WORDS[_other(language)]
    doubtful = sum(field["status"] == "in_review" for field in record["fields"].values())
    return [
        f"{words.record}: {subject.record_id}. {words.pages}: {len(record['pages'])}.",
        f"{words.fields}: {len(record['fields'])}, ? {doubtful}. {words.mark}.",
    ]


def _second_part(lines: list[str], words: _Words) -> list[str]:
    return ["", f"--- {words.other} ---", *lines]


def _other(language: str) -> str:
    return "en" if language == "vi" else "vi"


def _local_time(iso: str) -> str:
    return datetime.fromisoformat(iso).astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M:%S")
