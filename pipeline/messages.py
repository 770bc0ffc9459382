"""The words for people, one table by code, in Vietnamese and English.

Every error and issue code has a row: what is wrong and what to do about it. A code without a
row is a bug that a test finds; at run time it is shown as it is, never hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import DigitizationError
from pipeline.operator_messages import OPERATOR
from pipeline.verifier_messages import VERIFIER


@dataclass(frozen=True, slots=True)
class Explained:
    """One message, ready to be shown."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what} {self.remedy}".strip()


@dataclass(frozen=True, slots=True)
class _Row:
    vi: str
    vi_remedy: str
    en: str
    en_remedy: str


# fmt: off
TABLE: dict[str, _Row] = {
    # Errors: the scan.
    "scan": _Row(
        "Tệp quét không dùng được.", "Hãy quét lại giấy tờ.",
        "The scan cannot be used.", "Scan the paper again.",
    ),
    "scan.unreadable": _Row(
        "Tệp bị hỏng, không mở được.", "Hãy quét lại giấy tờ rồi thả tệp mới vào.",
        "The file is damaged and cannot be opened.", "Scan the paper again and drop the new file.",
    ),
    "scan.empty": _Row(
        "Tệp rỗng (0 byte).", "Kiểm tra máy quét hoặc ổ đĩa đầy, rồi quét lại.",
        "The file is empty (0 bytes).", "Check the scanner or a full disk, then scan again.",
    ),
    "scan.wrong-type": _Row(
        "Nội dung tệp không phải là định dạng quét được hỗ trợ.",
        "Chỉ dùng PDF, TIFF, JPEG, PNG, WebP hoặc HEIC; không đổi đuôi tệp bằng tay.",
        "The content is not a scan format that we read.",
        "Use PDF, TIFF, JPEG, PNG, WebP or HEIC; do not rename other files to .pdf.",
    ),
    "scan.truncated": _Row(
        "Tệp thiếu phần cuối: quá trình quét hoặc sao chép bị ngắt.",
        "Hãy sao chép lại cho đủ, hoặc quét lại.",
        "The end of the file is missing: scanning or copying was cut off.",
        "Copy the whole file again, or scan again.",
    ),
    "scan.no-pages": _Row(
        "Tệp không có trang nào.", "Hãy quét lại; kiểm tra giấy đã vào khay quét.",
        "There is no page in the file.", "Scan again; check that paper was in the feeder.",
    ),
    "scan.locked": _Row(
        "Tệp PDF có mật khẩu.", "Hãy gỡ mật khẩu rồi thả lại, hoặc quét từ bản giấy.",
        "The PDF is protected by a password.",
        "Remove the password and drop it again, or scan the paper.",
    ),
    "scan.too-coarse": _Row(
        "Độ phân giải quá thấp, không đọc được chữ.", "Hãy quét lại ở 300 dpi.",
        "The resolution is too low to read.", "Scan again at 300 dpi.",
    ),
    "scan.too-large": _Row(
        "Tệp vượt quá giới hạn cho phép.",
        "Hãy quét ở 300 dpi khổ giấy thật, hoặc chia thành nhiều tệp.",
        "The file exceeds the limits.",
        "Scan at 300 dpi and true paper size, or split it into several files.",
    ),
    # Errors: our tools, servers and settings.
    "tool": _Row(
        "Một công cụ xử lý gặp lỗi.", "Tệp gốc vẫn an toàn; hệ thống sẽ thử lại.",
        "A tool of ours failed.", "The original is safe; it will be tried again.",
    ),
    "tool.missing": _Row(
        "Thiếu một chương trình cần thiết trên máy chủ.",
        "Báo quản trị viên chạy: sohoa doctor.",
        "A program that is needed is not installed.", "Ask the administrator to run: sohoa doctor.",
    ),
    "tool.timeout": _Row(
        "Xử lý quá thời gian cho phép.",
        "Tệp gốc vẫn an toàn; báo quản trị viên nếu lặp lại.",
        "The work took longer than allowed.",
        "The original is safe; tell the administrator if it happens again.",
    ),
    "tool.crashed": _Row(
        "Chương trình xử lý bị dừng đột ngột.",
        "Tệp gốc vẫn an toàn; báo quản trị viên nếu lặp lại.",
        "A program stopped unexpectedly.",
        "The original is safe; tell the administrator if it happens again.",
    ),
    "tool.archive-differs": _Row(
        "Tệp PDF lưu trữ không qua được kiểm tra nên không được lưu.",
        "Không phải lỗi của bản quét; báo quản trị viên kèm tên tệp.",
        "The archive PDF failed its check and was not stored.",
        "This is not the scan's fault; report the file name to the administrator.",
    ),
    "store": _Row(
        "Kho lưu trữ không trả lời.", "Tệp vẫn ở nguyên chỗ; hệ thống sẽ tự thử lại.",
        "The store does not answer.", "The file stays where it is; we try again.",
    ),
    "store.disk-full": _Row(
        "Ổ đĩa đã đầy.", "Báo quản trị viên giải phóng dung lượng; công việc sẽ tự tiếp tục.",
        "The disk is full.", "Ask the administrator to free space; work then goes on by itself.",
    ),
    "store.signature-server": _Row(
        "Máy chủ dấu thời gian hoặc chứng thư không trả lời; chưa ký gì.", "Hãy thử lại sau.",
        "The server for time stamps or certificates does not answer; nothing was signed.",
        "Try again later.",
    ),
    "scan.signature": _Row(
        "Tệp đã ký không dùng được cho hồ sơ này.",
        "Lấy lại tệp bằng sohoa export, ký đúng tệp đó, không in hay lưu lại bằng phần mềm khác.",
        "The signed file cannot be taken for this record.",
        "Fetch the file with sohoa export and sign that one; do not print or save it anew.",
    ),
    "setup.key": _Row(
        "Không dùng được khóa hoặc chứng thư này.",
        "Kiểm tra tệp khóa, mã PIN, thời hạn và chứng thư gốc.",
        "This key or certificate cannot be used.",
        "Check the key file, the PIN, its validity and the certificates of the authorities.",
    ),
    "setup.seal": _Row(
        "Không dùng được hình con dấu này.",
        "Dùng tệp PNG có ghi độ phân giải (dpi), đúng kích thước thật của con dấu.",
        "This picture of a seal cannot be used.",
        "Use a PNG that says its resolution (dpi), so that the seal has its real size.",
    ),
    "setup": _Row(
        "Cấu hình sai.", "Sửa thiết lập nêu trên rồi chạy lại; xem: sohoa doctor.",
        "A setting is wrong.", "Correct the setting named here and start again; see: sohoa doctor.",
    ),
    "bug": _Row(
        "Lỗi ngoài dự kiến của phần mềm.", "Tệp gốc vẫn an toàn; báo quản trị viên kèm tên tệp.",
        "An unexpected fault of the program.",
        "The original is safe; report the file name to the administrator.",
    ),
    # The drop folder.
    "inbox.unreadable": _Row(
        "Không mở được tệp hoặc thư mục.", "Kiểm tra quyền truy cập.",
        "The file or folder cannot be opened.", "Check the access rights.",
    ),
    "inbox.incomplete": _Row(
        "Tệp vẫn chưa đầy đủ sau thời gian dài.", "Kiểm tra việc sao chép, hoặc quét lại.",
        "The file is still incomplete after a long time.", "Check the copying, or scan again.",
    ),
    "inbox.bad-manifest": _Row(
        "Tệp dossier.json không hợp lệ; hồ sơ này đang chờ.",
        "Sửa hoặc xoá dossier.json; giấy tờ sẽ tự được xử lý tiếp.",
        "dossier.json is not valid; this dossier waits.",
        "Correct or remove dossier.json; the papers then go on by themselves.",
    ),
    "inbox.not-a-file": _Row(
        "Không phải tệp thường (liên kết hoặc thiết bị) nên bị bỏ qua.",
        "Hãy chép chính tệp vào thư mục.",
        "Not a regular file (a link or device), so it is left alone.",
        "Copy the file itself into the folder.",
    ),
    "disk.low": _Row(
        "Ổ đĩa sắp đầy nên tạm ngừng nhận việc mới.",
        "Báo quản trị viên giải phóng dung lượng; công việc sẽ tự tiếp tục.",
        "A disk is nearly full, so no new work is taken.",
        "Ask the administrator to free space; work then goes on by itself.",
    ),
    # The balance sheet.
    "balance.gone": _Row(
        "Giấy tờ đã có trong sổ nhưng kho không còn tệp nhận của nó.",
        "Khôi phục kho từ bản sao lưu. Nếu đã cố ý xóa: sohoa catalogue rebuild.",
        "The books know this document, but its intake is gone from the bucket.",
        "Restore the bucket from a backup. If it was removed on purpose: sohoa catalogue rebuild.",
    ),
    "balance.no-intake": _Row(
        "Kho có kết quả của giấy tờ này nhưng không có tệp nhận.",
        "Khôi phục tệp intake/ từ bản sao lưu; không xóa bản ghi.",
        "The bucket has an outcome of this document, but no intake.",
        "Restore the object under intake/ from a backup; do not remove the record.",
    ),
    "balance.pages": _Row(
        "Số trang trong bản ghi khác số trang khi nhận.",
        "So bản lưu trữ với bản gốc trong kho, trang nào thiếu thì quét lại.",
        "The record has another number of pages than the file had when it was received.",
        "Compare the archive file with the original in the bucket; scan again what is missing.",
    ),
    "balance.file-missing": _Row(
        "Kho thiếu một tệp của giấy tờ này.",
        "Khôi phục tệp đó từ bản sao lưu, rồi chạy lại sohoa reconcile.",
        "A file of this document is missing in the bucket.",
        "Restore it from a backup, then run sohoa reconcile again.",
    ),
    "balance.damaged": _Row(
        "Một đối tượng của giấy tờ này trong kho bị hỏng, không đọc được.",
        "Khôi phục đối tượng đó từ bản sao lưu.",
        "An object of this document in the bucket is damaged and cannot be read.",
        "Restore that object from a backup.",
    ),
}
# fmt: on
TABLE |= {code: _Row(*words) for code, words in (OPERATOR | VERIFIER).items()}


def explain(code: str, subject: str = "", detail: str = "", language: str = "vi") -> Explained:
    """Return the message for a code; `subject` (a file, a page) comes first in it."""
    row = TABLE.get(code)
    if row is None:
        return Explained(f"{subject}: {code}" if subject else code, detail)
    what, remedy = (row.vi, row.vi_remedy) if language == "vi" else (row.en, row.en_remedy)
    head = f"{subject}: {what}" if subject else what
    return Explained(f"{head} ({detail})" if detail else head, remedy)


def explain_error(error: DigitizationError, language: str = "vi") -> Explained:
    """Return the message for an error."""
    return explain(error.code, error.subject, error.detail, language)
