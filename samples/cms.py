"""Bytes in, a detached CMS signature out (RFC 5652), with a key that everybody can make.

The key is derived from a public sentence, so the signature proves nothing but that its bytes are
whole: it stands in for a civil servant's token, which no sample can have.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

SENTENCE = b"Sohoa samples: this key is public and proves nothing"
SMALL_PRIMES = [p for p in range(3, 2000, 2) if all(p % q for q in range(3, int(p**0.5) + 1, 2))]
OID_SHA256, OID_RSA = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.1"
OID_SHA256_RSA = "1.2.840.113549.1.1.11"
OID_DATA, OID_SIGNED = "1.2.840.113549.1.7.1", "1.2.840.113549.1.7.2"
OID_CONTENT_TYPE, OID_DIGEST, OID_TIME = (f"1.2.840.113549.1.9.{n}" for n in (3, 4, 5))
OID_NAMES = (("2.5.4.6", "VN"), ("2.5.4.10", "Mẫu thử Sohoa"))
OID_COMMON_NAME = "2.5.4.3"


@dataclass(frozen=True)
class Key:
    """An RSA key of 2,048 bits."""

    modulus: int
    private: int
    public: int = 65537


def sign(data: bytes, signer: str, when: datetime) -> bytes:
    """Return a detached signature over the data as DER, with the signer's own certificate."""
    key = public_key_pair()
    name = _name(signer)
    certificate = _certificate(key, name)
    digest = hashlib.sha256(data).digest()
    attributes = sorted(
        (
            _seq(_oid(OID_CONTENT_TYPE), _set(_oid(OID_DATA))),
            _seq(_oid(OID_TIME), _set(_time(when))),
            _seq(_oid(OID_DIGEST), _set(_tlv(0x04, digest))),
        )
    )
    signature = _rsa(key, _set(*attributes))
    info = _seq(
        _int(1),
        _seq(name, _int(1)),
        _algorithm(OID_SHA256),
        _tlv(0xA0, b"".join(attributes)),
        _algorithm(OID_RSA),
        _tlv(0x04, signature),
    )
    signed = _seq(
        _int(1),
        _set(_algorithm(OID_SHA256)),
        _seq(_oid(OID_DATA)),
        _tlv(0xA0, certificate),
        _set(info),
    )
    return _seq(_oid(OID_SIGNED), _tlv(0xA0, signed))


@cache
def public_key_pair() -> Key:
    """Return the key that the sentence leads to."""
    p, q = (_prime(label) for label in (b"p", b"q"))
    return Key(p * q, pow(65537, -1, (p - 1) * (q - 1)))


def _prime(label: bytes) -> int:
    blocks = (hashlib.sha256(SENTENCE + label + bytes([n])).digest() for n in range(4))
    candidate = int.from_bytes(b"".join(blocks)) | (3 << 1022) | 1
    while not _probably_prime(candidate) or candidate % 65537 == 1:
        candidate += 2
    return candidate


def _probably_prime(number: int) -> bool:
    """Say whether a number passes Miller and Rabin's test for 20 bases."""
    if any(number % prime == 0 for prime in SMALL_PRIMES):
        return False
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for base in SMALL_PRIMES[:20]:
        power = pow(base, odd, number)
        if power in (1, number - 1):
            continue
        for _ in range(twos - 1):
            power = power * power % number
            if power == number - 1:
                break
        else:
            return False
    return True


def _rsa(key: Key, data: bytes) -> bytes:
    """Return an RSASSA-PKCS1-v1_5 signature (RFC 8017, 8.2), which needs no chance."""
    digest = _seq(_algorithm(OID_SHA256), _tlv(0x04, hashlib.sha256(data).digest()))
    padded = b"\x00\x01" + b"\xff" * (256 - 3 - len(digest)) + b"\x00" + digest
    return pow(int.from_bytes(padded), key.private, key.modulus).to_bytes(256)


def _certificate(key: Key, name: bytes) -> bytes:
    """Return a self-signed certificate (RFC 5280), valid 2020 to 2050."""
    public = _tlv(0x03, b"\x00" + _seq(_int(key.modulus), _int(key.public)))
    validity = _seq(*(_time(datetime(year, 1, 1, tzinfo=UTC)) for year in (2020, 2049)))
    body = _seq(
        _int(1), _algorithm(OID_SHA256_RSA), name, validity, name, _seq(_algorithm(OID_RSA), public)
    )
    return _seq(body, _algorithm(OID_SHA256_RSA), _tlv(0x03, b"\x00" + _rsa(key, body)))


def _name(signer: str) -> bytes:
    parts = (*OID_NAMES, (OID_COMMON_NAME, signer))
    return _seq(*(_set(_seq(_oid(oid), _tlv(0x0C, text.encode()))) for oid, text in parts))


def _algorithm(oid: str) -> bytes:
    return _seq(_oid(oid), _tlv(0x05, b""))


def _tlv(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content


def _seq(*parts: bytes) -> bytes:
    return _tlv(0x30, b"".join(parts))


def _set(*parts: bytes) -> bytes:
    return _tlv(0x31, b"".join(parts))


def _int(value: int) -> bytes:
    return _tlv(0x02, value.to_bytes(value.bit_length() // 8 + 1))


def _time(when: datetime) -> bytes:
    return _tlv(0x17, when.strftime("%y%m%d%H%M%SZ").encode())


def _oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    content = bytes([40 * first + second])
    for arc in rest:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | (arc & 0x7F))
        content += bytes(reversed(groups))
    return _tlv(0x06, content)
