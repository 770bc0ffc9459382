"""What a store answered in, one of our errors out; each says what to do."""

from __future__ import annotations

from xml.etree.ElementTree import ParseError

from minio.error import InvalidResponseError, MinioException, S3Error, ServerError
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    SSLError,
    TimeoutError,
)

from pipeline.errors import DiskFull, StoreError

# All that the client lets through when the other side misbehaves; it parses XML unguarded.
STORE_FAULTS = (MinioException, HTTPError, ParseError, UnicodeDecodeError)

_FULL = {"XMinioStorageFull", "StorageFull", "InsufficientStorage", "QuotaExceeded"}
_BAD_KEYS = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthorizationHeaderMalformed"}
_LATER = {"SlowDown", "SlowDownRead", "SlowDownWrite", "ServiceUnavailable", "InternalError"}
INSUFFICIENT_STORAGE = 507  # RFC 4918, 11.5


class NotFound(LookupError):
    """There is no object of that key; `key` names it."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no object {key}")
        self.key = key


def refusal(response: BaseHTTPResponse) -> MinioException:
    """Return the client's own error for a reply that is not a success."""
    try:
        if response.data and (found := S3Error.fromxml(response)).code:
            return found
    except (ParseError, UnicodeDecodeError):
        pass  # an HTML page, or nothing
    return ServerError(f"HTTP status {response.status}", response.status)


def is_passing(fault: BaseException) -> bool:
    """Return whether the same request may well succeed a moment later.

    A time-out is none (the caller has waited long enough), nor is a refused connection: a
    server needs longer to start than we would wait.
    """
    if isinstance(fault, S3Error):
        status = fault.response.status
        # 409: another conditional put was under way (Amazon S3, ConditionalRequestConflict).
        return fault.code in _LATER or fault.code == "ConditionalRequestConflict" or status == 503
    if isinstance(fault, ServerError):
        return bool(fault.status_code >= 500)
    return isinstance(fault, ProtocolError)


def was_never_sent(fault: BaseException) -> bool:
    """Return whether the store cannot have acted on the request."""
    return isinstance(fault, NewConnectionError | ConnectTimeoutError | NameResolutionError)


def explain(fault: BaseException, address: str, bucket: str, key: str = "") -> Exception:
    """Return NotFound, StoreError or DiskFull for what befell a request.

    No text of the fault itself is used where it may hold a signed URL.
    """
    if isinstance(fault, S3Error):
        return _explain_code(fault, address, bucket, key)
    if isinstance(fault, ServerError | InvalidResponseError | ParseError | UnicodeDecodeError):
        status = getattr(fault, "status_code", None) or getattr(fault, "_code", "")
        if status == INSUFFICIENT_STORAGE:
            return DiskFull(address, _FREE_SPACE)
        return StoreError(
            address,
            f"answers, but not as an S3 store does ({status or type(fault).__name__}): "
            "check SOHOA_S3_ENDPOINT and any proxy before it",
        )
    if isinstance(fault, NewConnectionError | NameResolutionError | ConnectTimeoutError):
        return StoreError(
            address,
            "cannot be reached: start the store, or correct SOHOA_S3_ENDPOINT; "
            "what waits in the inbox stays there",
        )
    if isinstance(fault, SSLError):
        return StoreError(
            address,
            "no TLS connection: check its certificate and whether SOHOA_S3_ENDPOINT needs https://",
        )
    if isinstance(fault, TimeoutError):
        return StoreError(address, "took too long to answer: look at its load and its disks")
    return StoreError(address, f"broke off the connection ({type(fault).__name__}): try again")


_FREE_SPACE = "no space is left: free some or add a disk; work then goes on by itself"


def _explain_code(fault: S3Error, address: str, bucket: str, key: str) -> Exception:
    code = str(fault.code)
    if code == "InvalidRange":
        return ValueError(f"the range begins behind the end of {key}")
    if code == "NoSuchKey":
        return NotFound(key)
    if code == "NoSuchBucket":
        return StoreError(
            address, f"has no bucket '{bucket}': correct SOHOA_S3_BUCKET, or create the bucket"
        )
    if code in _FULL or fault.response.status == INSUFFICIENT_STORAGE:
        return DiskFull(address, _FREE_SPACE)
    if code in _BAD_KEYS:
        return StoreError(
            address,
            f"refuses our keys ({code}): correct SOHOA_S3_ACCESS_KEY and SOHOA_S3_SECRET_KEY",
        )
    if code == "AccessDenied":
        return StoreError(
            address,
            f"denies access to '{bucket}': give our access key the right to read, write, "
            "list and delete there",
        )
    if code == "RequestTimeTooSkewed":
        return StoreError(address, "sees another time than we: set the clocks of both machines")
    if code == "InternalError":
        return StoreError(address, "failed inside: look at its log and its free disk space")
    return StoreError(address, f"refused the request ({code}): {fault.message}")
