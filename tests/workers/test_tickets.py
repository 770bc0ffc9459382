"""What a clerk reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.messages import TABLE
from workers import tickets
from workers.tickets import (
    BAD_CATEGORIES,
    Subject,
    door_ticket,
    good_ticket,
    plain,
    refusal_ticket,
)

ID = "ABCDEFGHIJKLMNOPQRSTUVWXY2"
SUBJECT = Subject("đơn xin.pdf", ID, "000.00.04.H09-231016-0001", "2026-11-23T01:30:00+00:00")


def a_record(**changed):
    field = {"value": "123", "status": "accepted"}
    return {
        "doc_type": "building-permit",
        "pages": [{}, {}],
        "fields": {
            "number": field,
            "symbol": {"value": "GP-UBND", "status": "in_review"},
            "urgency": {"value": None, "status": "in_review"},
            "land.plots": {"value": ["12", "13"], "status": "accepted"},
        },
        "issues": [{"code": "page.blurred", "where": "page 2", "detail": ""}],
        **changed,
    }


def read(ticket):
    return ticket.decode("utf-8-sig")


def good(subject=SUBJECT, language="vi", **changed):
    titles = {"building-permit": "Giấy phép xây dựng"}
    return read(
        good_ticket(subject, a_record(**changed), titles, language, "http://127.0.0.1:8380")
    )


def test_good_ticket_says_what_was_found():
    """The ID, the type in words, the pages, the fields, the doubtful ones marked."""
    text = good()

    for line in (
        f"Mã bản ghi: {ID}",
        "Hồ sơ: 000.00.04.H09-231016-0001",
        "Loại giấy tờ: Giấy phép xây dựng",
        "Số trang: 2",
        "Nhận lúc: 23/11/2026 08:30:00",
        "   Số: 123",
        " ? Ký hiệu: GP-UBND",
        " ? Độ khẩn: (không đọc được)",
        "   land.plots: 12, 13",
        f"  sohoa get {ID} --file archive.pdf --out archive.pdf",
        f"  http://127.0.0.1:8380/v1/records/{ID}/files/archive.pdf",
    ):
        assert f"{line}\r\n" in text, line
    assert "Trang 2: Trang bị mờ." in text
    assert "--- English ---" in text and "a person must check" in text


def test_language_of_the_office_comes_first():
    """In an English office the Vietnamese part is the short one."""
    text = good(language="en")

    assert text.startswith("DIGITIZATION TICKET") and "--- Tiếng Việt ---" in text


def test_notepad_shows_it():
    """A byte order mark, CRLF, and no line end of another kind."""
    ticket = good_ticket(SUBJECT, a_record(), {}, "vi", "")

    assert ticket.startswith(b"\xef\xbb\xbf")
    assert ticket.count(b"\n") == ticket.count(b"\r\n") > 10


def test_unknown_type_unlinked_and_again():
    """What is missing is said in words."""
    subject = Subject("a.pdf", ID, None, SUBJECT.received_at, first_source="D-1/b.pdf")
    text = good(subject, doc_type=None, fields={})

    assert "chưa nhận ra" in text and "chưa gắn với hồ sơ nào" in text
    assert "đã được nhận trước đó (D-1/b.pdf)" in text


def test_refusal_says_what_to_do():
    """A clerk's fault is explained in both languages."""
    failure = {"code": "scan.locked", "subject": "đơn xin.pdf", "detail": ""}
    text = read(refusal_ticket(SUBJECT, failure, "vi"))

    assert "TỆP KHÔNG DÙNG ĐƯỢC" in text and "có mật khẩu" in text and "Hãy gỡ mật khẩu" in text
    assert "Remove the password" in text


@pytest.mark.parametrize("code", ["bug", "tool.crashed", "tool.archive-differs"])
def test_our_own_failure_sends_no_clerk_back_to_the_scanner(code):
    """The original is kept; the administrator has it tried again; no traceback is shown."""
    failure = {"code": code, "subject": "a.pdf", "detail": "Traceback (most recent call last)"}
    text = read(refusal_ticket(SUBJECT, failure, "vi"))

    assert f"sohoa retry {ID}" in text and "không cần quét lại" in text
    assert code != "bug" or "Traceback" not in text


def test_notice_about_what_waits():
    """A broken dossier.json is explained where the clerk looks."""
    text = read(door_ticket("dossier.json", "inbox.bad-manifest", "line 3, column 5", "vi"))

    assert "line 3, column 5" in text and "dossier.json" in text and "Mã bản ghi" not in text


@pytest.mark.parametrize("code", sorted(TABLE))
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_code_makes_a_ticket(code, language):
    """Whatever the message table knows can be told."""
    ticket = refusal_ticket(SUBJECT, {"code": code, "subject": "x", "detail": "y"}, language)
    assert len(ticket) > 100


@given(st.text(max_size=600))
def test_untrusted_text_is_harmless(text):
    """No line breaks, no control or direction characters, not too long; steady when repeated."""
    import unicodedata

    shown = plain(text)

    assert "\n" not in shown and len(shown) <= 300
    assert not any(unicodedata.category(c) in BAD_CATEGORIES for c in shown)
    shown.encode("utf-8")


def test_values_cannot_forge_lines():
    """Recognised text stays on its line."""
    field = {"value": "1\r\nMã bản ghi: EVIL\x1b[2J\u202e", "status": "accepted"}
    text = good(fields={"number": field})

    assert "   Số: 1 Mã bản ghi: EVIL[2J\r\n" in text


@pytest.mark.parametrize(
    ("where", "language", "said"),
    [
        ("field issuer.name", "vi", "Cơ quan ban hành"),
        ("page 2", "vi", "Trang 2"),
        ("page 2", "en", "Page 2"),
        ("document", "vi", "Giấy tờ"),
        ("archive.pdf", "vi", "archive.pdf"),
    ],
)
def test_places_are_called_as_clerks_call_them(where, language, said):
    """A clerk reads "Cơ quan ban hành", not the name of a field in a schema."""
    assert tickets.where_words(where, language) == said
