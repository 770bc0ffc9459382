"""The words for operators: what the doctor finds, as rows of the table in `pipeline.messages`.

Each row: what is wrong and what to do about it, in Vietnamese, then in English.
"""

from __future__ import annotations

# fmt: off
OPERATOR: dict[str, tuple[str, str, str, str]] = {
    "doctor.poppler": (
        "Thiếu chương trình của poppler.", "Cài đặt: apt-get install poppler-utils.",
        "Programs of poppler are missing.", "Install them: apt-get install poppler-utils.",
    ),
    "doctor.small-model": (
        "Chỉ có mô hình nhận dạng nhỏ, đọc kém chính xác hơn.",
        "Cài đặt: apt-get install tesseract-ocr-script-viet.",
        "Only a small model is there, which reads less well.",
        "Install the better one: apt-get install tesseract-ocr-script-viet.",
    ),
    "doctor.no-filter": (
        "Hệ điều hành không cho chặn mạng khi giải mã tệp quét; mọi thứ khác vẫn hoạt động.",
        "Dùng nhân Linux có seccomp trên x86-64 hoặc arm64, hoặc chặn mạng ra của máy xử lý.",
        "The kernel cannot forbid the network while scans are decoded; all else works.",
        "Use Linux with seccomp on x86-64 or arm64, or let a firewall stop what workers send.",
    ),
    "doctor.open-files": (
        "Số tệp được mở cùng lúc quá ít.", "Tăng giới hạn: ulimit -n 4096, hoặc LimitNOFILE=4096.",
        "Too few files may be open at once.",
        "Raise the limit: ulimit -n 4096, or LimitNOFILE=4096.",
    ),
    "doctor.folder": (
        "Không ghi được vào thư mục.", "Cấp quyền ghi cho tài khoản chạy Sohoa; kiểm tra ổ đĩa.",
        "A folder cannot be written.", "Give this user the right to write; look at the disk.",
    ),
    "doctor.broker-forgets": (
        "Hàng đợi không trả lại đúng dữ liệu vừa ghi.", "Kiểm tra SOHOA_REDIS_URL và máy chủ đó.",
        "The broker does not give back what was written.",
        "Look at SOHOA_REDIS_URL and its server.",
    ),
    "doctor.broker-evicts": (
        "Hàng đợi được phép tự xóa việc khi đầy bộ nhớ.", "Đặt maxmemory-policy noeviction.",
        "The broker may throw queued work away when its memory is full.",
        "Set maxmemory-policy noeviction.",
    ),
    "doctor.broker-full": (
        "Bộ nhớ của hàng đợi sắp đầy.", "Tăng maxmemory, hoặc giảm SOHOA_WINDOW.",
        "The broker's memory is nearly full.", "Raise maxmemory, or lower SOHOA_WINDOW.",
    ),
    "doctor.broker-volatile": (
        "Hàng đợi không lưu xuống đĩa: khi tắt đột ngột, không mất gì nhưng có việc phải làm lại.",
        "Đặt appendonly yes.",
        "The broker keeps nothing on disk: after a crash nothing is lost, but work is repeated.",
        "Set appendonly yes.",
    ),
    "doctor.broker-not-asked": (
        "Không hỏi được cấu hình của hàng đợi (thường gặp ở dịch vụ thuê).",
        "Xem trong trang quản lý: cần noeviction và lưu xuống đĩa.",
        "The broker's configuration cannot be asked, as is usual with managed ones.",
        "Look at its console: it needs noeviction, and should keep data on disk.",
    ),
    "doctor.store-forgets": (
        "Kho lưu trữ không trả lại ngay đúng dữ liệu vừa ghi hoặc xóa.",
        "Không dùng kho này; chọn máy chủ S3 khác (docs/operating.md).",
        "The store does not show at once what was written or deleted.",
        "Do not use it; take another S3 server (docs/operating.md).",
    ),
    "doctor.no-condition": (
        "Kho lưu trữ bỏ qua If-None-Match: hai tiến trình có thể ghi đè lên nhau.",
        "Dùng máy chủ S3 khác (docs/operating.md), hoặc chỉ một tiến trình với SOHOA_WORKERS=1.",
        "The store ignores If-None-Match: two workers could overwrite each other.",
        "Use another S3 server (docs/operating.md), or exactly one worker with SOHOA_WORKERS=1.",
    ),
    "doctor.clock": (
        "Đồng hồ của kho lưu trữ lệch với máy này.",
        "Đồng bộ giờ (NTP) trên cả hai máy; lệch quá 15 phút thì kho từ chối mọi yêu cầu.",
        "The store's clock differs from ours.",
        "Set both by NTP; beyond 15 minutes the store refuses every request.",
    ),
}
# fmt: on
